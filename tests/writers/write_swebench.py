"""The report of SWE-bench's harness on the runs of two models, of which nothing was executed."""

import json
import os
import pathlib
import sys

from swebench.harness.constants import LOG_REPORT, RUN_EVALUATION_LOG_DIR
from swebench.harness.reporting import make_run_report

TASKS = [f"ash__ash-{number}" for number in range(1, 7)]


def run_of(task, model):
    call = {"id": "c1", "type": "function", "function": {"name": "bash", "arguments": json.dumps({"command": "ls"})}}
    return {"instance_id": task, "model": model, "messages": [
        {"role": "user", "content": f"Mend {task}"},
        {"role": "assistant", "content": "I look.", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": "setup.py"},
        {"role": "assistant", "content": "Done."}]}


def main(out):
    os.chdir(out)  # the harness keeps its logs where it runs
    for shift, model in enumerate(["prov/alder-1", "prov/birch-2"]):
        folder = pathlib.Path("runs") / model.replace("/", "__")
        predictions = {}
        for place, task in enumerate(TASKS):
            kind = (place + shift) % 6  # no patch; no log; solved, solved, not solved; no prediction
            (folder / task).mkdir(parents=True)
            (folder / task / f"{task}.traj.json").write_text(json.dumps(run_of(task, model)))
            if kind == 5:
                continue
            predictions[task] = {"instance_id": task, "model_name_or_path": model, "model_patch": "diff" if kind else ""}
            log = RUN_EVALUATION_LOG_DIR / "first" / model.replace("/", "__") / task / LOG_REPORT
            if kind > 1:
                log.parent.mkdir(parents=True)
                log.write_text(json.dumps({task: {"resolved": kind < 4}}))
        make_run_report(predictions, [{"instance_id": task} for task in TASKS], "first", report_dir=folder)
        folder.rename(folder.name)


main(pathlib.Path(sys.argv[1]))
