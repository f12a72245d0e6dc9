"""A graph that calls tools, on a scripted model: its streams in several modes and the states of its threads, as people dump them."""

import json
import pathlib
import sys

from langchain.agents import create_agent
from langchain_core.load import dumps
from langchain_core.messages import AIMessage

from langgraph.checkpoint.memory import InMemorySaver

from langchain_script import Scripted, call, find_loan


ASKED = {"messages": [("user", "Find the loan of m1")]}


def scripted():
    return Scripted(responses=[
        AIMessage("It's \"easy\".", tool_calls=[call("c1", member="m1"), call("c2", member="m'2")]),
        AIMessage("", tool_calls=[call("c3", member="m3")]),
        AIMessage("ln-5")])


def stream(**options):
    return list(create_agent(scripted(), [find_loan]).stream(ASKED, **options))


def states():
    """What graph and checkpointer keep of two threads, newest first."""
    saver = InMemorySaver()
    history = []
    for task in ("loans", "members"):
        graph = create_agent(scripted(), [find_loan], checkpointer=saver)
        config = {"configurable": {"thread_id": task}, "metadata": {"task_id": task}}
        graph.invoke(ASKED, config)
        history += graph.get_state_history(config)
    return {"history": history, "checkpoints": list(saver.list(None))}


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
    for name, kept in states().items():
        for form in ("models", "printed"):
            (out / f"{name}-{form}-tuples.json").write_text(DUMPS[form](kept))
            (out / f"{name}-{form}-objects.json").write_text(DUMPS[form]([state._asdict() for state in kept]))
    (out / "updates.jsonl").write_text("".join(DUMPS["models"](chunk) + "\n" for chunk in stream(stream_mode="updates")))


main(pathlib.Path(sys.argv[1]))
