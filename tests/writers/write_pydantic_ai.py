"""Pydantic AI on a scripted model, with a tool that asks for another try: all messages of two turns of the user."""

import pathlib
import sys

import loan_script
from pydantic_ai import Agent, ModelRetry
from pydantic_ai.messages import ModelResponse, TextPart, ThinkingPart, ToolCallPart
from pydantic_ai.models.function import FunctionModel


def find_loan(member: str) -> str:
    """Find a loan."""
    try:
        return loan_script.find_loan(member)
    except ValueError as error:
        raise ModelRetry(str(error)) from error


def scripted():
    replies = iter(loan_script.REPLIES)

    def reply(_, __):
        reasoning, text, calls = next(replies)
        parts = [ThinkingPart(reasoning)] * bool(reasoning) + [TextPart(text)] * bool(text)
        return ModelResponse(parts=parts + [ToolCallPart(tool, arguments, tool_call_id=key) for key, tool, arguments in calls])

    return FunctionModel(reply, model_name="scripted-1")


def main(out):
    agent = Agent(scripted(), instructions="Help.", tools=[find_loan])
    result = None
    for question in loan_script.QUESTIONS:
        result = agent.run_sync(question, message_history=result and result.all_messages())
    (out / "all-messages.json").write_bytes(result.all_messages_json())


main(pathlib.Path(sys.argv[1]))
