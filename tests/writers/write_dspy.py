"""DSPy's ReAct on a scripted model: its results as people dump them, beside the inputs and alone."""

import json
import pathlib
import sys

import dspy
from dspy.utils import DummyLM


def find_loan(member: str) -> str:
    """Find a loan."""
    if member == "nobody":
        raise ValueError("no such member")
    return f"loan ln-5 of '{member}'"


def step(thought, tool, **arguments):
    return {"next_thought": thought, "next_tool_name": tool, "next_tool_args": arguments}


def results():
    model = DummyLM([step("I should look.", "find_loan", member="m1"), step("Once \"more\".", "find_loan", member="nobody"),
                     step("I know.", "finish"), {"reasoning": "It was found.", "answer": "ln-5"}])
    question = "Find the loan of m1"
    with dspy.context(lm=model):
        found = dspy.ReAct("question -> answer", tools=[find_loan])(question=question)
    return question, found.toDict()


def main(out):
    with_inputs = alone = ""
    for trial in range(2):
        question, found = results()
        names = {"task_id": "loans", "trial": trial, "success": trial == 0}
        with_inputs += json.dumps({**names, "question": question, **found}) + "\n"
        alone += json.dumps({**names, **found}) + "\n"
    (out / "with-inputs.jsonl").write_text(with_inputs)
    (out / "alone.jsonl").write_text(alone)


main(pathlib.Path(sys.argv[1]))
