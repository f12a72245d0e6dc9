"""Google's ADK on a scripted model: a session as it is dumped, and the events of its runs, a line each, which leave out the user."""

import asyncio
import pathlib
import sys

import loan_script
from google.adk.agents import LlmAgent
from google.adk.models import BaseLlm, LlmResponse
from google.adk.runners import InMemoryRunner
from google.genai import types


def find_loan(member: str) -> dict:
    """Find a loan."""
    try:
        return {"loan": loan_script.find_loan(member)}
    except ValueError as error:
        return {"error": str(error)}


class Scripted(BaseLlm):
    replies: list

    async def generate_content_async(self, *_, **__):
        reasoning, text, calls = self.replies.pop(0)
        parts = [types.Part(text=reasoning, thought=True)] * bool(reasoning) + [types.Part(text=text)] * bool(text)
        for key, tool, arguments in calls:
            parts.append(types.Part(function_call=types.FunctionCall(id=key, name=tool, args=arguments)))
        yield LlmResponse(content=types.Content(role="model", parts=parts), model_version=self.model)


async def main(out):
    model = Scripted(model="scripted-1", replies=list(loan_script.REPLIES))
    runner = InMemoryRunner(LlmAgent(name="librarian", model=model, instruction="Help.", tools=[find_loan]), app_name="library")
    names = {"app_name": "library", "user_id": "u1", "session_id": "loans"}
    await runner.session_service.create_session(**names)
    lines = ""
    for question in loan_script.QUESTIONS:
        asked = types.Content(role="user", parts=[types.Part(text=question)])
        async for event in runner.run_async(user_id="u1", session_id="loans", new_message=asked):
            lines += event.model_dump_json(by_alias=True, exclude_none=True) + "\n"
    session = await runner.session_service.get_session(**names)
    (out / "session.json").write_text(session.model_dump_json())
    (out / "events.jsonl").write_text(lines)


asyncio.run(main(pathlib.Path(sys.argv[1])))
