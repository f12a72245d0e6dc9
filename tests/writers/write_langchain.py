"""LangChain's AgentExecutor with a ReAct agent and with one that calls tools, on scripted models: their results as people dump them."""

import json
import pathlib
import sys

from langchain_classic.agents import AgentExecutor, create_react_agent, create_tool_calling_agent
from langchain_core.load import dumps
from langchain_core.messages import AIMessage
from langchain_core.prompts import ChatPromptTemplate, PromptTemplate

from langchain_script import Scripted, call, find_loan


def react():
    model = Scripted(responses=[
        AIMessage("Thought: I should look.\nAction: find_loan\nAction Input: m1"),
        AIMessage("Let me think about it."),
        AIMessage("Thought: once \"more\".\nAction: find_loan\nAction Input: m'2"),
        AIMessage("Thought: I know.\nFinal Answer: ln-5")])
    prompt = PromptTemplate.from_template("{tools} {tool_names} {input} {agent_scratchpad}")
    return create_react_agent(model, [find_loan], prompt)


def calling():
    model = Scripted(responses=[
        AIMessage("Let me look, it's \"easy\".", tool_calls=[call("c1", member="m1"), call("c2", member="m'2")]),
        AIMessage("", tool_calls=[call("c3", member="m3")]),
        AIMessage("ln-5")])
    prompt = ChatPromptTemplate.from_messages([("human", "{input}"), ("placeholder", "{agent_scratchpad}")])
    return create_tool_calling_agent(model, [find_loan], prompt)


DUMPS = {
    "printed": lambda record: json.dumps(record, default=str),
    "constructors": dumps,
    "models": lambda record: json.dumps(record, default=lambda value: value.model_dump()),
    "text": lambda record: json.dumps({**record, "intermediate_steps": str(record["intermediate_steps"])}),
}


def main(out):
    for name, agent in {"react": react, "calling": calling}.items():
        lines = {form: "" for form in DUMPS}
        for trial in range(2):
            executor = AgentExecutor(agent=agent(), tools=[find_loan], return_intermediate_steps=True,
                                     handle_parsing_errors=True)
            record = {"task_id": "loans", "trial": trial, "success": trial == 0,
                      **executor.invoke({"input": "Find the loan of m1"})}
            for form, dump in DUMPS.items():
                lines[form] += dump(record) + "\n"
        for form, text in lines.items():
            (out / f"{name}-{form}.jsonl").write_text(text)


main(pathlib.Path(sys.argv[1]))
