"""The figures are those of the program, to the bit: the very same JSON documents."""

import json

import pytest

import agentecho as ae

SAMPLE = "examples/simulated"
BEFORE, AFTER = "sim-birch-2", "sim-birch-2-after-sim-alder-1"

pytestmark = pytest.mark.filterwarnings("ignore::agentecho.AgentEchoWarning")


def test_compare(program):
    assert ae.compare(SAMPLE).json == program("compare", SAMPLE, "--json")


def test_compare_with_options(program):
    found = ae.compare(SAMPLE, metrics=["ags", "bigram", "ged"], reference="sim-alder-1", pool="sim-birch-1,sim-cedar-1".split(","),
                       mandatory="frequency=0.8", min_support=2, replicates=500, seed=7, level=0.9)  # fmt: skip
    said = program("compare", SAMPLE, "--metrics", "ags,bigram,ged", "--reference", "sim-alder-1", "--pool", "sim-birch-1,sim-cedar-1",
                   "--mandatory", "frequency=0.8", "--min-support", 2, "--replicates", 500, "--seed", 7, "--level", 0.9, "--json")  # fmt: skip
    assert found.json == said


def test_evidence(program):
    assert ae.evidence(SAMPLE).json == program("evidence", SAMPLE, "--json")
    pair = ["sim-alder-1", "sim-alder-2"]
    named = program("evidence", SAMPLE, "--json", "--pair", *pair, "--cohorts", "mode", "--replicates", "200")
    assert ae.evidence(SAMPLE, pair=pair, cohorts="mode", replicates=200).json == named
    assert "sim-alder-1 and sim-alder-2" in named


def test_distill(program):
    found = ae.distill(SAMPLE, before=BEFORE, after=AFTER, teacher="sim-alder-1", controls="sim-cedar-1")
    said = program("distill", SAMPLE, "--before", BEFORE, "--after", AFTER, "--teacher", "sim-alder-1",
                   "--control", "sim-cedar-1", "--json")  # fmt: skip
    assert found.json == said


def test_attribute(program):
    assert ae.attribute(SAMPLE, student=AFTER).json == program("attribute", SAMPLE, "--student", AFTER, "--json")


def test_attribute_with_the_runs_before(program):
    found = ae.attribute(SAMPLE, student=AFTER, before=BEFORE)
    assert found.json == program("attribute", SAMPLE, "--student", AFTER, "--before", BEFORE, "--json")
    assert any(name.startswith("step_") for name in found.candidates.column_names)


def test_distill_with_several_teachers(program):
    found = ae.distill(SAMPLE, before=BEFORE, after=AFTER, teacher=["sim-alder-1", "sim-alder-2"],
                       controls=["sim-cedar-1", "sim-birch-1"])  # fmt: skip
    said = program("distill", SAMPLE, "--before", BEFORE, "--after", AFTER, "--teacher", "sim-alder-1,sim-alder-2",
                   "--control", "sim-cedar-1,sim-birch-1", "--json")  # fmt: skip
    assert found.json == said
    assert len(found.standings) > 0 and len(found.standings) % 2 == 0


def document(text):
    """Without the command to type next, which is the program's."""
    return {key: value for key, value in json.loads(text).items() if key != "next"}


def test_drift(program):
    before, after = f"{SAMPLE}/{BEFORE}.json", f"{SAMPLE}/{AFTER}.json"
    found = ae.drift(before, after, replicates=999)
    assert document(found.json) == document(program("drift", "--baseline", before, after, "--replicates", 999, "--json"))
    assert found.verdict and found.verdict in " ".join(str(found).split())  # which wraps it


def test_identify(program):
    unknown = f"{SAMPLE}/sim-alder-1.json"
    found = ae.identify(SAMPLE, unknown, claimed="sim-birch-1", replicates=499)
    said = program("identify", "--reference", SAMPLE, unknown, "--claimed", "sim-birch-1", "--replicates", 499, "--json")
    assert document(found.json) == document(said)
    assert len(found.candidates) == 6 and "not consistent" in found.verdict


def test_identify_takes_prepared_runs_and_says_what_it_needs():
    reference = ae.load(SAMPLE, identify=True)
    unknown = ae.load(f"{SAMPLE}/sim-cedar-1.json", identify=True)
    found = ae.identify(reference, unknown, channels="wording", replicates=199)
    assert "sim-cedar-1" in found.verdict
    with pytest.raises(ae.UsageError, match="channel"):
        ae.identify(reference, unknown, channels=["tone"])
    with pytest.raises(ae.UsageError, match="labels"):
        ae.identify(reference, reference)
    with pytest.raises(ae.InputError):
        ae.identify(ae.load(SAMPLE), unknown)


def test_diversity(program):
    found = ae.diversity(SAMPLE, replicates=500, different=4, nearest=2)
    said = program("diversity", SAMPLE, "--replicates", 500, "--different", 4, "--nearest", 2, "--json")
    assert found.json == said
    assert len(found.substitutes) == 12 and found.verdict.startswith("These 6 models are worth")


def test_explain_task(program):
    found = ae.explain(SAMPLE, "sim-alder-1", "sim-alder-2", task="t0007")
    said = program("explain", "sim-alder-1", "sim-alder-2", SAMPLE, "--task", "t0007", "--json")
    assert found.json == said
    assert found.verdict and found.tables == {}
    with pytest.raises(ae.UsageError, match="whole runs"):
        ae.explain(ae.load(SAMPLE), "sim-alder-1", "sim-alder-2", task="t0007")


def test_explain(program):
    found = ae.explain(SAMPLE, "sim-alder-1", "sim-alder-2")
    assert found.json == program("explain", "sim-alder-1", "sim-alder-2", SAMPLE, "--json")


def test_inspect(program):
    assert ae.load(SAMPLE).inspect() == json.loads(program("inspect", SAMPLE, "--json"))


def test_threads_change_no_figure():
    assert ae.compare(SAMPLE, threads=1).json == ae.compare(SAMPLE, threads=3).json


def test_features(program, tmp_path):
    program("compare", SAMPLE, "--out", tmp_path / "lines", "--features-format", "jsonl")
    program("compare", SAMPLE, "--out", tmp_path / "table", "--features-format", "arrow")
    corpus = ae.load(SAMPLE, metrics=["ags", "rps"], drift=False)
    corpus.write_features(tmp_path / "features.arrow")
    corpus.write_features(tmp_path / "features.jsonl")
    assert (tmp_path / "features.arrow").read_bytes() == (tmp_path / "table/features.arrow").read_bytes()
    assert (tmp_path / "features.jsonl").read_bytes() == (tmp_path / "lines/features.jsonl").read_bytes()
    assert pairs(ae.compare(corpus.features())) == pairs(ae.compare(SAMPLE))


def test_prepared_once_scored_many():
    corpus = ae.load(SAMPLE)
    assert pairs(ae.compare(corpus)) == pairs(ae.compare(SAMPLE))
    assert ae.evidence(corpus).to_dict()["tables"] == ae.evidence(SAMPLE).to_dict()["tables"]


def test_retail(program, retail):
    assert ae.compare(retail).json == program("compare", retail, "--json")
    assert ae.evidence(retail).json == program("evidence", retail, "--json")


def pairs(result):
    return result.to_dict()["pairs"]
