"""What Opik's client sends of traced calls, kept as its server keeps it: the last writing of each trace and span."""

import gzip
import json
import os
import pathlib
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import loan_agent


class Store(BaseHTTPRequestHandler):
    kept = {"traces": {}, "spans": {}}

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        for kind, known in self.kept.items():
            for item in json.loads(body or b"{}").get(kind, []):
                known.setdefault(item["id"], {}).update(item)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b"{}")

    do_GET = do_PUT = do_PATCH = do_POST

    def log_message(self, *_):
        pass


def main(out):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Store)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    os.environ["OPIK_URL_OVERRIDE"] = f"http://127.0.0.1:{server.server_port}/api"
    import openai
    import opik
    from opik.integrations.openai import track_openai

    for task in ("loans", "members"):
        client = track_openai(loan_agent.scripted_client(openai))
        opik.track(name="agent", metadata={"task_id": task})(lambda question: loan_agent.answer(client, question))(f"Find {task}.")
    opik.flush_tracker()
    traces, spans = (list(items.values()) for items in Store.kept.values())
    (out / "spans.jsonl").write_text("".join(json.dumps(span) + "\n" for span in spans))
    for trace in traces:
        trace["feedback_scores"] = [{"name": "success", "value": float(trace["metadata"]["task_id"] == "loans")}]
        own = [span for span in spans if span["trace_id"] == trace["id"]]
        (out / f"trace-{trace['metadata']['task_id']}.json").write_text(json.dumps({"trace": trace, "spans": own}))


main(pathlib.Path(sys.argv[1]))
