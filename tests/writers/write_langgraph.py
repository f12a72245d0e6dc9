"""A graph that calls tools, on a scripted model: its streams in several modes, as people dump them."""

import json
import pathlib
import sys

from langchain.agents import create_agent
from langchain_core.load import dumps
from langchain_core.messages import AIMessage

from langchain_script import Scripted, call, find_loan


def stream(**options):
    model = Scripted(responses=[
        AIMessage("It's \"easy\".", tool_calls=[call("c1", member="m1"), call("c2", member="m'2")]),
        AIMessage("", tool_calls=[call("c3", member="m3")]),
        AIMessage("ln-5")])
    return list(create_agent(model, [find_loan]).stream({"messages": [("user", "Find the loan of m1")]}, **options))


def as_model(value):
    return value.model_dump() if hasattr(value, "model_dump") else str(value)


STREAMS = {
    "updates": {"stream_mode": "updates"},
    "values": {"stream_mode": "values"},
    "both": {"stream_mode": ["updates", "values"]},
    "namespaces": {"stream_mode": "updates", "subgraphs": True},
    "all": {"stream_mode": ["updates"], "subgraphs": True},
    "parts": {"stream_mode": "updates", "version": "v2"},
}
DUMPS = {
    "models": lambda value: json.dumps(value, default=as_model),
    "constructors": dumps,
    "printed": lambda value: json.dumps(value, default=str),
}


def main(out):
    for name, options in STREAMS.items():
        for form, dump in DUMPS.items():
            lines = ""
            for trial in range(2):
                record = {"task_id": "loans", "trial": trial, "success": trial == 0, "input": "Find the loan of m1",
                          "events": stream(**options)}
                lines += dump(record) + "\n"
            (out / f"{name}-{form}.jsonl").write_text(lines)
            if name != "values":  # those are records with messages, each a snapshot
                (out / f"{name}-{form}.json").write_text(dump(stream(**options)))
    (out / "updates.jsonl").write_text("".join(DUMPS["models"](chunk) + "\n" for chunk in stream(stream_mode="updates")))


main(pathlib.Path(sys.argv[1]))
