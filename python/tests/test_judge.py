"""A judge that is a Python function."""

import pytest

import agentecho as ae

SAMPLE = ["examples/simulated/sim-alder-1.json", "examples/simulated/sim-birch-1.json"]
pytestmark = pytest.mark.filterwarnings("ignore::agentecho.AgentEchoWarning")


def pair_of(result):
    return next(p for p in result.to_dict()["pairs"] if p["a"] != p["b"])


def test_its_scores_are_the_figures():
    asked = []

    def three(stage, a, b):
        asked.append((stage, a, b))
        return 3, 3, 3, 4

    result = ae.compare(SAMPLE, metrics=["rps"], judge=three, replicates=0)
    rps = pair_of(result)["rps"]
    assert (rps["overall"], rps["style"], rps["backend"]) == (4, 3, "python:three")
    assert len(asked) >= rps["coverage"]["scored_stages"] == rps["coverage"]["shared_stages"] > 0
    stage, a, b = asked[0]
    assert isinstance(stage, str) and a and b and all(isinstance(text, str) and text for text in a + b)


def test_an_exception_is_no_score():
    calls = 0

    def fails_often(stage, a, b):
        nonlocal calls
        calls += 1
        if calls % 2 == 0:
            raise RuntimeError("out of breath")
        return [5, 5, 5, 5]

    result = ae.compare(SAMPLE, metrics=["rps"], judge=fails_often, replicates=0, min_coverage=0.9)
    assert pair_of(result)["rps"]["withheld"] and pair_of(result)["rps"]["overall"] is None
    assert any("out of breath" in warning for warning in result.warnings)
    calls = 0
    result = ae.compare(SAMPLE, metrics=["rps"], judge=fails_often, replicates=0, min_coverage=0.1)
    assert pair_of(result)["rps"]["overall"] == 5


@pytest.mark.parametrize("answer", [(3, 3, 3), (3, 3, 3, 6), (3, 3, 3, float("nan")), "four", None, [1, 2, 3, "x"]])
def test_what_is_no_answer(answer):
    result = ae.compare(SAMPLE, metrics=["rps"], judge=lambda *_: answer, replicates=0)
    assert pair_of(result)["rps"]["overall"] is None
    assert any("no score for" in warning for warning in result.warnings)


def test_a_corpus_without_texts_is_refused():
    with pytest.raises(ae.InputError, match="transcripts=True"):
        ae.compare(ae.load(SAMPLE), metrics=["rps"], judge=lambda *_: (3, 3, 3, 3))
