"""A model server on loopback that answers from a script, in the three dialects that coding agents speak.

POST /v1/messages                              Anthropic Messages (streamed or not)
POST /v1/responses, /responses                 OpenAI Responses (streamed or not)
POST /v1/chat/completions                      OpenAI chat (not streamed)
POST …:generateContent, :streamGenerateContent Gemini

A script is a list of replies, given out in turn to requests that offer tools; a reply is
{"text", "reasoning", "calls": [{"name", "arguments"}]}. Requests without tools (titles, summaries)
get a short text. When the script is used up, its last reply is repeated.
"""
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class ScriptedServer:
    def __init__(self, replies):
        self.replies = replies
        self.given = 0
        self.requests = []
        self.lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_HEAD(self):
                self.send_json({})

            def do_GET(self):
                self.send_json({"data": [], "object": "list", "models": []})

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                try:
                    request = json.loads(body)
                except ValueError:
                    request = {}
                path = self.path.split("?")[0]
                outer.requests.append((path, request))
                if path.endswith("/messages"):
                    outer.anthropic(self, request)
                elif path.endswith("/responses"):
                    outer.responses(self, request)
                elif path.endswith("/chat/completions"):
                    outer.chat(self, request)
                elif "generateContent" in path or "GenerateContent" in path:
                    outer.gemini(self, request, "stream" in path)
                elif path.endswith("count_tokens") or path.endswith("countTokens"):
                    self.send_json({"input_tokens": 10, "totalTokens": 10})
                else:
                    self.send_json({})

            def send_json(self, value):
                data = json.dumps(value).encode()
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(data)

            def send_events(self, events):
                """events: (name or None, value)"""
                data = b""
                for name, value in events:
                    if name:
                        data += b"event: " + name.encode() + b"\n"
                    data += b"data: " + json.dumps(value).encode() + b"\n\n"
                self.send_response(200)
                self.send_header("content-type", "text/event-stream")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()

    def next_reply(self, has_tools):
        if not has_tools:
            return {"text": "A short title"}
        with self.lock:
            reply = self.replies[min(self.given, len(self.replies) - 1)]
            self.given += 1
            return dict(reply, number=self.given)

    def anthropic(self, http, request):
        reply = self.next_reply(bool(request.get("tools")))
        number = reply.get("number", 0)
        blocks = []
        if reply.get("reasoning") and request.get("thinking", {}).get("type") not in (None, "disabled"):
            blocks.append({"type": "thinking", "thinking": reply["reasoning"], "signature": "c2ln"})
        if reply.get("text"):
            blocks.append({"type": "text", "text": reply["text"]})
        for i, call in enumerate(reply.get("calls", [])):
            blocks.append({"type": "tool_use", "id": f"toolu_{number:03}{i}", "name": call["name"],
                           "input": call["arguments"]})
        message = {"id": f"msg_{number:04}" if number else "msg_title", "type": "message", "role": "assistant",
                   "model": request.get("model", "scripted"), "content": blocks,
                   "stop_reason": "tool_use" if reply.get("calls") else "end_turn", "stop_sequence": None,
                   "usage": {"input_tokens": 10, "output_tokens": 10}}
        if not request.get("stream"):
            http.send_json(message)
            return
        events = [("message_start", {"type": "message_start", "message": dict(message, content=[], stop_reason=None)})]
        for i, block in enumerate(blocks):
            start = {"thinking": {"type": "thinking", "thinking": "", "signature": ""},
                     "text": {"type": "text", "text": ""},
                     "tool_use": dict(block, input={})}[block["type"]]
            events.append(("content_block_start", {"type": "content_block_start", "index": i, "content_block": start}))
            deltas = {"thinking": [{"type": "thinking_delta", "thinking": block.get("thinking")},
                                   {"type": "signature_delta", "signature": block.get("signature")}],
                      "text": [{"type": "text_delta", "text": block.get("text")}],
                      "tool_use": [{"type": "input_json_delta", "partial_json": json.dumps(block.get("input"))}]}
            for delta in deltas[block["type"]]:
                events.append(("content_block_delta", {"type": "content_block_delta", "index": i, "delta": delta}))
            events.append(("content_block_stop", {"type": "content_block_stop", "index": i}))
        events.append(("message_delta", {"type": "message_delta", "usage": {"output_tokens": 10},
                                         "delta": {"stop_reason": message["stop_reason"], "stop_sequence": None}}))
        events.append(("message_stop", {"type": "message_stop"}))
        http.send_events(events)

    def responses(self, http, request):
        reply = self.next_reply(bool(request.get("tools")))
        number = reply.get("number", 0)
        items = []
        if reply.get("reasoning"):
            items.append({"type": "reasoning", "id": f"rs_{number:03}", "content": None, "encrypted_content": None,
                          "summary": [{"type": "summary_text", "text": reply["reasoning"]}]})
        if reply.get("text"):
            items.append({"type": "message", "id": f"msg_{number:03}", "role": "assistant", "status": "completed",
                          "content": [{"type": "output_text", "text": reply["text"], "annotations": []}]})
        for i, call in enumerate(reply.get("calls", [])):
            if isinstance(call["arguments"], str):
                items.append({"type": "custom_tool_call", "id": f"ctc_{number:03}{i}", "call_id": f"call_{number:03}{i}",
                              "name": call["name"], "input": call["arguments"], "status": "completed"})
            else:
                items.append({"type": "function_call", "id": f"fc_{number:03}{i}", "call_id": f"call_{number:03}{i}",
                              "name": call["name"], "arguments": json.dumps(call["arguments"]), "status": "completed"})
        usage = {"input_tokens": 10, "input_tokens_details": {"cached_tokens": 0}, "output_tokens": 10,
                 "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 20}
        response = {"id": f"resp_{number:03}", "object": "response", "created_at": 0, "status": "completed",
                    "model": request.get("model", "scripted"), "output": items, "usage": usage, "error": None,
                    "parallel_tool_calls": True, "tool_choice": "auto", "tools": [], "metadata": {},
                    "incomplete_details": None, "instructions": None, "temperature": 1.0, "top_p": 1.0}
        if not request.get("stream"):
            http.send_json(response)
            return
        events = [("response.created", {"type": "response.created", "response": dict(response, output=[], status="in_progress")})]
        for i, item in enumerate(items):
            events.append(("response.output_item.added", {"type": "response.output_item.added", "output_index": i, "item": item}))
            events.append(("response.output_item.done", {"type": "response.output_item.done", "output_index": i, "item": item}))
        events.append(("response.completed", {"type": "response.completed", "response": response}))
        http.send_events(events)

    def chat(self, http, request):
        reply = self.next_reply(True)
        number = reply["number"]
        message = {"role": "assistant", "content": reply.get("text", "")}
        if reply.get("reasoning"):
            message["reasoning_content"] = reply["reasoning"]
        if reply.get("calls") and request.get("tools"):
            message["tool_calls"] = [{"id": f"call_{number:03}{i}", "type": "function",
                                      "function": {"name": call["name"], "arguments": json.dumps(call["arguments"])}}
                                     for i, call in enumerate(reply["calls"])]
        http.send_json({"id": f"chatcmpl-{number}", "object": "chat.completion", "created": 0,
                        "model": request.get("model", "scripted"),
                        "choices": [{"index": 0, "message": message,
                                     "finish_reason": "tool_calls" if message.get("tool_calls") else "stop"}],
                        "usage": {"prompt_tokens": 10, "completion_tokens": 10, "total_tokens": 20}})

    def gemini(self, http, request, stream):
        reply = self.next_reply(bool(request.get("tools")))
        parts = []
        if reply.get("reasoning"):
            parts.append({"text": "**Thinking** " + reply["reasoning"], "thought": True})
        if reply.get("text"):
            parts.append({"text": reply["text"]})
        for call in reply.get("calls", []):
            parts.append({"functionCall": {"name": call["name"], "args": call["arguments"]}})
        response = {"candidates": [{"content": {"role": "model", "parts": parts}, "finishReason": "STOP", "index": 0}],
                    "usageMetadata": {"promptTokenCount": 10, "candidatesTokenCount": 10, "totalTokenCount": 20},
                    "modelVersion": "scripted"}
        if stream:
            http.send_events([(None, response)])
        else:
            http.send_json(response)
