"""A judge for command tests: a chat-completions and embeddings endpoint on loopback whose answers depend on the
question alone. Arrays are answered for every number that the question's headings name ("item 3", "candidate 3").
Below $JUDGE_URL/incomplete the last of these is left out, below $JUDGE_URL/rejecting everything is answered with 400,
and answers below $JUDGE_URL/slow take 0.2 seconds."""

import contextlib
import hashlib
import http.server
import json
import re
import threading
import time


def number_from(*parts):
    return int(hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:12], 16)


def answer(schema, question, path=()):
    if "enum" in schema:
        return schema["enum"][number_from(question, path) % len(schema["enum"])]
    kind = schema["type"]
    if kind == "object":
        return {name: answer(part, question, path + (name,)) for name, part in schema["properties"].items()}
    if kind == "array":
        return numbered(schema["items"], question, path)
    if kind == "boolean":
        return number_from(question, path) % 2 == 0
    return number_from(question, path) % 5 + 1 if kind == "integer" else "because"


def numbered(item, question, path):
    numbers = dict.fromkeys(int(n) for n in re.findall(r"(?m)^(?:item|candidate) (\d+)\b", question))
    key = next(name for name, part in item["properties"].items() if part["type"] == "integer")
    return [{**answer(item, question, path + (n,)), key: n} for n in numbers]


def embeddings(texts):
    return {"data": [{"index": i, "embedding": [number_from(text, k) % 1000 / 500 - 1 for k in range(8)]}
                     for i, text in enumerate(texts)],
            "usage": {"prompt_tokens": len(texts), "total_tokens": len(texts)}}


def without_last_entry(reply):
    return {name: part[:-1] if isinstance(part, list) else part for name, part in reply.items()}


def completion(body, complete):
    question = body["messages"][1]["content"]
    reply = answer(body["response_format"]["json_schema"]["schema"], question)
    if not complete:
        reply = without_last_entry(reply)
    return {"model": body["model"], "usage": {"prompt_tokens": 100, "completion_tokens": 10},
            "choices": [{"message": {"role": "assistant", "content": json.dumps(reply)}, "finish_reason": "stop"}]}


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 1024  # connections arrive by the hundred; the default of 5 drops most of them


class Judge(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if "/slow/" in self.path:
            time.sleep(0.2)
        if "/rejecting/" in self.path:
            status, reply = 400, {"error": {"message": "there is no such model", "param": "model"}}
        elif self.path.endswith("/embeddings"):
            status, reply = 200, embeddings(body["input"])
        else:
            status, reply = 200, completion(body, "/incomplete/" not in self.path)
        text = json.dumps(reply).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


@contextlib.contextmanager
def serve():
    """Gives the address while it runs."""
    with Server(("127.0.0.1", 0), Judge) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
        server.shutdown()
