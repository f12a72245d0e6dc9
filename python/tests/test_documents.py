"""The notebook and the examples of the documentation, executed."""

import os
import re

import pytest
from conftest import SOURCE

pytestmark = pytest.mark.filterwarnings("ignore::agentecho.AgentEchoWarning")


def test_notebook(tmp_path, monkeypatch):
    nbclient = pytest.importorskip("nbclient")
    nbformat = pytest.importorskip("nbformat")
    monkeypatch.setenv("FIGURE", str(tmp_path / "matrix.svg"))
    monkeypatch.setenv("PAGE", str(tmp_path / "report.html"))
    notebook = nbformat.read(SOURCE / "examples/logs_to_figure.ipynb", as_version=4)
    nbclient.NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(SOURCE / "examples")}}).execute()
    assert (tmp_path / "matrix.svg").read_text().startswith("<svg")
    assert (tmp_path / "report.html").read_text().startswith("<!")
    shown = [o for cell in notebook.cells if cell.cell_type == "code" for o in cell.outputs]
    assert any("<svg" in o.get("data", {}).get("text/html", "") for o in shown)


@pytest.mark.parametrize("document", ["docs/python.md"])
def test_examples_of(document, tmp_path, monkeypatch, capsys):
    """All blocks marked `python` run in order, in a folder that has the sample as results/."""
    for package in ("pandas", "polars", "pyarrow", "duckdb"):
        pytest.importorskip(package)
    text = (SOURCE / document).read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(blocks) == 5
    os.symlink(SOURCE / "examples/simulated", tmp_path / "results")
    monkeypatch.chdir(tmp_path)
    names = {}
    for block in blocks:
        exec(compile(block, document, "exec"), names)
