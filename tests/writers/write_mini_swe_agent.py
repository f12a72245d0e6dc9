"""mini-swe-agent mends a small repository with a scripted model: chat tools, Responses API, text blocks."""

import os
import pathlib
import subprocess
import sys
import tempfile

os.environ.update(MSWEA_SILENT_STARTUP="1", MSWEA_COST_TRACKING="ignore_errors", LITELLM_LOCAL_MODEL_COST_MAP="True")

import minisweagent  # noqa: E402
import yaml  # noqa: E402
from minisweagent.agents.default import DefaultAgent  # noqa: E402
from minisweagent.environments.local import LocalEnvironment  # noqa: E402
from minisweagent.models.litellm_model import LitellmModel  # noqa: E402
from minisweagent.models.litellm_response_model import LitellmResponseModel  # noqa: E402
from minisweagent.models.litellm_textbased_model import LitellmTextbasedModel  # noqa: E402
from scripted_server import ScriptedServer  # noqa: E402

COMMANDS = [
    ("Look around.", "ls -la && git log --oneline | head -3"),
    ("Find it.", "grep -rn 'def total' src | head; sed -n '1,20p' src/cart.py"),
    ("Reproduce.", "cat > check.py <<'EOF'\nimport sys\nsys.path.insert(0, 'src')\nfrom cart import total\n"
     "assert total([2, 3]) == 5\nEOF\npython3 check.py"),
    ("Mend.", "sed -i 's/a - b/a + b/' src/cart.py && python3 check.py && git diff > fix.patch"),
    ("Broken quotes.", "echo \"never closed"),
    ("Tidy up.", "rm check.py; (cd src && python3 -m py_compile cart.py) && git status --short | wc -l"),
    ("Done.", "echo COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT"),
]


def repository():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="repository-"))
    (folder / "src").mkdir()
    (folder / "src/cart.py").write_text(
        "def total(prices):\n    a = 0\n    for b in prices:\n        a = a - b\n    return a\n")
    git = ["git", "-c", "user.name=Ann", "-c", "user.email=ann@example.org"]
    subprocess.run(["git", "init", "-q", "."], cwd=folder, check=True)
    subprocess.run(["git", "add", "-A"], cwd=folder, check=True)
    subprocess.run([*git, "commit", "-qm", "Cart"], cwd=folder, check=True)
    return folder


def write(out, name, model_class, config_name, replies):
    config = yaml.safe_load((pathlib.Path(minisweagent.__file__).parent / "config" / config_name).read_text())
    model = {**config.get("model", {}), "model_name": "openai/scripted-1", "cost_tracking": "ignore_errors"}
    model["model_kwargs"] = {"api_base": ScriptedServer(replies).url, "api_key": "none"}
    settings = {k: v for k, v in config["agent"].items() if k not in ("mode", "confirm_exit", "output_path")}
    agent = DefaultAgent(model_class(**model), LocalEnvironment(cwd=str(repository())), **settings)
    agent.run("The total of a cart is negative")
    agent.save(out / f"{name}.traj.json", {"instance_id": "cart-1"})


def main(out):
    with_tools = [{"text": text, "reasoning": f"I should {text.lower()}", "calls": [("bash", {"command": command})]}
                  for text, command in COMMANDS]
    in_text = [{"text": f"THOUGHT: {text}\n\n```mswea_bash_command\n{command}\n```"} for text, command in COMMANDS]
    write(out, "tools", LitellmModel, "mini.yaml", with_tools)
    write(out, "responses", LitellmResponseModel, "mini.yaml", with_tools)
    write(out, "text", LitellmTextbasedModel, "mini_textbased.yaml", in_text)


main(pathlib.Path(sys.argv[1]))
