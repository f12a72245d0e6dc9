"""Tables for pandas, polars, DuckDB and pyarrow: the same numbers as in the document."""

import json
import math

import pytest

import agentecho as ae

duckdb = pytest.importorskip("duckdb")
pandas = pytest.importorskip("pandas")
polars = pytest.importorskip("polars")
pyarrow = pytest.importorskip("pyarrow")

SAMPLE = "examples/simulated"
pytestmark = pytest.mark.filterwarnings("ignore::agentecho.AgentEchoWarning")


@pytest.fixture(scope="module")
def compared():
    return ae.compare(SAMPLE, metrics=["ags"], replicates=200)


def ags_of(result):
    return {(p["a"], p["b"]): p["ags"] for p in result.to_dict()["pairs"]}


def test_pyarrow(compared):
    table = pyarrow.table(compared.pairs)
    assert table.num_rows == len(compared.pairs)
    assert table.column_names == compared.pairs.column_names
    rows = [row for row in table.to_pylist() if row["metric"] == "ags" and row["profile"] == "paper"]
    assert {(r["a"], r["b"]): r["value"] for r in rows} == ags_of(compared)
    assert all(r["low"] <= r["value"] <= r["high"] for r in rows if r["low"] is not None)


def test_pandas(compared):
    frame = compared.pairs.to_pandas()
    rows = frame[(frame.metric == "ags") & (frame.profile == "paper")]
    found = {(a, b): None if math.isnan(v) else v for a, b, v in zip(rows.a, rows.b, rows.value)}
    assert found == ags_of(compared)


def test_polars(compared):
    frame = polars.DataFrame(compared.pairs)
    rows = frame.filter((polars.col("metric") == "ags") & (polars.col("profile") == "paper"))
    assert {(r["a"], r["b"]): r["value"] for r in rows.to_dicts()} == ags_of(compared)
    assert compared.pairs.to_polars().equals(frame)


def test_duckdb(compared):
    pairs = compared.pairs.to_arrow()  # noqa: F841 (DuckDB finds it by its name)
    rows = duckdb.sql("SELECT a, b, value FROM pairs WHERE metric = 'ags' AND profile = 'paper'").fetchall()
    assert {(a, b): value for a, b, value in rows} == ags_of(compared)


def test_tasks(compared):
    tasks = pyarrow.table(compared.tasks).to_pylist()
    assert {"a", "b", "benchmark", "domain", "task_id", "s_node"} <= set(tasks[0])
    n = {(p["a"], p["b"]): p["n_tasks"] for p in compared.to_dict()["pairs"]}
    assert len(tasks) == sum(n.values())


def test_a_table_can_be_taken_twice_and_outlives_the_result():
    pairs = ae.compare(SAMPLE, metrics=["ags"], replicates=0).pairs
    first = pyarrow.table(pairs)
    second = pyarrow.table(pairs)
    del pairs
    assert first.equals(second)


def test_feature_columns(tmp_path):
    corpus = ae.load(SAMPLE)
    corpus.write_features(tmp_path / "features.arrow")
    corpus.write_features(tmp_path / "features.jsonl")
    table = pyarrow.ipc.open_file(tmp_path / "features.arrow").read_all()
    assert table.equals(pyarrow.table(corpus.features()))
    lines = [json.loads(line) for line in open(tmp_path / "features.jsonl", encoding="utf-8")]
    assert table.schema.metadata[b"schema_version"].decode() == lines[0]["schema_version"]
    assert table.to_pylist() == [{name: line.get(name) for name in table.column_names} for line in lines]
    assert polars.read_ipc(tmp_path / "features.arrow").height == len(lines)


def test_features_of_other_writers_are_read(tmp_path):
    corpus = ae.load(SAMPLE)
    runs = pyarrow.table(corpus.features())
    expected = ae.compare(corpus).to_dict()["pairs"]
    for name, codec in (("plain", None), ("zstd", "zstd")):
        path = tmp_path / f"{name}.arrow"
        options = pyarrow.ipc.IpcWriteOptions(compression=codec)
        with pyarrow.ipc.new_file(path, runs.schema, options=options) as writer:
            writer.write_table(runs, max_chunksize=17)
        assert ae.compare(path).to_dict()["pairs"] == expected
    polars.DataFrame(runs).write_ipc_stream(tmp_path / "polars.arrow", compat_level=polars.CompatLevel.oldest())
    assert ae.compare(tmp_path / "polars.arrow").to_dict()["pairs"] == expected
    assert ae.compare(polars.DataFrame(runs)).to_dict()["pairs"] == expected
    duck = duckdb.sql("SELECT * FROM runs").to_arrow_table()
    assert ae.compare(duck).to_dict()["pairs"] == expected
    with pyarrow.ipc.new_file(tmp_path / "lz4.arrow", runs.schema,
                              options=pyarrow.ipc.IpcWriteOptions(compression="lz4")) as writer:  # fmt: skip
        writer.write_table(runs)
    with pytest.raises(ae.InputError, match="Arrow data cannot be read|no trajectory"):
        ae.load(tmp_path / "lz4.arrow")
