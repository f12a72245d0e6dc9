"""A server that answers chat completions, also as streams, and OpenAI's Responses API with replies from a list."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

USAGE = {"prompt_tokens": 10, "completion_tokens": 10, "total_tokens": 20}


def call_id(reply, call):
    return f"call_{reply:02}{call}"


def chat(n, reply):
    message = {"role": "assistant", "content": reply.get("text", "")}
    if reply.get("reasoning"):
        message["reasoning_content"] = reply["reasoning"]
    calls = [
        {"id": call_id(n, i), "type": "function", "function": {"name": name, "arguments": json.dumps(arguments)}}
        for i, (name, arguments) in enumerate(reply.get("calls", []))
    ]
    if calls:
        message["tool_calls"] = calls
    choice = {"index": 0, "message": message, "finish_reason": "tool_calls" if calls else "stop"}
    return {"id": f"chat-{n}", "object": "chat.completion", "created": 0, "model": "scripted", "choices": [choice], "usage": USAGE}


def responses(n, reply):
    items = []
    if reply.get("reasoning"):
        summary = [{"type": "summary_text", "text": reply["reasoning"]}]
        items.append({"type": "reasoning", "id": f"rs_{n}", "summary": summary})
    if reply.get("text"):
        content = [{"type": "output_text", "text": reply["text"], "annotations": []}]
        items.append({"type": "message", "id": f"msg_{n}", "role": "assistant", "status": "completed", "content": content})
    for i, (name, arguments) in enumerate(reply.get("calls", [])):
        items.append({"type": "function_call", "id": f"fc_{n}{i}", "call_id": call_id(n, i), "name": name,
                      "arguments": json.dumps(arguments), "status": "completed"})
    return {"id": f"resp_{n}", "object": "response", "created_at": 0, "model": "scripted", "status": "completed", "output": items,
            "parallel_tool_calls": True, "tool_choice": "auto", "tools": [], "error": None, "incomplete_details": None,
            "instructions": None, "metadata": {}, "temperature": 1.0, "top_p": 1.0,
            "usage": {"input_tokens": 10, "output_tokens": 10, "total_tokens": 20, "input_tokens_details": {"cached_tokens": 0},
                      "output_tokens_details": {"reasoning_tokens": 0}}}


def events(completion):
    """The same completion as a stream of server-sent events, each piece of the message in one of its own."""
    choice = completion["choices"][0]
    message = choice["message"]
    calls = [{"index": i, **call} for i, call in enumerate(message.pop("tool_calls", []))]
    pieces = [{key: value} for key, value in message.items()] + [{"tool_calls": [call]} for call in calls]
    head = {**completion, "object": "chat.completion.chunk"}
    for delta in pieces:
        yield {**head, "usage": None, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
    yield {**head, "choices": [{"index": 0, "delta": {}, "finish_reason": choice["finish_reason"]}]}


class ScriptedServer:
    """`replies`: {"text", "reasoning", "calls": [(name, arguments)]}, one a request; `url` ends in /v1."""

    def __init__(self, replies):
        remaining = list(enumerate(replies))
        lock = threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                asked = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
                with lock:
                    more = remaining and (asked.get("tools") or not asked.get("stream"))  # titles are streamed without
                    n, reply = remaining.pop(0) if more else (99, {"text": "Nothing more."})
                form = responses if self.path.endswith("/responses") else chat
                made = form(n, reply)
                kind = "application/json"
                body = json.dumps(made).encode()
                if asked.get("stream"):
                    kind = "text/event-stream"
                    lines = [json.dumps(event) for event in events(made)] + ["[DONE]"]
                    body = "".join(f"data: {line}\n\n" for line in lines).encode()
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{server.server_port}/v1"
