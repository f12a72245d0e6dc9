"""Microsoft's Agent Framework on a scripted client: the messages of a session, and the session as it is kept."""

import asyncio
import json
import pathlib
import sys

import loan_script
from agent_framework import (Agent, BaseChatClient, ChatResponse, Content, FunctionInvocationLayer, InMemoryHistoryProvider,
                             Message)


class Scripted(FunctionInvocationLayer, BaseChatClient):
    def __init__(self):
        super().__init__()
        self.left = list(loan_script.REPLIES)

    async def _inner_get_response(self, **_):
        reasoning, text, calls = self.left.pop(0)
        contents = [Content.from_text_reasoning(text=reasoning)] * bool(reasoning) + [Content.from_text(text)] * bool(text)
        contents += [Content.from_function_call(key, tool, arguments=json.dumps(arguments)) for key, tool, arguments in calls]
        return ChatResponse(messages=[Message(role="assistant", contents=contents)], model="scripted-1")


async def main(out):
    agent = Agent(client=Scripted(), name="Librarian", instructions="Help.", tools=[loan_script.find_loan],
                  context_providers=[InMemoryHistoryProvider()])
    session = agent.create_session(session_id="loans")
    messages = []
    for question in loan_script.QUESTIONS:
        answer = await agent.run(question, session=session)
        messages += [Message(role="user", contents=[question]), *answer.messages]
    (out / "messages.json").write_text(json.dumps([message.to_dict() for message in messages]))
    (out / "session.json").write_text(json.dumps(session.to_dict(), default=lambda value: value.to_dict()))


asyncio.run(main(pathlib.Path(sys.argv[1])))
