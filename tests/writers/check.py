"""Lets writers write logs and holds what AgentEcho reads of them against plain counts.

check.py AGENTECHO FOLDER [WRITER...]: the environments beside FOLDER have the writers installed; logs are left in FOLDER.
"""

import dataclasses
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import plain_counts

HERE = pathlib.Path(__file__).parent

# Writer: its script with arguments, the files (with "/" the folders) that it leaves, and who counts them.
WRITERS = {
    "inspect": (["write_inspect.py"], "*.*", plain_counts.inspect),
    "mini-swe-agent": (["write_mini_swe_agent.py"], "*.traj.json", plain_counts.mini_swe_agent),
    "smolagents": (["write_smolagents.py"], "*.json", plain_counts.smolagents),
    "atif": (["write_atif.py"], "*.json", plain_counts.atif),
    "openinference": (["write_traces.py", "openinference"], "*.jsonl", plain_counts.traces),
    "opentelemetry": (["write_traces.py", "opentelemetry"], "*.jsonl", plain_counts.traces),
    "agentdojo": (["write_agentdojo.py"], "**/none.json", plain_counts.agentdojo),
    "langchain": (["write_langchain.py"], "*.jsonl", plain_counts.langchain),
    "langgraph": (["write_langgraph.py"], "*.json*", plain_counts.langgraph),
    "dspy": (["write_dspy.py"], "*.jsonl", plain_counts.dspy),
    "openai-agents": (["write_openai_agents.py"], "*.json*", plain_counts.openai_agents),
    "openai-agents-logs": (["write_openai_agents_logs.py"], "*.jsonl", plain_counts.openai_agents_logs),
    "opik": (["write_opik.py"], "*.json*", plain_counts.model_calls),
    "braintrust": (["write_braintrust.py"], "*.jsonl", plain_counts.model_calls),
    "cli-agents": (["write_cli_agents.py"], "*.jsonl", plain_counts.cli_agents),
    "vercel": (["write_vercel.mjs", "runs.jsonl"], "*.jsonl", plain_counts.vercel),
    "vercel-steps": (["write_vercel.mjs", "steps.jsonl"], "*.jsonl", plain_counts.vercel_steps),
    "vercel-ui": (["write_vercel_ui.mjs", "shown.jsonl"], "*.jsonl", plain_counts.vercel_ui),
    "browser-use": (["write_browser_use.py"], "*.json", plain_counts.browser_use),
    "mlflow": (["write_mlflow.py"], "*.json*", plain_counts.mlflow),
    "autogen": (["write_autogen.py"], "*.jsonl", plain_counts.autogen),
    "swebench": (["write_swebench.py"], "prov__*/", plain_counts.swebench),
    "pydantic-ai": (["write_pydantic_ai.py"], "*.json", plain_counts.pydantic_ai),
    "google-adk": (["write_google_adk.py"], "*.json*", plain_counts.google_adk),
    "llama-index": (["write_llama_index.py"], "*.json", plain_counts.llama_index),
    "haystack": (["write_haystack.py"], "*.json", plain_counts.haystack),
    "agent-framework": (["write_agent_framework.py"], "*.json", plain_counts.agent_framework),
    "camel": (["write_camel.py"], "*.json", plain_counts.camel),
    "crewai": (["write_crewai.py"], "*.json", plain_counts.crewai),
    "llm": (["write_llm.py"], "logs.json", plain_counts.llm_logs),
}
# Those that want other versions of what the rest is built on have environments of their own.
VENVS = {"browser-use": "venv-other", "mlflow": "venv-other"} | {
    name: f"venv-{name}" for name in ("autogen", "swebench", "pydantic-ai", "google-adk", "llama-index", "haystack",
                                      "agent-framework", "camel", "crewai", "llm")}
FORMS = ("openai", "atif", "tau2")
UNMARKED = ("openai", "atif")  # have no place for what marks a failed call


def converted(agentecho, path, form="agentecho"):
    command = [agentecho, "convert", path, "--to", form, "--quiet", "--allow-partial"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def counted_of(agentecho, path):
    """What is read of the file."""
    command = [agentecho, "inspect", path, "--json", "--quiet", "--allow-partial"]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return plain_counts.of_own_form(converted(agentecho, path), sum(model["n_errors"] for model in found["models"]))


def counted_again(agentecho, path, form):
    """What is read of the file written in another form."""
    with tempfile.TemporaryDirectory() as folder:
        again = pathlib.Path(folder) / ("again.json" if form == "tau2" else "again.jsonl")
        again.write_text(converted(agentecho, path, form))
        return counted_of(agentecho, again)


def check(agentecho, folder, name):
    script, pattern, count = WRITERS[name]
    out = folder / name
    out.mkdir(parents=True)
    if script[0].endswith(".mjs"):  # imports what is installed above it
        command = ["node", shutil.copy(HERE / script[0], folder.parent / "npm"), out / script[1]]
    else:
        venv = folder.parent / VENVS.get(name, "venv")
        command = [venv / "bin" / "python", HERE / script[0], out, *script[1:]]
    written = subprocess.run(command, capture_output=True, text=True)
    if written.returncode != 0:
        print(f"{name}: could not write\n{written.stderr[-2000:]}")
        return False
    files = sorted(path for path in out.glob(pattern) if path.is_dir() == pattern.endswith("/"))
    good = bool(files)
    for path in files:
        counted = count(path)
        try:
            read = counted_of(agentecho, path)
            again = {form: counted_again(agentecho, path, form) for form in FORMS}
        except subprocess.CalledProcessError as error:
            print(f"NOT READ: {name}/{path.name}: {counted}\n{error.stderr}")
            good = False
            continue
        left = {form: dataclasses.replace(counted, errors=None) if form in UNMARKED else counted for form in FORMS}
        same = counted.is_read_as(read) and all(left[form].is_read_as(more) for form, more in again.items())
        good = good and same and counted.calls > 0
        print(f"{'same' if same else 'NOT THE SAME'}: {name}/{path.name}: {counted}")
        if not same:
            print(f"  read: {read}")
            for form, more in again.items():
                print(f"  through {form}: {more}")
    return good


def main(agentecho, folder, *names):
    results = [check(agentecho, pathlib.Path(folder), name) for name in names or WRITERS]
    print(f"{sum(results)} of {len(results)} writers agree")
    return 0 if all(results) else 1


sys.exit(main(*sys.argv[1:]))
