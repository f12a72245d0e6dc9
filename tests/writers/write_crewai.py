"""A crew of one agent of CrewAI on a scripted model without calls of its own, which writes them in its text: what its task gives."""

import json
import os
import pathlib
import sys

os.environ |= {"CREWAI_DISABLE_TELEMETRY": "true", "CREWAI_TRACING_ENABLED": "false", "OTEL_SDK_DISABLED": "true",
               "CREWAI_STORAGE_DIR": sys.argv[1] + "/storage", "HOME": sys.argv[1]}

import loan_script  # noqa: E402
from crewai import Agent, BaseLLM, Crew, Task  # noqa: E402
from crewai.tools import tool  # noqa: E402


class Scripted(BaseLLM):
    left: list

    def supports_function_calling(self):
        return False

    def call(self, *_, **__):
        return self.left.pop(0)


def replies():
    for _, _, calls in loan_script.REPLIES:
        for _, name, arguments in calls:
            yield f"Thought: I look.\nAction: {name}\nAction Input: {json.dumps(arguments)}"
    yield "Thought: I know.\nFinal Answer: It is \"ln-5\"."


def main(out):
    agent = Agent(role="Librarian", goal="Help.", backstory="You work at the desk.", tools=[tool(loan_script.find_loan)],
                  llm=Scripted(model="scripted-1", left=list(replies())))
    task = Task(description=loan_script.QUESTIONS[0], expected_output="the loans", agent=agent, name="loans")
    done = Crew(agents=[agent], tasks=[task]).kickoff().tasks_output[0]
    (out / "messages.json").write_text(json.dumps(done.messages))


main(pathlib.Path(sys.argv[1]))
