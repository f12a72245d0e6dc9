"""The llm command's library on a scripted model: a conversation with tools, and what `llm logs --json` prints of it."""

import json
import os
import pathlib
import subprocess
import sys

out = pathlib.Path(sys.argv[1]).resolve()
os.environ["LLM_USER_PATH"] = str(out)

import llm  # noqa: E402
import loan_script  # noqa: E402
import sqlite_utils  # noqa: E402
from llm.migrations import migrate  # noqa: E402
from llm.parts import StreamEvent  # noqa: E402


class Scripted(llm.Model):
    model_id = "scripted-1"
    supports_tools = True

    def __init__(self):
        self.left = list(loan_script.REPLIES)

    def execute(self, prompt, stream, response, conversation=None):
        reasoning, text, calls = self.left.pop(0)
        if reasoning:
            yield StreamEvent(type="reasoning", chunk=reasoning)
        if text:
            yield StreamEvent(type="text", chunk=text)
        for key, tool, arguments in calls:
            response.add_tool_call(llm.ToolCall(tool_call_id=key, name=tool, arguments=arguments))
            yield StreamEvent(type="tool_call_name", chunk=tool, tool_call_id=key)
            yield StreamEvent(type="tool_call_args", chunk=json.dumps(arguments), tool_call_id=key)


def main():
    logs = sqlite_utils.Database(out / "logs.db")
    migrate(logs)
    conversation = Scripted().conversation(tools=[loan_script.find_loan])
    for question in loan_script.QUESTIONS:
        chain = conversation.chain(question)
        list(chain.responses())
        chain.log_to_db(logs)
    command = [sys.prefix + "/bin/llm", "logs", "--json", "-n", "0"]
    (out / "logs.json").write_text(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


main()
