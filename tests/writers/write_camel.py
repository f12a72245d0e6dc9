"""CAMEL's agent on a scripted model: the memory as it saves it, in lines whatever the file is called."""

import json
import pathlib
import sys

import loan_script
from camel.agents import ChatAgent
from camel.models.stub_model import StubModel
from camel.types import ChatCompletion, ModelType


class Scripted(StubModel):
    left = list(loan_script.REPLIES)

    def _run(self, *_, **__):
        reasoning, text, calls = self.left.pop(0)
        message = {"role": "assistant", "content": text, "reasoning_content": reasoning or None}
        if calls:
            message["tool_calls"] = [{"id": key, "type": "function", "function": {"name": tool, "arguments": json.dumps(arguments)}}
                                     for key, tool, arguments in calls]
        return ChatCompletion.model_validate({
            "id": "chat-1", "object": "chat.completion", "created": 1, "model": "scripted-1",
            "choices": [{"index": 0, "finish_reason": "tool_calls" if calls else "stop", "message": message}]})


def main(out):
    agent = ChatAgent("Help.", model=Scripted(ModelType.STUB), tools=[loan_script.find_loan])
    for question in loan_script.QUESTIONS:
        agent.step(question)
    agent.save_memory(str(out / "memory.json"))


main(pathlib.Path(sys.argv[1]))
