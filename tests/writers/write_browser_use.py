"""Histories that browser-use's agent saves: a real browser on two pages, a scripted model, and its own judge."""

import asyncio
import functools
import json
import os
import pathlib
import shutil
import sys
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

from scripted_server import ScriptedServer

os.environ.update(ANONYMIZED_TELEMETRY="false", BROWSER_USE_LOGGING_LEVEL="error", BROWSER_USE_VERSION_CHECK="false")


def site(folder):
    folder.mkdir()
    (folder / "index.html").write_text("<title>Loans</title><h1>Loans</h1><a href='ln-5.html'>ln-5</a>")
    (folder / "ln-5.html").write_text("<title>ln-5</title>ln-5 is due on Friday. <button>renew</button>")

    class Pages(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Pages, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/"


def step(*actions, thinking="So.", goal="Look."):
    said = {"thinking": thinking, "evaluation_previous_goal": "Fine.", "memory": "Nothing yet.", "next_goal": goal}
    return {"text": json.dumps({**said, "action": list(actions)})}


def replies(url, verdict):
    judgement = {"reasoning": "It was asked.", "verdict": verdict, "failure_reason": "", "impossible_task": False,
                 "reached_captcha": False}
    return [
        step({"navigate": {"url": url, "new_tab": False}}),
        step({"click": {"index": 4711}}, goal="Open it."),
        step({"navigate": {"url": url + "ln-5.html", "new_tab": False}}, {"scroll": {"down": True, "pages": 1.0}}),
        step({"done": {"text": "On Friday.", "success": True}}),
        {"text": json.dumps(judgement)},
    ]


async def run(out, task, url, verdict):
    from browser_use import Agent, BrowserProfile, ChatOpenAI

    model = ChatOpenAI(model="scripted-1", base_url=ScriptedServer(replies(url, verdict)).url, api_key="none")
    browser = BrowserProfile(headless=True, executable_path=shutil.which("chromium"), chromium_sandbox=False)
    agent = Agent(task=f"When is ln-5 due? ({task})", llm=model, judge_llm=model, use_judge=True, browser_profile=browser,
                  use_vision=False)
    history = await agent.run(max_steps=6)
    history.save_to_file(out / f"{task}.json")


def main(out):
    url = site(out / "site")
    for task, verdict in (("desk-1", True), ("desk-2", False)):
        asyncio.run(run(out, task, url, verdict))


main(pathlib.Path(sys.argv[1]))
