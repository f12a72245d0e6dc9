"""Two agents of AutoGen 0.2, of which the user's runs the code blocks of the other: the chat as each of them keeps it."""

import json
import pathlib
import sys

from autogen import AssistantAgent, UserProxyAgent
from autogen.coding import LocalCommandLineCodeExecutor
from scripted_server import ScriptedServer

REPLIES = [
    {"text": "I look.\n```python\nprint('ln-5')\n```"},
    {"text": "Again.\n```python\nraise SystemExit(3)\n```"},
    {"text": "It is \"ln-5\". TERMINATE"},
]


def main(out):
    work = out / "work"
    work.mkdir()
    model = {"model": "scripted-1", "base_url": ScriptedServer(REPLIES).url, "api_key": "none"}
    librarian = AssistantAgent("librarian", llm_config={"config_list": [model], "cache_seed": None})
    proxy = UserProxyAgent("user_proxy", human_input_mode="NEVER",
                           is_termination_msg=lambda message: "TERMINATE" in message["content"],
                           code_execution_config={"executor": LocalCommandLineCodeExecutor(work_dir=work)})
    chat = proxy.initiate_chat(librarian, message="Find the loan of m1")
    views = {"of-the-user": chat.chat_history, "of-the-agent": librarian.chat_messages[proxy]}
    for name, messages in views.items():
        (out / f"{name}.jsonl").write_text(json.dumps({"model": "scripted-1", "task_id": "1", "messages": messages}) + "\n")


main(pathlib.Path(sys.argv[1]))
