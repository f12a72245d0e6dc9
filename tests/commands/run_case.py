"""Runs one command test: a folder COMMAND/CASE of plain files.

  cmd      one shell command; $AGENTECHO is the program, $SOURCE the folder of the sources, $JUDGE_URL an endpoint that
           plays a judge (judge_server.py); it runs in a copy of the case. What is expected has the names
           "agentecho", "SOURCE", "JUDGE_URL" and "SCRATCH" where such a path or address was printed
  out      expected standard output          (not there: must be empty)
  err      expected standard error           (not there: must be empty)
  code     expected exit code                (not there: 0)
  needs    a path below the folder of the project's sources that must exist, else the case is skipped

Other files of the folder are the input, and logs/ beside the commands, which each case finds as logs/. Shows the
difference when something differs; with UPDATE_COMMAND_TESTS=1 in the environment, writes what came out as what is
expected.
"""

import contextlib
import difflib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import judge_server

SKIPPED = 77


def expected(case, name):
    path = case / name
    return path.read_text() if path.exists() else ""


def main():
    program, case = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
    needs = expected(case, "needs").strip()
    if needs and not (case.parents[3] / needs).exists():
        return SKIPPED
    command = expected(case, "cmd")
    judge = judge_server.serve() if "$JUDGE_URL" in command else contextlib.nullcontext("")
    with tempfile.TemporaryDirectory() as scratch, judge as judge_url:
        work = pathlib.Path(scratch) / "case"
        environment = {**os.environ, "AGENTECHO": program, "SOURCE": str(case.parents[3]), "JUDGE_URL": judge_url,
                       "XDG_CACHE_HOME": str(pathlib.Path(scratch) / "cache"), "LC_ALL": "C.UTF-8", "NO_COLOR": "1"}
        shutil.copytree(case, work, ignore=shutil.ignore_patterns("cmd", "out", "err", "code", "needs"))
        if not (work / "logs").exists():
            shutil.copytree(case.parents[1] / "logs", work / "logs")
        done = subprocess.run(["bash", "-c", command], cwd=work, env=environment,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
    def plain(data):
        text = data.decode("utf-8", "replace").replace(program, "agentecho").replace(scratch, "SCRATCH")
        text = text.replace(str(case.parents[3]), "SOURCE")
        return text.replace(judge_url, "JUDGE_URL") if judge_url else text

    found = {"out": plain(done.stdout), "err": plain(done.stderr), "code": f"{done.returncode}\n"}
    if os.environ.get("UPDATE_COMMAND_TESTS"):
        for name, text in found.items():
            if text and not (name == "code" and text == "0\n"):
                (case / name).write_text(text)
        return 0
    failed = False
    for name, text in found.items():
        wanted = expected(case, name) or ("0\n" if name == "code" else "")
        if text != wanted:
            failed = True
            sys.stdout.writelines(difflib.unified_diff(wanted.splitlines(True), text.splitlines(True),
                                                       f"{case.parent.name}/{case.name}/{name} (expected)", "found"))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
