"""What the command-line agents of Gemini and opencode print and keep, on scripted models. Their packages are in npm's folder."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

from scripted_server import ScriptedServer

REPLIES = [("Let me look.", "First the note."), ("Now the other one.", ""), ("It is \"ln-5\".", "")]
FILES = ("note.txt", "other.txt")


def run(command, out, work, **environment):
    home = work / "home"
    home.mkdir()
    done = subprocess.run(command, cwd=work, env={**os.environ, "HOME": str(home), "PWD": str(work), **environment}, capture_output=True, text=True,
                          timeout=180, check=True, stdin=subprocess.DEVNULL)
    out.write_text("".join(line + "\n" for line in done.stdout.splitlines() if line.startswith("{")))


def workplace(out, name):
    work = out / name
    work.mkdir()
    for file in FILES:
        (work / file).write_text("loan ln-5\n")
    return work


def gemini(npm, out):
    """With its own scripted model, which reads replies from a file."""
    work = workplace(out, "gemini-work")
    lines = []
    for (text, thought), file in zip(REPLIES, (*FILES, None)):
        parts = [{"text": f"**Plan**\n{thought}", "thought": True}] if thought else []
        parts += [{"text": text[:4]}, {"text": text[4:]}]
        if file:
            parts.append({"functionCall": {"name": "read_file", "args": {"file_path": file}}})
        chunks = [{"candidates": [{"content": {"role": "model", "parts": [part]}}]} for part in parts]
        chunks[-1]["candidates"][0]["finishReason"] = "STOP"
        lines.append(json.dumps({"method": "generateContentStream", "response": chunks}) + "\n")
    (work / "replies").write_text("".join(lines))
    command = [npm / "gemini", "-p", "Which loan?", "-m", "gemini-2.5-flash", "--skip-trust", "-y", "--output-format", "stream-json",
               "--fake-responses", "replies"]
    run(command, out / "gemini.jsonl", work, GEMINI_API_KEY="none")
    for kept in work.glob("home/.gemini/tmp/*/chats/session-*.jsonl"):
        shutil.copy(kept, out / "gemini-session.jsonl")


def opencode(npm, out):
    work = workplace(out, "opencode-work")
    calls = [[("read", {"filePath": str((work / file).resolve())})] for file in FILES] + [[]]
    replies = [{"text": text, "reasoning": thought, "calls": called} for (text, thought), called in zip(REPLIES, calls)]
    provider = {"npm": "@ai-sdk/openai-compatible", "options": {"baseURL": ScriptedServer(replies).url, "apiKey": "none"},
                "models": {"scripted-1": {}}}
    (work / "opencode.json").write_text(json.dumps({"provider": {"scripted": provider}, "model": "scripted/scripted-1"}))
    run([npm / "opencode", "run", "--thinking", "--format", "json", "Which loan?"], out / "opencode.jsonl", work)


def main(out):
    npm = (out.parent.parent / "npm/node_modules/.bin").resolve()
    gemini(npm, out)
    opencode(npm, out)


main(pathlib.Path(sys.argv[1]).resolve())
