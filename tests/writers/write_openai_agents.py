"""Two agents of OpenAI's Agents SDK, one of which hands over to the other, on scripted models: results and state, as people dump them."""

import asyncio
import dataclasses
import json
import pathlib
import sys

from agents import Agent, Model, ModelResponse, Runner, Usage, function_tool, set_tracing_disabled
from openai.types.responses import (ResponseFunctionToolCall, ResponseOutputMessage, ResponseOutputText,
                                    ResponseReasoningItem)
from openai.types.responses.response_reasoning_item import Summary


@function_tool
def find_loan(member: str) -> str:
    """Find a loan."""
    return f"loan ln-5 of '{member}'"


def call(call_id, name, **arguments):
    return ResponseFunctionToolCall(id=f"fc_{call_id}", call_id=call_id, name=name, arguments=json.dumps(arguments),
                                    type="function_call", status="completed")


def say(text):
    part = ResponseOutputText(text=text, annotations=[], type="output_text")
    return ResponseOutputMessage(id="msg_1", role="assistant", status="completed", type="message", content=[part])


def think(text):
    return ResponseReasoningItem(id="rs_1", type="reasoning", summary=[Summary(text=text, type="summary_text")])


class Scripted(Model):
    def __init__(self, *replies):
        self.replies = list(replies)

    async def get_response(self, *_, **__):
        return ModelResponse(output=self.replies.pop(0), usage=Usage(), response_id="resp_1")

    def stream_response(self, *_, **__):
        raise NotImplementedError


def run():
    librarian = Agent(name="Librarian", instructions="Help.", tools=[find_loan], model=Scripted(
        [think("Another one."), call("c3", "find_loan", member="m3")], [say("It is \"ln-5\".")]))
    desk = Agent(name="Desk", instructions="Hand over.", tools=[find_loan], handoffs=[librarian], model=Scripted(
        [think("First look."), say("Look."), call("c1", "find_loan", member="m1"), call("c2", "find_loan", member="m'2")],
        [call("h1", "transfer_to_librarian")]))
    return Runner.run(desk, "Find the loan of m1")


def as_model(value):
    return value.model_dump() if hasattr(value, "model_dump") else str(value)


def main(out):
    set_tracing_disabled(True)
    dumps = {"models": "", "printed": "", "classes": "", "classes-printed": ""}
    for trial in range(2):
        result = asyncio.run(run())
        names = {"task_id": "loans", "trial": trial, "success": trial == 0}
        items = [{"type": item.type, "agent": item.agent.name, "raw_item": item.raw_item} for item in result.new_items]
        record = {**names, "input": result.input, "new_items": items, "final_output": result.final_output}
        classes = {**names, **dataclasses.asdict(result)}
        dumps["models"] += json.dumps(record, default=as_model) + "\n"
        dumps["printed"] += json.dumps(record, default=str) + "\n"
        dumps["classes"] += json.dumps(classes, default=as_model) + "\n"
        dumps["classes-printed"] += json.dumps(classes, default=str) + "\n"
        (out / "state.json").write_text(result.to_state().to_string())
    for name, text in dumps.items():
        (out / f"{name}.jsonl").write_text(text)


main(pathlib.Path(sys.argv[1]))
