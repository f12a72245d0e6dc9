"""What logs hold, counted straight from their own members: nothing here knows AgentEcho.

Each function takes the path of one file and gives a Counts of its runs: assistant messages, tool calls, results, assistant
messages with reasoning, and runs that succeeded; some also users' messages, failed calls, and which calls the results answer.
"""

import json
import re
import zipfile
from collections import Counter
from dataclasses import dataclass, fields


@dataclass
class Counts:
    runs: int = 0
    messages: int = 0
    calls: int = 0
    results: int = 0
    reasoning: int = 0
    success: int = 0
    # None where nobody counts them.
    users: int | None = None
    errors: int | None = None
    answers: Counter | None = None

    def __add__(self, other):
        pairs = [(getattr(self, f.name), getattr(other, f.name)) for f in fields(self)]
        return Counts(*(b if a is None else a if b is None else a + b for a, b in pairs))

    def __str__(self):
        known = {name: value for name, value in vars(self).items() if value is not None}
        return ", ".join(f"{name} {sorted(value.elements()) if name == 'answers' else value}" for name, value in known.items())

    def is_read_as(self, read):
        return all(value is None or value == getattr(read, name) for name, value in vars(self).items())


def of_chat(messages, success=0):
    """OpenAI's members; reasoning beside the text or as a part of it."""
    said = [m for m in messages if m.get("role") == "assistant"]

    def thinks(message):
        parts = message["content"] if isinstance(message.get("content"), list) else []
        return bool(message.get("reasoning_content") or any(part.get("type") == "reasoning" for part in parts))

    return Counts(1, len(said), sum(len(m.get("tool_calls") or []) for m in said),
                  sum(m.get("role") == "tool" for m in messages), sum(map(thinks, said)), success)


def answered(calls, results):
    """Tools with the members that they are asked for and that the results speak of: calls and results by the calls' ids."""
    found = Counter()
    for key, text in results:
        tool, arguments = calls.get(key, ("", ""))
        asked = re.search(r'"member": ?"([^"]*)"', arguments if isinstance(arguments, str) else json.dumps(arguments))
        if asked and asked.group(1) in text:
            found[f"{tool} {asked.group(1)}"] += 1
    return found


def of_own_form(text, errors=0):
    """What `agentecho convert` wrote, of which `agentecho inspect` says how many calls failed."""
    counts = Counts(users=0, errors=errors, answers=Counter())
    for line in text.splitlines():
        run = json.loads(line)
        messages = run["messages"]
        calls, unnamed, results = {}, [], []  # what has no id comes in order
        for m in messages:
            for call in m.get("tool_calls") or []:
                if not call["id"]:
                    unnamed.append(len(calls))
                calls[call["id"] or len(calls)] = (call["function"]["name"], call["function"]["arguments"])
            if m["role"] == "tool":
                results.append((m["tool_call_id"] or (unnamed.pop(0) if unnamed else None), m["content"]))
        counts += of_chat(messages, int((run["reward"] or 0) >= 1))
        counts += Counts(users=sum(m["role"] == "user" for m in messages), answers=answered(calls, results))
    return counts


def of_run(users, replies, results):
    """How many messages of users; whether each reply thinks, with its calls (id, tool, arguments); results (id, text, whether it failed)."""
    calls = {key: call for _, made in replies for key, *call in made}
    return Counts(1, len(replies), len(calls), len(results), sum(thinks for thinks, _ in replies), 0, users,
                  sum(failed for *_, failed in results), answered(calls, [(key, text) for key, text, _ in results]))


def vercel(path):
    """A run a line, with the parts of the AI SDK's messages."""
    counts = Counts()
    for line in path.read_text().splitlines():
        run = json.loads(line)
        said = [m for m in run["messages"] if m["role"] == "assistant"]
        parts = [part for m in run["messages"] if isinstance(m["content"], list) for part in m["content"]]
        types = Counter(part["type"] for part in parts)
        thinks = sum(any(part["type"] == "reasoning" for part in m["content"]) for m in said)
        counts += Counts(1, len(said), types["tool-call"], types["tool-result"], thinks, int(run["success"]))
    return counts


def vercel_steps(path):
    """A run a line, with the parts of the AI SDK's steps."""
    counts = Counts()
    for line in path.read_text().splitlines():
        run = json.loads(line)
        steps = [step["content"] for step in run["result"]["steps"]]
        types = Counter(part["type"] for parts in steps for part in parts)
        thinks = sum(any(part["type"] == "reasoning" for part in parts) for parts in steps)
        results = types["tool-result"] + types["tool-error"]
        counts += Counts(1, len(steps), types["tool-call"], results, thinks, int(run["success"]))
    return counts


def vercel_ui(path):
    """A run a line, with one message of the AI SDK's user interface for all steps."""
    counts = Counts()
    for line in path.read_text().splitlines():
        run = json.loads(line)
        shown = run["messages"][1]
        if "parts" in shown:
            types = Counter(part["type"] for part in shown["parts"])
            steps = types["step-start"]
            calls = sum(n for kind, n in types.items() if kind.startswith("tool-"))
        else:
            types = Counter()
            steps = len({call["step"] for call in shown["toolInvocations"]}) + bool(shown["content"])
            calls = len(shown["toolInvocations"])
        counts += Counts(1, steps, calls, calls, types["reasoning"], int(run["success"]))
    return counts


def browser_use(path):
    """The steps of one history; its last action is the answer."""
    steps = [step for step in json.loads(path.read_text())["history"] if step["model_output"]]
    actions = [action for step in steps for action in step["model_output"]["action"] if "done" not in action]
    results = [result for step in steps for result in step["result"] if not result["is_done"]]
    judged = [result["judgement"]["verdict"] for result in steps[-1]["result"] if result.get("judgement")]
    return Counts(1, len(steps), len(actions), len(results), sum(bool(step["model_output"]["thinking"]) for step in steps), sum(judged))


def autogen(path):
    """Who speaks is the name's; a code block is a call, and what the user's agent says of it its result."""
    counts = Counts()
    for chat in records(path):
        said = [m["content"] for m in chat["messages"] if m["name"] == "librarian"]
        ran = [m for m in chat["messages"] if m["name"] == "user_proxy" and m["content"].startswith("exitcode: ")]
        counts += Counts(1, len(said), sum(text.count("```python") for text in said), len(ran))
    return counts


def mlflow(path):
    """Traces, or the spans of one: the call of a trace that was given most is the run."""
    counts = Counts()
    for trace in records(path):
        calls = []
        for span in trace.get("data", trace)["spans"]:
            if span["attributes"]["mlflow.spanType"] == '"CHAT_MODEL"':
                asked, said = (json.loads(span["attributes"][key]) for key in ("mlflow.spanInputs", "mlflow.spanOutputs"))
                calls.append([*asked["messages"], said["choices"][0]["message"]])
        right = [found["feedback"]["value"] for found in trace.get("info", {}).get("assessments", [])]
        counts += of_chat(max(calls, key=len), sum(right))
    return counts


def mini_swe_agent(path):
    log = json.loads(path.read_text())
    messages = log["messages"]
    if any(m.get("object") == "response" for m in messages):
        answers = [m["output"] for m in messages if m.get("object") == "response"]
        types = Counter(item["type"] for output in answers for item in output)
        results = sum(m.get("type") == "function_call_output" for m in messages)
        return Counts(1, len(answers), types["function_call"], results, types["reasoning"], 0)
    counts = of_chat(messages)
    if counts.calls == 0:
        said = [m["content"] for m in messages if m["role"] == "assistant"]
        counts.calls = sum(len(re.findall("```mswea_bash_command\n", text)) for text in said)
        # The last message is what the command that submits gave.
        counts.results = sum(m["role"] == "exit" or "<returncode>" in m["content"] for m in messages[2:])
    return counts


def inspect(path):
    if path.suffix == ".eval":
        import zipfile_zstd  # noqa: F401 (comes with Inspect; teaches zipfile its compression)

        with zipfile.ZipFile(path) as archive:
            samples = [json.loads(archive.read(name)) for name in archive.namelist() if name.startswith("samples/")]
    else:
        samples = json.loads(path.read_text())["samples"]
    counts = Counts()
    for sample in samples:
        score = next(iter(sample["scores"].values()))["value"]
        counts += of_chat(sample["messages"], int(score == "C"))
    return counts


def smolagents(path):
    log = json.loads(path.read_text())
    steps = log if isinstance(log, list) else log["steps"]
    counts = Counts(runs=1)
    for step in steps:
        said = step.get("model_output_message")
        if not said:
            continue
        counts.messages += 1
        calls = said.get("tool_calls") or step.get("tool_calls") or []
        counts.calls += len(calls)
        # All that was observed, or the error, is one result.
        counts.results += bool(calls and (step.get("observations") or step.get("error")))
    return counts


def atif(path):
    log = json.loads(path.read_text())
    said = [step for step in log["steps"] if step["source"] == "agent"]
    return Counts(1, len(said), sum(len(step.get("tool_calls", [])) for step in said),
                  sum(len(step.get("observation", {}).get("results", [])) for step in said),
                  sum("reasoning_content" in step for step in said), 0)


def traces(path):
    """The last span of the model holds the whole conversation, a member of a message in an attribute."""
    spans = [json.loads(line)["attributes"] for line in path.read_text().splitlines()]
    last = [a for a in spans if any(k.startswith(("llm.", "gen_ai.")) for k in a)][-1]
    if "gen_ai.input.messages" in last:
        messages = [*json.loads(last["gen_ai.input.messages"]), *json.loads(last["gen_ai.output.messages"])]
        parts = Counter(part["type"] for m in messages for part in m["parts"])
        return Counts(1, sum(m["role"] == "assistant" for m in messages), parts["tool_call"],
                      parts["tool_call_response"], parts["reasoning"], 0)
    roles = Counter(value for key, value in last.items() if re.search(r"(message|\d)\.role$", key))
    calls = {match.group(0) for key in last if (match := re.match(r".*tool_calls\.\d+", key))}
    return Counts(1, roles["assistant"], len(calls), roles["tool"], 0, 0)


def records(path):
    text = path.read_text()
    return [json.loads(line) for line in text.splitlines()] if path.suffix == ".jsonl" else [json.loads(text)]


def model_calls(path):
    """Spans of tracers: the call of a trace that was given most is the run; Opik's and Braintrust's own names for things."""
    traces = {}
    success = 0
    for record in records(path):
        whole = record.get("trace", {})
        success += sum(int(score["value"]) for score in whole.get("feedback_scores", []))
        success += int((record.get("scores") or {}).get("success", 0))
        for span in record.get("spans", [record]):
            data = span.get("span_data", span)
            if "llm" in (span.get("type"), span.get("span_attributes", {}).get("type")) or data.get("type") == "generation":
                given = data["input"]["messages"] if isinstance(data["input"], dict) else data["input"]
                said = data["output"]["choices"] if isinstance(data["output"], dict) else data["output"]
                message = said[0].get("message", said[0])
                of_trace = traces.setdefault(span.get("root_span_id") or span["trace_id"], [])
                of_trace.append([*given, message])
    return sum((of_chat(max(calls, key=len)) for calls in traces.values()), Counts(success=success))


def openai_agents_logs(path):
    """Rows of messages or items as texts, or spans."""
    lines = records(path)
    if "message_data" not in lines[0]:
        return model_calls(path)
    counts = Counts()
    for session in dict.fromkeys(line["session_id"] for line in lines):
        items = [json.loads(line["message_data"]) for line in lines if line["session_id"] == session]
        types = ["message" if "role" in item and item["role"] != "user" else item.get("type", "asked") for item in items]
        of_model = [kind in ("message", "function_call") for kind in types]
        replies = sum(own and not before for own, before in zip(of_model, [False, *of_model]))
        counts += Counts(1, replies, types.count("function_call"), types.count("function_call_output"), 0, 0)
    return counts


def cli_agents(path):
    """Events of a run; a step of the agent ends with its calls or with the run."""
    lines = records(path)
    kinds = Counter(line.get("type") for line in lines)
    if "gemini-session" in path.name:
        last = {line["id"]: line for line in lines if line.get("type") == "gemini"}.values()
        calls = sum(len(line.get("toolCalls", [])) for line in last)
        return Counts(1, len(last), calls, calls, sum(bool(line.get("thoughts")) for line in last), 0)
    if "tool_result" in kinds:  # Gemini CLI
        return Counts(1, kinds["tool_use"] + 1, kinds["tool_use"], kinds["tool_result"], 0, 0)
    return Counts(1, kinds["step_start"], kinds["tool_use"], kinds["tool_use"], kinds["reasoning"], 0)


def agentdojo(path):
    log = json.loads(path.read_text())
    return of_chat(log["messages"], int(log["utility"]))


def langchain(path):
    """Actions in any notation: a reply's message has an id, which each of its calls repeats."""
    counts = Counts()
    for line in path.read_text().splitlines():
        run = json.loads(line)
        steps = run["intermediate_steps"]
        actions = re.split(r"(?=AgentAction\(tool=)", steps)[1:] if isinstance(steps, str) else [json.dumps(step[0]) for step in steps]
        ids = [re.search(r"lc_run-[-\w]+", action) for action in actions]
        replies = {match.group(0) if match else str(i) for i, match in enumerate(ids)}
        calls = sum("_Exception" not in action for action in actions)
        counts += Counts(1, len(replies) + 1, calls, calls, sum("Thought: " in action and "Action: " in action for action in actions),
                         int(run["success"]))
    return counts


def langgraph(path):
    """Calls and results by their ids, replies by the model's, in whatever notation, of each line, thread or the whole file."""
    text = path.read_text()
    if path.name.startswith(("history", "checkpoints")):
        states = {}
        for state in json.loads(text):  # newest first
            states.setdefault(re.search(r'"thread_id": "(\w+)"', json.dumps(state)).group(1), json.dumps(state))
        return sum((langgraph_run(state) for state in states.values()), Counts())
    runs = text.splitlines() if path.suffix == ".jsonl" and '"task_id"' in text else [text]
    return sum(map(langgraph_run, runs), Counts())


def langgraph_run(run):
    text = run.replace('"', "'").replace("\\", "")
    replies = set(re.findall(r"lc_run-[-\w]+", text))
    calls = set(re.findall(r"'id': '(c\d)'", text))
    results = set(re.findall(r"tool_call_id(?:': |=)'(c\d)'", text))
    return Counts(1, len(replies), len(calls), len(results), 0, int("'success': true" in text))


def dspy(path):
    """A reply for each step's name of a tool; `finish` is no call."""
    counts = Counts()
    for line in path.read_text().splitlines():
        replies = re.findall(r'"tool_name_\d+": "(\w+)"', line)
        calls = sum(name != "finish" for name in replies)
        counts += Counts(1, len(replies), calls, calls, line.count('"thought_'), int('"success": true' in line))
    return counts


def openai_agents(path):
    """Items by their types; what the model says between two items of tools is one reply."""
    lines = path.read_text().splitlines() if path.suffix == ".jsonl" else [path.read_text()]
    counts = Counts()
    for line in lines:
        run = json.loads(line)
        types = [item["type"] for item in run.get("new_items") or run["generated_items"]]
        of_model = [not kind.endswith("output_item") or kind == "message_output_item" for kind in types]
        replies = sum(own and not before for own, before in zip(of_model, [False, *of_model]))
        kinds = Counter(types)
        counts += Counts(1, replies, kinds["tool_call_item"] + kinds["handoff_call_item"],
                         kinds["tool_call_output_item"] + kinds["handoff_output_item"], kinds["reasoning_item"],
                         int(run.get("success", False)))
    return counts


def swebench(folder):
    """A folder of runs, and the report of the harness beside them."""
    runs = [json.loads(path.read_text()) for path in sorted(folder.glob("*/*.traj.json"))]
    (report,) = folder.glob("*.json")
    counts = sum((of_chat(run["messages"]) for run in runs), Counts())
    return counts + Counts(success=json.loads(report.read_text())["resolved_instances"])


def pydantic_ai(path):
    """Requests and responses of parts; what is not a success is tried again."""
    messages = json.loads(path.read_text())
    parts = [part for m in messages for part in m["parts"]]
    replies = [(any(part["part_kind"] == "thinking" for part in m["parts"]),
                [(part["tool_call_id"], part["tool_name"], part["args"]) for part in m["parts"] if part["part_kind"] == "tool-call"])
               for m in messages if m["kind"] == "response"]
    results = [(part["tool_call_id"], part["content"], part["outcome"] != "success")
               for part in parts if part["part_kind"] == "tool-return"]
    return of_run(sum(part["part_kind"] == "user-prompt" for part in parts), replies, results)


def google_adk(path):
    """A session, or its events a line each in the other notation: results are the user's by their role, not by their author."""
    events = records(path) if path.suffix == ".jsonl" else json.loads(path.read_text())["events"]
    call, response = ("functionCall", "functionResponse") if path.suffix == ".jsonl" else ("function_call", "function_response")
    replies = [(any(part.get("thought") for part in event["content"]["parts"]),
                [(made["id"], made["name"], made["args"]) for part in event["content"]["parts"] if (made := part.get(call))])
               for event in events if event["content"]["role"] == "model"]
    results = [(given["id"], str(given["response"]), "error" in given["response"])
               for event in events for part in event["content"]["parts"] if (given := part.get(response))]
    return of_run(sum(event["author"] == "user" for event in events), replies, results)


def llama_index(path):
    """Messages of blocks; nothing says that a call failed."""
    messages = json.loads(path.read_text())
    roles = Counter(m["role"] for m in messages)
    replies = [(any(block["block_type"] == "thinking" for block in m["blocks"]),
                [(block["tool_call_id"], block["tool_name"], block["tool_kwargs"])
                 for block in m["blocks"] if block["block_type"] == "tool_call"])
               for m in messages if m["role"] == "assistant"]
    results = [(m["additional_kwargs"]["tool_call_id"], m["blocks"][0]["text"], False) for m in messages if m["role"] == "tool"]
    return of_run(roles["user"], replies, results)


def haystack(path):
    """Messages of parts, each in a member of its kind's name."""
    messages = json.loads(path.read_text())
    replies = [(any("reasoning" in part for part in m["content"]),
                [(call["id"], call["tool_name"], call["arguments"]) for part in m["content"] if (call := part.get("tool_call"))])
               for m in messages if m["role"] == "assistant"]
    given = [m["content"][0]["tool_call_result"] for m in messages if m["role"] == "tool"]
    results = [(result["origin"]["id"], result["result"], result["error"]) for result in given]
    return of_run(sum(m["role"] == "user" for m in messages), replies, results)


def agent_framework(path):
    """Messages of contents, alone or in the state of a session."""
    log = json.loads(path.read_text())
    messages = log if isinstance(log, list) else log["state"]["in_memory"]["messages"]
    replies = [(any(part["type"] == "text_reasoning" for part in m["contents"]),
                [(part["call_id"], part["name"], part["arguments"]) for part in m["contents"] if part["type"] == "function_call"])
               for m in messages if m["role"] == "assistant"]
    results = [(part["call_id"], part["result"], "exception" in part)
               for m in messages for part in m["contents"] if part["type"] == "function_result"]
    return of_run(sum(m["role"] == "user" for m in messages), replies, results)


def camel(path):
    """A message a line, with the role beside it. Nothing marks a failed call but words that are not those of an error (docs/method.md)."""
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    said = [line["message"] for line in lines if line["role_at_backend"] == "assistant"]
    replies = [(False, [(call["id"], *call["function"].values()) for call in m.get("tool_calls", [])]) for m in said]
    given = [line["message"] for line in lines if line["role_at_backend"] == "function"]
    results = [(m["tool_call_id"], m["result"], False) for m in given]
    return of_run(sum(line["role_at_backend"] == "user" for line in lines), replies, results)


def crewai(path):
    """Calls and results are in the replies' texts, between which the program speaks as the user; failed calls as with camel()."""
    messages = json.loads(path.read_text())
    said = [m["content"] for m in messages if m["role"] == "assistant"]
    replies = [("Thought: " in text, [(key, *re.search(r"Action: (.*)\nAction Input: (.*)", text).groups())]) for key, text in enumerate(said)]
    results = [(key, text.partition("\nObservation: ")[2], False) for key, text in enumerate(said)]
    return of_run(sum(m["role"] == "user" for m in messages), replies, results)


def llm_logs(path):
    """A reply a row, with the results of the calls of the row before."""
    rows = json.loads(path.read_text())
    replies = [(bool(row["reasoning"]), [(call["tool_call_id"], call["name"], call["arguments"]) for call in row["tool_calls"]])
               for row in rows]
    results = [(given["tool_call_id"], given["output"], bool(given["exception"])) for row in rows for given in row["tool_results"]]
    return of_run(sum(bool(row["prompt"]) for row in rows), replies, results)
