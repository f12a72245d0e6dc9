"""Traces that MLflow keeps of calls of OpenAI's client: as JSON of the traces, and the file that its store keeps of one."""

import os
import pathlib
import shutil
import sys

import loan_agent


def main(out):
    os.environ.update(MLFLOW_ALLOW_FILE_STORE="true", MLFLOW_ENABLE_ASYNC_TRACE_LOGGING="false")
    import mlflow
    import openai

    store = out / "store"
    mlflow.set_tracking_uri(f"file://{store.resolve()}")
    mlflow.set_experiment("desk")
    mlflow.openai.autolog()
    traces = []
    for task in ("loans", "members"):

        def agent(question):
            mlflow.update_current_trace(metadata={"task_id": task})
            return loan_agent.answer(loan_agent.scripted_client(openai), question)

        mlflow.trace(agent, span_type="AGENT")(f"Find {task}.")
        traces.append(mlflow.get_last_active_trace_id())
        mlflow.log_feedback(trace_id=traces[-1], name="correctness", value=task == "loans")
    (out / "traces.jsonl").write_text("".join(mlflow.get_trace(trace).to_json() + "\n" for trace in traces))
    shutil.copy(next(store.glob(f"*/traces/{traces[0]}/artifacts/traces.json")), out / "loans.json")


main(pathlib.Path(sys.argv[1]))
