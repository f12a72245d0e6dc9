"""What the writers on LangChain share: a tool, a model that says what it is told, and calls."""

from langchain_core.language_models.fake_chat_models import FakeMessagesListChatModel
from langchain_core.tools import tool


@tool
def find_loan(member: str) -> str:
    """Find a loan."""
    return f"loan ln-5 of '{member}'"


class Scripted(FakeMessagesListChatModel):
    def bind_tools(self, tools, **_):
        return self

    def bind(self, **_):
        return self


def call(call_id, **arguments):
    return {"name": "find_loan", "args": arguments, "id": call_id}
