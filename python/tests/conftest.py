"""Where the tests find the program, the sample and the real logs."""

import os
import pathlib
import shutil
import subprocess

import pytest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
SAMPLE = SOURCE / "examples" / "simulated"
CORPUS = SOURCE.parent / "shared" / "corpus"


@pytest.fixture(scope="session")
def program():
    """Runs the program in the source folder; gives standard output."""
    found = os.environ.get("AGENTECHO") or shutil.which("agentecho")
    assert found, "the program is neither in $AGENTECHO nor on the PATH"

    def run(*arguments):
        command = [found, *map(str, arguments), "--quiet"]
        done = subprocess.run(command, cwd=SOURCE, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    run.path = found
    return run


@pytest.fixture(autouse=True)
def in_source_folder(monkeypatch):
    """Paths are spelled alike for the program and for Python, since results name their inputs."""
    monkeypatch.chdir(SOURCE)


@pytest.fixture(scope="session")
def retail():
    folder = CORPUS / "tau-bench-retail"
    if not folder.exists():
        pytest.skip("the real logs are not beside the project")
    return folder
