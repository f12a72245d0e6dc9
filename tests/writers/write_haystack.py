"""Haystack's agent on a scripted generator of messages: what it gives back, as dictionaries."""

import json
import os
import pathlib
import sys

os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "false"

import loan_script  # noqa: E402
from haystack import component  # noqa: E402
from haystack.components.agents import Agent  # noqa: E402
from haystack.dataclasses import ChatMessage, ToolCall  # noqa: E402
from haystack.tools import create_tool_from_function  # noqa: E402


@component
class Scripted:
    def __init__(self):
        self.left = list(loan_script.REPLIES)

    @component.output_types(replies=list[ChatMessage])
    def run(self, messages: list[ChatMessage], tools: list | None = None):
        reasoning, text, calls = self.left.pop(0)
        made = [ToolCall(id=key, tool_name=tool, arguments=arguments) for key, tool, arguments in calls]
        return {"replies": [ChatMessage.from_assistant(text or None, tool_calls=made, reasoning=reasoning or None,
                                                       meta={"model": "scripted-1"})]}


def main(out):
    agent = Agent(chat_generator=Scripted(), tools=[create_tool_from_function(loan_script.find_loan)],
                  raise_on_tool_invocation_failure=False)
    messages = [ChatMessage.from_system("Help.")]
    for question in loan_script.QUESTIONS:
        messages = agent.run(messages=[*messages, ChatMessage.from_user(question)])["messages"]
    (out / "messages.json").write_text(json.dumps([message.to_dict() for message in messages]))


main(pathlib.Path(sys.argv[1]))
