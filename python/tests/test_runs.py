"""Runs straight from Python: lists, data frames, tables, logs of Inspect; no files."""

import json
import types

import pytest

import agentecho as ae

pytestmark = pytest.mark.filterwarnings("ignore::agentecho.AgentEchoWarning")


def call(name, number, **arguments):
    return {"id": f"c{number}", "type": "function",
            "function": {"name": name, "arguments": json.dumps(arguments)}}  # fmt: skip


def runs():
    """Two models, three tasks; b leaves the search out."""
    made = []
    for model in ("a", "b"):
        for task in range(3):
            names = ["search", "read", "write"] if model == "a" or task == 0 else ["read", "write"]
            messages = [{"role": "user", "content": f"do task {task}"}]
            for i, name in enumerate(names):
                messages.append({"role": "assistant", "content": f"I will {name}.",
                                 "tool_calls": [call(name, i, item=f"item-{task}-{i}")]})  # fmt: skip
                messages.append({"role": "tool", "tool_call_id": f"c{i}", "content": f"item-{task}-{i + 1}"})
            messages.append({"role": "assistant", "content": "Done."})
            made.append({"model": model, "task_id": str(task), "trial": 0, "messages": messages, "success": True})
    return made


@pytest.fixture()
def pairs(tmp_path):
    """What the same runs give as a file."""
    path = tmp_path / "runs.jsonl"
    path.write_text("".join(json.dumps(run) + "\n" for run in runs()))
    corpus = ae.load(path)
    assert corpus.models == ["a", "b"] and len(corpus) == 6 and corpus.tools == ["read", "search", "write"]
    return ae.compare(corpus).to_dict()["pairs"]


def scored(source, **options):
    corpus = ae.load(source, **options)
    assert len(corpus) == 6
    return ae.compare(corpus).to_dict()["pairs"]


def test_dicts(pairs):
    assert scored(runs()) == pairs
    assert scored(tuple(runs())) == pairs
    assert scored(run for run in runs()) == pairs


def test_objects_of_a_client(pairs):
    class Message:
        def __init__(self, message):
            self.message = message

        def model_dump(self, **_):
            return {**self.message, "refusal": None}

    objects = [{**run, "messages": [Message(m) for m in run["messages"]]} for run in runs()]
    assert scored(objects) == pairs


def test_pandas(pairs):
    pandas = pytest.importorskip("pandas")
    assert scored(pandas.DataFrame(runs())) == pairs


def test_arrow_of_structs(pairs):
    pyarrow = pytest.importorskip("pyarrow")
    table = pyarrow.Table.from_pylist(runs())
    assert scored(table) == pairs
    assert scored(table.to_reader(max_chunksize=2)) == pairs


def test_arrow_of_json_text(pairs):
    pyarrow = pytest.importorskip("pyarrow")
    rows = [{**run, "messages": json.dumps(run["messages"], indent=1)} for run in runs()]
    assert scored(pyarrow.Table.from_pylist(rows)) == pairs
    records = pyarrow.table({"line": [json.dumps(run) for run in runs()]})
    assert scored(records, text_column="line") == pairs


def test_arrow_of_files(pairs):
    pyarrow = pytest.importorskip("pyarrow")
    lines = [json.dumps(run) + "\n" for run in runs()]
    files = pyarrow.table({"path": ["1.jsonl", "2.jsonl"],
                           "bytes": ["".join(lines[:3]).encode(), "".join(lines[3:]).encode()]})  # fmt: skip
    assert scored(files, content_column="bytes") == pairs


def test_polars(pairs):
    polars = pytest.importorskip("polars")
    rows = [{**run, "messages": json.dumps(run["messages"])} for run in runs()]
    assert scored(polars.DataFrame(rows)) == pairs


def test_inspect_logs(pairs):
    """The shape of inspect_ai.log.EvalLog: what counts is its own JSON."""

    def log(model):
        samples = [{"id": run["task_id"], "epoch": 1, "input": run["messages"][0]["content"], "target": "",
                    "messages": run["messages"], "scores": {"match": {"value": "C"}}}
                   for run in runs() if run["model"] == model]  # fmt: skip
        for sample in samples:
            for message in sample["messages"]:
                for c in message.get("tool_calls", []):
                    function = c.pop("function")
                    c["function"], c["arguments"] = function["name"], json.loads(function["arguments"])
        document = {"version": 2, "status": "success", "eval": {"model": model, "task": "t", "created": "2026-01-01T00:00:00Z"},
                    "samples": samples}  # fmt: skip
        return types.SimpleNamespace(samples=samples, eval=document["eval"],
                                     model_dump_json=lambda **_: json.dumps(document))  # fmt: skip

    corpus = ae.load([log("a"), log("b")])
    assert corpus.models == ["a", "b"] and len(corpus) == 6
    found = ae.compare(corpus, metrics=["ags"]).to_dict()["pairs"]
    assert [p["ags"] for p in found] == [p["ags"] for p in pairs]


def test_what_is_no_run():
    with pytest.raises(ae.UsageError, match="no messages"):
        ae.load([{"model": "a"}])
    with pytest.raises(ae.UsageError, match="holds no runs"):
        ae.load(7)
    for source in ({"messages": []}, b"results", [1, 2], [b"results"]):
        with pytest.raises(ae.UsageError, match="path|no run"):
            ae.load(source)


def test_missing_text_in_columns_is_named():
    pyarrow = pytest.importorskip("pyarrow")
    with pytest.raises(ae.InputError, match='no column "line"'):
        ae.load(pyarrow.table({"text": ["{}"]}), text_column="line")
    with pytest.raises(ae.InputError, match='column "image" is of kind binary'):
        ae.load(pyarrow.table({"image": [b"GIF"]}))
