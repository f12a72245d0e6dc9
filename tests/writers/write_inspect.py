"""Inspect evaluates a task with a tool on its mock model: archives and JSON, two samples in two epochs."""

import os
import pathlib
import sys

os.environ["INSPECT_DISPLAY"] = "none"

import tiktoken  # noqa: E402


class Words:
    """Counts tokens without a download."""

    def encode(self, text, **_):
        return text.split()

    encode_ordinary = encode


tiktoken.get_encoding = tiktoken.encoding_for_model = lambda _: Words()

from inspect_ai import Task  # noqa: E402
from inspect_ai import eval as evaluate  # noqa: E402
from inspect_ai.dataset import Sample  # noqa: E402
from inspect_ai.model import ContentReasoning, ContentText, ModelOutput, get_model  # noqa: E402
from inspect_ai.scorer import includes  # noqa: E402
from inspect_ai.solver import generate, system_message, use_tools  # noqa: E402
from inspect_ai.tool import ToolError, tool  # noqa: E402


@tool
def find_loan():
    async def execute(member: str):
        """Find a loan.

        Args:
            member: id of the member
        """
        if member == "nobody":
            raise ToolError("no such member")
        return f"loan ln-5 of {member} " + "x" * 200

    return execute


def outputs():
    for sample in range(2):
        for epoch in range(2):
            calling = ModelOutput.for_tool_call("mockllm/model", "find_loan", {"member": ["m1", "nobody"][epoch]})
            calling.choices[0].message.content = [
                ContentReasoning(reasoning="Look it up first."), ContentText(text="I will look.")]
            yield calling
            yield ModelOutput.from_content("mockllm/model", ["ln-5", "unknown"][sample])


def main(out):
    for form in ("eval", "json"):
        samples = [Sample(id="t1", input="Which loan?", target="ln-5"), Sample(id="t2", input="Which one?", target="ln-5")]
        solver = [system_message("You work at the desk of a library."), use_tools(find_loan()), generate()]
        evaluate(Task(name="library", dataset=samples, solver=solver, scorer=includes()),
                 model=get_model("mockllm/model", custom_outputs=list(outputs())), epochs=2, log_dir=str(out),
                 log_format=form, max_samples=1, max_tasks=1)


main(pathlib.Path(sys.argv[1]))
