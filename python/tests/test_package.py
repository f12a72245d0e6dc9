"""Errors, interruption, types, speed: what makes it a package rather than a program."""

import contextlib
import math
import os
import pathlib
import pickle
import re
import signal
import subprocess
import sys
import threading
import time

import pytest

import agentecho as ae

SAMPLE = "examples/simulated"


def test_errors_have_kind_and_hint():
    with pytest.raises(ae.UsageError) as caught:
        ae.compare(SAMPLE, reference="sim-alder-9")
    assert caught.value.kind == "usage" and "sim-alder" in caught.value.hint
    assert isinstance(caught.value, ValueError)
    with pytest.raises(ae.InputError, match="nowhere") as caught:
        ae.load("nowhere")
    assert caught.value.kind == "input"
    with pytest.raises(ae.UsageError, match="agss"):
        ae.load(SAMPLE, metrics=["agss"])
    again = pickle.loads(pickle.dumps(caught.value))
    assert (type(again), again.kind, str(again)) == (ae.InputError, "input", str(caught.value))


@pytest.mark.parametrize(
    "options",
    [{"level": 95}, {"level": 0.0}, {"level": -1.0}, {"level": math.nan}, {"level": "high"}, {"metrics": []},
     {"models": []}, {"pool": []}, {"replicates": -1}, {"replicates": 10.5}, {"seed": -1}, {"threads": -1},
     {"min_support": -3}, {"judge": 3}, {"judge": lambda *_: (1, 1, 1, 1), "min_coverage": 2.0}],
)  # fmt: skip
def test_options_that_make_no_sense_are_refused(options):
    with pytest.raises(ae.UsageError, match="|".join(options)):
        ae.compare(SAMPLE, **{"metrics": ["ags"], **options})


def test_limits_hold_for_every_analysis():
    corpus = ae.load(SAMPLE, metrics=["ags"], identify=True)
    for call in (
        lambda **o: ae.evidence(corpus, metrics=["ags"], **o),
        lambda **o: ae.diversity(corpus, metrics=["ags"], **o),
        lambda **o: ae.identify(corpus, corpus, **o),
        lambda **o: ae.drift(corpus, corpus, **o),
        lambda **o: ae.attribute(corpus, student=corpus.models[0], metrics=["ags"], **o),
    ):
        with pytest.raises(ae.UsageError, match="level"):
            call(level=95)
    with pytest.raises(ae.UsageError, match="margin"):
        ae.drift(corpus, corpus, margin=-5.0)
    with pytest.raises(ae.UsageError, match="candidates"):
        ae.attribute(corpus, student=corpus.models[0], metrics=["ags"], candidates=[])


def test_a_part_that_was_not_prepared_is_said():
    with pytest.raises(ae.InputError, match="bigram"):
        ae.compare(ae.load(SAMPLE, metrics=["ags"]), metrics=["bigram"])


def test_warnings_are_warnings(tmp_path):
    (tmp_path / "a.jsonl").write_text("{broken\n" + '{"model":"m","task_id":"1","messages":[{"role":"user","content":"hi"},'
                                      '{"role":"assistant","content":"yes"}]}\n' * 1)  # fmt: skip
    with pytest.warns(ae.AgentEchoWarning):
        corpus = ae.load(tmp_path / "a.jsonl", allow_partial=True, allow_invalid=True)
    assert len(corpus) == 1 and corpus.warnings


def test_what_must_not_be_scored_is_refused(tmp_path):
    line = '{"model":"%s","task_id":"1","messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"yes"}]}\n'
    (tmp_path / "a.jsonl").write_text(line % "a" + line % "b")
    with pytest.raises(ae.InputError, match="allow_invalid=True"):
        ae.load(tmp_path / "a.jsonl")


def test_an_unknown_table_is_said():
    result = ae.compare(SAMPLE, metrics=["ags"], replicates=0)
    with pytest.raises(AttributeError, match="pairs, tasks"):
        result.rows  # noqa: B018
    assert "pairs" in dir(result) and "pairs" in repr(result)


def test_html():
    result = ae.evidence(SAMPLE, replicates=200)
    shown = result._repr_html_()
    assert result.verdict and len(result.figures) == 2
    assert shown.count("<svg") == 2 and "<script" not in shown
    page = result.to_html(title="T & co")
    assert page.startswith("<!") and "T &amp; co" in page and "http-equiv" in page
    with pytest.raises(ae.UsageError):
        result.to_html(redact=["("])
    other = ae.attribute(SAMPLE, student="sim-birch-2-after-sim-alder-1")
    assert other.verdict[:20].replace('"', "&quot;") in other.to_html().replace("&#x27;", "'")


def test_html_to_a_file(tmp_path):
    result = ae.compare(SAMPLE, metrics=["ags"], replicates=0)
    assert result.to_html(str(tmp_path / "a.html")) == (tmp_path / "a.html").read_text()
    assert os.listdir(tmp_path) == ["a.html"]


def test_names_of_models_are_never_markup(tmp_path):
    run = ('{"model":"<script>alert(1)</script>%d","task_id":"1","messages":[{"role":"user","content":"hi"},{"role":"assistant",'
           '"content":"yes","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},'
           '{"role":"tool","tool_call_id":"c","content":"x"}]}\n')  # fmt: skip
    (tmp_path / "a.jsonl").write_text("".join(run % i for i in range(3)))
    result = ae.compare(tmp_path / "a.jsonl", metrics=["ags"], replicates=0)
    assert "<script" not in result._repr_html_() and "<script" not in result.to_html()


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(ae.MissingPackageError, match="polars"):
        ae.compare(SAMPLE, metrics=["ags"], replicates=0).pairs.to_polars()


def test_other_threads_go_on():
    """The GIL is released: another thread counts while an analysis runs."""
    counted = 0
    done = threading.Event()

    def count():
        nonlocal counted
        while not done.is_set():
            counted += 1
            time.sleep(0.001)

    thread = threading.Thread(target=count)
    thread.start()
    started = time.monotonic()
    ae.compare(SAMPLE, metrics=["ags"], replicates=30_000)
    took = time.monotonic() - started
    done.set()
    thread.join()
    assert counted > took * 1000 / 50


def test_interrupt_stops_reading(tmp_path):
    """Ctrl-C while a pipe is read that never ends."""
    pipe = tmp_path / "runs.jsonl"
    os.mkfifo(pipe)
    script = "import agentecho as ae, sys; print('go', flush=True); ae.load(sys.argv[1])"
    reader = subprocess.Popen([sys.executable, "-c", script, str(pipe)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert reader.stdout.readline() == "go\n"
    # Unbuffered, so that nothing is left to be written when the reader has gone.
    with open(pipe, "wb", buffering=0) as writer, contextlib.suppress(BrokenPipeError):
        writer.write(b'{"model":"m","task_id":"1","messages":[{"role":"user","content":"hi"}]}\n' * 1000)
        time.sleep(0.5)
        reader.send_signal(signal.SIGINT)
        time.sleep(0.5)
        for _ in range(200):
            writer.write(b'{"model":"m","task_id":"1","messages":[]}\n' * 1000)
    assert reader.wait(timeout=20) != 0
    assert "KeyboardInterrupt" in reader.stderr.read()


def test_every_public_function_is_documented_and_typed():
    package = pathlib.Path(ae.__file__).parent
    assert (package / "py.typed").exists() and (package / "_core.pyi").exists()
    for name in ae.__all__:
        item = getattr(ae, name)
        assert item.__doc__, name
        if callable(item) and not isinstance(item, type):
            assert "return" in item.__annotations__, name


def test_version_is_that_of_the_program(program):
    assert ae.__version__ in program_version(program)


def program_version(program):
    return subprocess.run([program.path, "version"], capture_output=True, text=True, check=True).stdout


# A machine that does other work is no place to measure time.
timed = pytest.mark.skipif(not os.environ.get("AGENTECHO_TIMED"), reason="AGENTECHO_TIMED=1 measures times")


@timed
def test_import_is_quick():
    """At most 100 ms, the best of some: others may use the machine."""
    times = []
    for _ in range(7):
        done = subprocess.run([sys.executable, "-X", "importtime", "-c", "import agentecho"], capture_output=True,
                              text=True, check=True)  # fmt: skip
        line = next(line for line in done.stderr.splitlines() if line.endswith(" agentecho"))
        times.append(int(re.findall(r"\d+", line)[1]))
    assert min(times) < 100_000, f"{min(times)} µs"


@timed
def test_overhead_on_real_logs(program, retail):
    """compare() costs at most 5 % more CPU time than the program; the best of some of each."""
    import resource

    def of_program():
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        program("compare", retail, "--json", "--threads", 1)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def of_python():
        started = time.process_time()
        ae.compare(retail, threads=1)
        return time.process_time() - started

    ratio = min(of_python() for _ in range(5)) / min(of_program() for _ in range(5))
    print(f"overhead on retail: {100 * (ratio - 1):+.1f} %")
    assert ratio < 1.05
