"""A judge for command tests: a chat-completions and embeddings endpoint on loopback whose answers depend on the
question alone. Arrays are answered for every number that the question's headings name ("item 3", "candidate 3").
Below $JUDGE_URL/incomplete the last of these is left out, below $JUDGE_URL/rejecting everything is answered with 400,
below $JUDGE_URL/failing with 500, and answers below $JUDGE_URL/slow take 0.2 seconds, below
$JUDGE_URL/silent a minute; below $JUDGE_URL/incomplete-WORD
and the like only where the question holds the word. Below $JUDGE_URL/fractions whole numbers are written as 4.0, below
$JUDGE_URL/zero every vector is zero."""

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


def embeddings(texts, scale):
    return {"data": [{"index": i, "embedding": [scale * (number_from(text, k) % 1000 / 500 - 1) for k in range(8)]}
                     for i, text in enumerate(texts)],
            "usage": {"prompt_tokens": len(texts), "total_tokens": len(texts)}}


def without_last_entry(reply):
    return {name: part[:-1] if isinstance(part, list) else part for name, part in reply.items()}


def with_fractions(part):
    if isinstance(part, dict):
        return {name: with_fractions(inner) for name, inner in part.items()}
    if isinstance(part, list):
        return [with_fractions(inner) for inner in part]
    return float(part) if isinstance(part, int) and not isinstance(part, bool) else part


def completion(body, complete, fractions):
    question = body["messages"][1]["content"]
    reply = answer(body["response_format"]["json_schema"]["schema"], question)
    if not complete:
        reply = without_last_entry(reply)
    if fractions:
        reply = with_fractions(reply)
    return {"model": body["model"], "usage": {"prompt_tokens": 100, "completion_tokens": 10},
            "choices": [{"message": {"role": "assistant", "content": json.dumps(reply)}, "finish_reason": "stop"}]}


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 1024  # connections arrive by the hundred; the default of 5 drops most of them


class Judge(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def trouble(self, body):
        """What the address asks for, where the question holds the word that it names."""
        asked = re.search(r"/([a-z]+)(?:-(\w+))?/(?:chat|embeddings)", self.path)
        word = asked and asked[2]
        return asked and (not word or word in body["messages"][1]["content"]) and asked[1]

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        trouble = self.trouble(body)
        if trouble in ("slow", "silent"):
            time.sleep(0.2 if trouble == "slow" else 60)
        if trouble == "rejecting":
            status, reply = 400, {"error": {"message": "there is no such model", "param": "model"}}
        elif trouble == "failing":
            status, reply = 500, {"error": {"message": "it broke"}}
        elif self.path.endswith("/embeddings"):
            status, reply = 200, embeddings(body["input"], 0 if trouble == "zero" else 1)
        else:
            status, reply = 200, completion(body, trouble != "incomplete", trouble == "fractions")
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
