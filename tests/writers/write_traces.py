"""Spans of a chat with a tool, as two instrumentations of OpenAI's client write them."""

import pathlib
import sys

import openai
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SimpleSpanProcessor
from scripted_server import ScriptedServer

TOOLS = [{"type": "function", "function": {
    "name": "find_loan", "parameters": {"type": "object", "properties": {"member": {"type": "string"}}}}}]


def chat(url):
    client = openai.OpenAI(base_url=url, api_key="none")
    messages = [{"role": "system", "content": "You work at the desk."}, {"role": "user", "content": "Which loan?"}]
    answer = client.chat.completions.create(model="scripted-1", messages=messages, tools=TOOLS).choices[0].message
    calls = [call.model_dump(include={"id", "type", "function"}) for call in answer.tool_calls]
    messages += [{"role": "assistant", "content": answer.content, "tool_calls": calls},
                 {"role": "tool", "tool_call_id": calls[0]["id"], "content": "loan ln-5"}]
    client.chat.completions.create(model="scripted-1", messages=messages, tools=TOOLS)


def main(which, out):
    if which == "openinference":
        from openinference.instrumentation.openai import OpenAIInstrumentor
    else:
        from opentelemetry.instrumentation.openai import OpenAIInstrumentor
    with open(out / f"{which}.jsonl", "w", encoding="utf-8") as file:
        provider = TracerProvider()
        exporter = ConsoleSpanExporter(out=file, formatter=lambda span: span.to_json(indent=None) + "\n")
        provider.add_span_processor(SimpleSpanProcessor(exporter))
        OpenAIInstrumentor().instrument(tracer_provider=provider)
        server = ScriptedServer([{"text": "I will look.", "calls": [("find_loan", {"member": "m1"})]}, {"text": "ln-5."}])
        with provider.get_tracer("desk").start_as_current_span("run"):
            chat(server.url)
        provider.shutdown()


main(sys.argv[2], pathlib.Path(sys.argv[1]))
