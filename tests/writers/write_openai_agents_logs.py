"""What OpenAI's Agents SDK keeps of runs by itself: the rows of its SQLite sessions, and what its tracing exports."""

import asyncio
import json
import pathlib
import sqlite3
import sys

import loan_agent
import openai
from agents import Agent, OpenAIChatCompletionsModel, RunConfig, Runner, SQLiteSession, function_tool, set_trace_processors
from agents.tracing import TracingProcessor
from scripted_server import ScriptedServer


@function_tool
def find_loan(member: str) -> str:
    """Find a loan."""
    return f"loan ln-5 of '{member}'"


class Kept(TracingProcessor):
    def __init__(self):
        self.lines = []

    def on_trace_end(self, trace):
        self.lines.append(trace.export())

    def on_span_end(self, span):
        self.lines.append(span.export())

    def on_trace_start(self, trace):
        pass

    def on_span_start(self, span):
        pass

    def shutdown(self):
        pass

    def force_flush(self):
        pass


def main(out):
    kept = Kept()
    set_trace_processors([kept])
    database = out / "sessions.db"
    for task in ("loans", "members"):
        client = openai.AsyncOpenAI(base_url=ScriptedServer(loan_agent.REPLIES).url, api_key="none")
        model = OpenAIChatCompletionsModel(model="scripted-1", openai_client=client)
        agent = Agent(name="Desk", instructions="Help.", tools=[find_loan], model=model)
        asyncio.run(Runner.run(agent, f"Find {task}.", session=SQLiteSession(task, database),
                               run_config=RunConfig(trace_metadata={"task_id": task})))
    (out / "spans.jsonl").write_text("".join(json.dumps(line) + "\n" for line in kept.lines))
    connection = sqlite3.connect(database)
    connection.row_factory = sqlite3.Row
    rows = connection.execute("SELECT * FROM agent_messages ORDER BY id")
    (out / "rows.jsonl").write_text("".join(json.dumps(dict(row)) + "\n" for row in rows))


main(pathlib.Path(sys.argv[1]))
