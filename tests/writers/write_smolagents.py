"""smolagents' two kinds of agent on scripted models: the memory of one, the result of the other."""

import json
import pathlib
import sys

from smolagents import CodeAgent, ToolCallingAgent, tool
from smolagents.models import ChatMessage, ChatMessageToolCall, ChatMessageToolCallFunction, MessageRole, Model


@tool
def find_loan(member: str) -> str:
    """Find a loan.

    Args:
        member: id
    """
    return "loan ln-5 of " + member


class Scripted(Model):
    def __init__(self, replies):
        super().__init__(model_id="scripted-1")
        self.replies = list(replies)

    def generate(self, messages, **_):
        text, calls = self.replies.pop(0)
        made = [
            ChatMessageToolCall(id=f"c{len(self.replies)}_{i}", type="function",
                                function=ChatMessageToolCallFunction(name=name, arguments=arguments))
            for i, (name, arguments) in enumerate(calls)
        ]
        return ChatMessage(role=MessageRole.ASSISTANT, content=text, tool_calls=made or None)


def main(out):
    calling = ToolCallingAgent(tools=[find_loan], model=Scripted([
        ("Look.", [("find_loan", {"member": "m1"}), ("find_loan", {"member": "m2"})]),
        (None, [("find_loan", {"bad": "x"})]),
        (None, [("final_answer", {"answer": "ln-5"})])]))
    calling.run("Find the loan of m1", return_full_result=True)
    (out / "memory.json").write_text(json.dumps(calling.memory.get_full_steps(), default=str))
    coding = CodeAgent(tools=[find_loan], model=Scripted([
        ('Thought: look.\n<code>\nx=find_loan(member="m1")\nprint(x)\n</code>', []),
        ('Done.\n<code>\nfinal_answer("ln-5")\n</code>', [])]))
    result = coding.run("Find the loan of m1", return_full_result=True)
    (out / "result.json").write_text(json.dumps(result.dict(), default=str))


main(pathlib.Path(sys.argv[1]))
