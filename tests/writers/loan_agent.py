"""An agent of a few lines on OpenAI's client, for tracers of that client to look at."""

from scripted_server import ScriptedServer

TOOLS = [{"type": "function", "function": {"name": "find_loan", "description": "Find a loan.", "parameters": {
    "type": "object", "properties": {"member": {"type": "string"}}}}}]
REPLIES = [
    {"text": "Both of them.", "calls": [("find_loan", {"member": "m1"}), ("find_loan", {"member": "m'2"})]},
    {"text": "", "calls": [("find_loan", {"member": "m3"})]},
    {"text": "It is \"ln-5\"."},
]


def scripted_client(openai):
    """A client of the package `openai`, or of one that stands in for it, on a scripted server."""
    return openai.OpenAI(base_url=ScriptedServer(REPLIES).url, api_key="none")


def answer(client, question):
    messages = [{"role": "system", "content": "Help."}, {"role": "user", "content": question}]
    for _ in REPLIES:
        reply = client.chat.completions.create(model="scripted-1", messages=messages, tools=TOOLS).choices[0].message
        messages.append(reply.model_dump(exclude_none=True))
        for call in reply.tool_calls or []:
            messages.append({"role": "tool", "tool_call_id": call.id, "content": "loan ln-5"})
    return reply.content
