"""LlamaIndex's agent on a scripted model, with tools that do not end in the order of their calls: the messages of its memory."""

import asyncio
import json
import pathlib
import sys

import loan_script
from llama_index.core.agent.workflow import FunctionAgent
from llama_index.core.base.llms.types import ChatMessage, TextBlock, ThinkingBlock, ToolCallBlock
from llama_index.core.llms.mock import MockFunctionCallingLLM
from llama_index.core.memory import ChatMemoryBuffer


async def find_loan(member: str) -> str:
    """Find a loan."""
    if member == "m1":
        await asyncio.sleep(0.3)
    return loan_script.find_loan(member)


def scripted():
    replies = iter(loan_script.REPLIES)

    async def stream(message):
        yield message

    def reply(*_, **__):
        reasoning, text, calls = next(replies)
        blocks = [ThinkingBlock(content=reasoning)] * bool(reasoning) + [TextBlock(text=text)] * bool(text)
        blocks += [ToolCallBlock(tool_call_id=key, tool_name=tool, tool_kwargs=arguments) for key, tool, arguments in calls]
        return stream(ChatMessage(role="assistant", blocks=blocks))

    return MockFunctionCallingLLM(response_generator=reply, is_chat_model=True)


async def main(out):
    agent = FunctionAgent(llm=scripted(), tools=[find_loan], system_prompt="Help.")
    memory = ChatMemoryBuffer.from_defaults(token_limit=100000, tokenizer_fn=str.split)
    for question in loan_script.QUESTIONS:
        await agent.run(question, memory=memory)
    (out / "memory.json").write_text(json.dumps([message.model_dump(mode="json") for message in memory.get_all()]))


asyncio.run(main(pathlib.Path(sys.argv[1])))
