"""How alike two LLM agents behave where the task leaves them a choice.

>>> import agentecho as ae
>>> corpus = ae.load("results/")
>>> ae.compare(corpus, metrics=["ags"]).pairs.to_pandas()
>>> ae.evidence(corpus)                      # shows verdict, heat map and tree in a notebook

Every analysis takes a corpus made by `load`, or whatever `load` takes, and gives a `Result`: its
``verdict`` in words, its tables in Arrow's layout, ``to_dict()`` with the document that the program
``agentecho`` prints with ``--json``, ``to_html()``. The figures are those of the program, to the bit.

Work runs without the GIL on as many threads as there are cores (``threads=`` says otherwise and never
changes a figure). Ctrl-C stops reading at once, an analysis when it is done. What goes wrong is an
`AgentEchoError` with ``kind`` and ``hint``. Definitions: docs/method.md.
"""

from __future__ import annotations

import os
import warnings as _warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from . import _core, _inputs
from ._errors import AgentEchoError, InputError, MissingPackageError, UsageError
from ._results import Result, Table

__version__: str = _core.__version__

__all__ = [
    "AgentEchoError",
    "AgentEchoWarning",
    "Corpus",
    "InputError",
    "MissingPackageError",
    "Result",
    "Table",
    "UsageError",
    "attribute",
    "compare",
    "distill",
    "diversity",
    "drift",
    "evidence",
    "explain",
    "feature_schema",
    "features",
    "identify",
    "load",
]

_Names = Iterable[str] | str | None
_COMPARE = ("ags", "rps")
_STUDY = ("ags", "rps", "bigram")


class AgentEchoWarning(UserWarning):
    """What to know of the logs before believing a score (docs/validity.md)."""


class Corpus:
    """Prepared runs: all that the analyses need, without the text. Made by `load`."""

    def __init__(self, core: Any) -> None:
        self._core = core

    @property
    def models(self) -> list[str]:
        """Names, in the order in which every table has them."""
        return self._core.models

    @property
    def tasks(self) -> list[tuple[str, str, str]]:
        """(benchmark, domain, task id) of each task."""
        return [tuple(task) for task in self._core.tasks]

    @property
    def tools(self) -> list[str]:
        """Names of all tools called."""
        return self._core.tools

    @property
    def warnings(self) -> list[str]:
        """What was lost while reading and what speaks against believing a score."""
        return self._core.warnings

    def __len__(self) -> int:
        """Number of runs."""
        return len(self._core)

    def inspect(self) -> dict[str, Any]:
        """What the logs hold, as ``agentecho inspect --json``."""
        import json

        return json.loads(self._core.inspect())

    def features(self) -> Table:
        """One row a run (docs/formats.md has the columns); `load` reads such a table back."""
        return Table(self._core.features())

    def write_features(self, path: str | os.PathLike) -> None:
        """Features as a file: an Arrow IPC file for ``.arrow``, else features.jsonl."""
        _core.write_features(self._core, os.fspath(path))

    def __repr__(self) -> str:
        return f"<agentecho.Corpus: {len(self):,} runs, {len(self.models)} models, {len(self.tasks)} tasks>"


def load(
    source: Any = None,
    *,
    model: Mapping[str, Any] | None = None,
    rename: Mapping[str, str] | None = None,
    path: str | Sequence[str] | None = None,
    format: str = "auto",
    success_key: str = "",
    tools: Mapping[str, Any] | str | os.PathLike | None = None,
    tool_map: Mapping[str, str] | None = None,
    taxonomy: Mapping[str, Any] | str | os.PathLike | None = None,
    verifier: str = "provenance",
    actions: str = "default",
    action_table: Mapping[str, Any] | str | os.PathLike | None = None,
    tasks_by_position: bool = False,
    merge: bool = False,
    success_only: bool = False,
    allow_partial: bool = False,
    allow_invalid: bool = False,
    metrics: _Names = ("ags", "rps", "bigram"),
    drift: bool = True,
    identify: bool = False,
    phrases: bool = True,
    transcripts: bool = False,
    text_column: str = "",
    content_column: str = "",
    path_column: str = "path",
    json_columns: _Names = ("messages", "tools"),
    threads: int = 0,
) -> Corpus:
    """Reads logs and prepares them.

    Parameters
    ----------
    source
        Paths (files, folders, globs; logs or feature files); or runs from Python: a list of dicts
        ``{"model": …, "task_id": …, "trial": …, "messages": [OpenAI messages], "success": …}``; a table
        with a column for each of these members, as a pandas or polars data frame, a pyarrow table or
        anything with ``__arrow_c_stream__``; a table of features; logs of Inspect (``EvalLog``).
    model
        Model names to paths: ``{"mine": "run1.json"}``, read besides ``source``.
    rename
        Model names as the logs have them to what they are to be called.
    path
        Patterns such as ``"{model}/{domain}/{task}.json"``: what paths say (docs/formats.md).
    format
        As ``--format``; ``"auto"`` looks at each file.
    success_key
        The member that says success or reward.
    tools, tool_map
        Kinds of tools (READ, WRITE), and names of tools to join; JSON, a dict or a file.
    taxonomy
        Stages of another taxonomy; JSON, a dict or a file.
    verifier
        What finds dependencies between calls: ``"provenance"`` (default) or another of the program.
    actions, action_table
        How calls of shells and editing tools become nodes, as ``--actions`` and ``--action-table``
        (docs/shell.md); JSON, a dict or a file.
    tasks_by_position, merge, success_only, allow_partial, allow_invalid
        As the options of the program; what must not be scored is otherwise an `InputError`.
    metrics, drift, identify, phrases, transcripts
        What is prepared: metrics that will be asked for; habits for `drift`; hashed counts of characters and
        calls for `identify`; phrases for `evidence` and
        `explain`; whole transcripts for ``to_html(transcripts=True)``. Less is faster and smaller.
    text_column, content_column, path_column, json_columns
        For tables in other shapes: each value of ``text_column`` is a record as JSON; or each row is a
        whole log file, its bytes in ``content_column`` and its name in ``path_column``. Text columns of
        ``json_columns`` hold JSON.
    threads
        0: one per core.

    Raises
    ------
    InputError
        Nothing to read, or what must not be scored.
    UsageError
        An option that makes no sense.

    Warns
    -----
    AgentEchoWarning
        For what was lost and for what a reader of scores must know; also ``Corpus.warnings``.
    """
    options: dict[str, Any] = {
        "files": [(p, name) for name, paths in (model or {}).items() for p in _inputs.strings(paths)],
        "rename": dict(rename or {}),
        "path": _inputs.strings(path),
        "format": format,
        "success_key": success_key,
        "tools": _inputs.as_text(tools, "tools"),
        "tool_map": dict(tool_map or {}),
        "taxonomy": _inputs.as_text(taxonomy, "taxonomy"),
        "verifier": verifier,
        "actions": actions,
        "action_table": _inputs.as_text(action_table, "action_table"),
        "tasks_by_position": tasks_by_position,
        "merge": merge,
        "success_only": success_only,
        "allow_partial": allow_partial,
        "allow_invalid": allow_invalid,
        "metrics": _inputs.strings(metrics),
        "drift": drift,
        "identify": identify,
        "phrases": phrases,
        "transcripts": transcripts,
        "text_column": text_column,
        "content_column": content_column,
        "path_column": path_column,
        "json_columns": _inputs.strings(json_columns),
        "threads": threads,
    }
    corpus = Corpus(_inputs.read(source, options))
    for warning in corpus.warnings:
        _warnings.warn(warning, AgentEchoWarning, stacklevel=2)
    return corpus


def _corpus(source: Any, **needs: Any) -> Any:
    """The prepared runs of `source`, with no more prepared than is needed."""
    if isinstance(source, Corpus):
        return source._core
    return load(source, **needs)._core


def _study(
    metrics: _Names,
    pool: _Names,
    mandatory: Any,
    min_support: int,
    replicates: int,
    seed: int,
    level: float,
    threads: int,
    **more: Any,
) -> dict[str, Any]:
    rule = isinstance(mandatory, str) and not mandatory.lstrip().startswith("{")
    return {
        "metrics": _inputs.strings(metrics),
        "pool": _inputs.names(pool, "pool"),
        "mandatory": mandatory if rule else "intersection",
        "mandatory_json": "" if rule else _inputs.as_text(mandatory, "mandatory"),
        "min_support": min_support,
        "replicates": replicates,
        "seed": seed,
        "level": level,
        "threads": threads,
        **{key: value for key, value in more.items() if value is not None},
    }


def compare(
    source: Any,
    *,
    reference: str | None = None,
    models: _Names = None,
    metrics: _Names = _COMPARE,
    pool: _Names = None,
    mandatory: str | Mapping[str, Any] = "intersection",
    min_support: int = 1,
    show_shared: tuple[str, str] | None = None,
    judge: Callable[[str, list[str], list[str]], Sequence[float]] | None = None,
    min_coverage: float = 0.8,
    replicates: int = 10_000,
    seed: int = 1,
    level: float = 0.95,
    threads: int = 0,
) -> Result:
    """Similarity of pairs of models with intervals, as ``agentecho compare``.

    Parameters
    ----------
    source
        A corpus, or what `load` takes.
    reference
        Compare this model with every other; None: all pairs.
    models
        Only these.
    metrics
        ``"ags"``, ``"rps"``, ``"bigram"``, ``"ged"``, ``"frequency"``, …
    pool, mandatory, min_support
        Whose successful runs decide which tools are optional, and how: a rule
        (``"intersection"``, ``"frequency=0.9"``, ``"none"``) or ``{"task": ["tool", …]}``.
    show_shared
        Two models whose shared phrases and habits go into ``to_dict()["shared_wording"]``.
    judge
        Judges RPS in place of the built-in judge: a function of the name of a stage and the texts of two
        runs at that stage, which gives style, structure, alignment and overall, each from 1 to 5 (an
        exception is no score, and is counted). A corpus must hold transcripts
        (``load(…, transcripts=True)``).
    min_coverage
        With a judge: below this share of answers the score of a pair is withheld.
    replicates, seed, level
        Of the bootstrap over tasks; ``replicates=0``: no intervals.
    threads
        0: one per core.

    Returns
    -------
    Result
        ``.pairs``: one row a pair and metric (``a, b, profile, metric, value, low, high, n_tasks``; AGS and
        its parts lie in 0–1, RPS in 1–5, calibrated S_node is 0 at chance); ``.tasks``: one row a pair and
        task. Models with several trials are compared with themselves too. Undefined figures are null.

    Raises
    ------
    UsageError
        An unknown model or metric (the hint has the nearest name).
    InputError
        One model with single trials: nothing to compare; a corpus loaded without a part.
    """
    if judge is not None and not callable(judge):
        raise UsageError(f"{judge!r} is no judge", "usage", "judge= takes a function of a stage and two lists of texts")
    options = _study(
        metrics, pool, mandatory, min_support, replicates, seed, level, threads,
        reference=reference, models=_inputs.names(models, "models"),
        show_shared=list(show_shared) if show_shared else None, judge=judge, min_coverage=min_coverage,
    )  # fmt: skip
    needs = {"metrics": options["metrics"], "drift": False, "phrases": show_shared is not None,
             "transcripts": judge is not None}  # fmt: skip
    return Result("compare", _core.compare(_corpus(source, threads=threads, **needs), options))


def evidence(
    source: Any,
    *,
    metrics: _Names = _STUDY,
    families: Mapping[str, Sequence[str]] | str | os.PathLike | None = None,
    pool: _Names = None,
    mandatory: str | Mapping[str, Any] = "intersection",
    min_support: int = 1,
    explain: int = 5,
    cohorts: Mapping[str, Sequence[str]] | str | os.PathLike = "all",
    pair: Sequence[str] = (),
    replicates: int = 10_000,
    seed: int = 1,
    level: float = 0.95,
    threads: int = 0,
) -> Result:
    """How unusual each similarity is, over all pairs, as ``agentecho evidence``.

    Parameters
    ----------
    source
        A corpus, or what `load` takes; at least four models for lineage evidence.
    families
        ``{"family": ["model", …]}``, or a file of it; None: from the names.
    explain
        Strongest pairs whose shared habits are listed.
    cohorts
        Whom a pair is normalised by: ``"all"`` others; ``"mode"`` (reasoning models apart from the rest);
        or ``{"kind": ["model", …]}``, or a file of it.
    pair
        Two models that were suspected before looking: a question of its own, without the search over all pairs.
    metrics, pool, mandatory, min_support, replicates, seed, level, threads
        As for `compare`.

    Returns
    -------
    Result
        Tables of scores with chance, ceiling, affinity and adjusted p (docs/evidence.md), and the figures
        ``matrix`` and ``tree``; ``to_html()`` is the page of ``agentecho report``.
    """
    options = _study(
        metrics, pool, mandatory, min_support, replicates, seed, level, threads,
        families_json=_inputs.as_text(families, "families"), explain=explain,
        cohorts=cohorts if cohorts in ("all", "mode") else _inputs.as_text(cohorts, "cohorts"), pair=list(pair),
    )  # fmt: skip
    needs = {"metrics": options["metrics"], "drift": False, "phrases": True}
    return Result("evidence", _core.evidence(_corpus(source, threads=threads, **needs), options))


def distill(
    source: Any,
    *,
    before: str,
    after: str,
    teacher: _Names,
    controls: _Names,
    metrics: _Names = ("ags", "ged", "rps", "bigram"),
    pool: _Names = None,
    mandatory: str | Mapping[str, Any] = "intersection",
    min_support: int = 1,
    replicates: int = 10_000,
    seed: int = 1,
    level: float = 0.95,
    threads: int = 0,
) -> Result:
    """Did training bring a model nearer to a teacher than to controls? As ``agentecho distill``.

    Parameters
    ----------
    before, after, teacher, controls
        Models: the student before and after training, the supposed teacher (several are each tried, and
        corrected for), models that had no part in it and are no relatives: five or more.

    Returns
    -------
    Result
        ``.standings``: one row a teacher and metric: its step (after less before) among those of the controls,
        with t, one-sided p, and p adjusted for the number of teachers. ``.movements``: one row a control (first their mean) and metric: similarity to teacher and control
        before and after, the difference of the two movements with interval, two-sided p.
    """
    options = _study(
        metrics, pool, mandatory, min_support, replicates, seed, level, threads,
        before=before, after=after, teacher=_inputs.strings(teacher), controls=_inputs.names(controls, "controls"),
    )  # fmt: skip
    needs = {"metrics": options["metrics"], "drift": False, "phrases": False}
    return Result("distill", _core.distill(_corpus(source, threads=threads, **needs), options))


def attribute(
    source: Any,
    *,
    student: str,
    before: str | None = None,
    candidates: _Names = None,
    metrics: _Names = ("ags", "bigram"),
    mandatory: str | Mapping[str, Any] = "intersection",
    min_support: int = 1,
    level: float = 0.95,
    threads: int = 0,
) -> Result:
    """Which model of a pool is the likeliest teacher, or none; as ``agentecho attribute``.

    Parameters
    ----------
    student, before
        The model whose teacher is sought, and the same before training, where its runs are there: then
        its movement toward each candidate is weighed, which finds more and names less falsely.
    candidates
        The pool; None: every other model.

    Returns
    -------
    Result
        ``.candidates``: likeliest first: scores, affinity, t, one-sided p, p adjusted for the number of
        candidates; ``to_dict()["named"]``: the one named, or None.
    """
    options = _study(
        metrics, None, mandatory, min_support, 10_000, 1, level, threads,
        student=student, before=before, candidates=_inputs.names(candidates, "candidates"),
    )  # fmt: skip
    needs = {"metrics": options["metrics"], "drift": False, "phrases": False}
    return Result("attribute", _core.attribute(_corpus(source, threads=threads, **needs), options))


def drift(
    baseline: Any,
    new: Any,
    *,
    baseline_model: str = "",
    model: str = "",
    noise_from: Any = None,
    margin: float = 0.25,
    replicates: int = 10_000,
    seed: int = 1,
    level: float = 0.95,
    threads: int = 0,
) -> Result:
    """Are the new runs of an agent like its baseline runs? As ``agentecho drift``.

    Parameters
    ----------
    baseline, new
        Corpora, or what `load` takes.
    baseline_model, model
        The agent of each side, where there are several.
    noise_from
        Runs that lend their noise where both sides have one run of each task.
    margin
        "Same" means: no further than this share of the noise between runs.
    replicates, seed, level
        Of re-labellings and bootstrap; level of the verdict.

    Returns
    -------
    Result
        ``.verdict`` begins with changed, the same, or cannot tell; tables of channels, of what moved, and of
        the two sides.
    """
    options = _study((), None, "intersection", 1, replicates, seed, level, threads,
                     baseline_model=baseline_model, model=model, margin=margin)  # fmt: skip
    needs = {"metrics": (), "drift": True, "phrases": True, "threads": threads}
    noise = None if noise_from is None else _corpus(noise_from, **needs)
    return Result("drift", _core.drift(_corpus(baseline, **needs), _corpus(new, **needs), noise, options))


def identify(
    reference: Any,
    unknown: Any,
    *,
    model: str = "",
    claimed: str = "",
    channels: _Names = ("actions", "wording"),
    replicates: int = 1999,
    seed: int = 1,
    level: float = 0.95,
    threads: int = 0,
) -> Result:
    """Which of the reference models made these runs? As ``agentecho identify``.

    Parameters
    ----------
    reference, unknown
        Runs of known models, and the runs in question: corpora loaded with ``identify=True``, or what `load`
        takes.
    model
        The label of the unknown runs, where their logs hold several.
    claimed
        The reference model that they are said to be of.
    channels
        What counts: ``"actions"``, ``"wording"``, ``"serving"``; all are shown.
    replicates, seed, level
        Groups drawn for each p value; level of the set.

    Returns
    -------
    Result
        ``.verdict``: one model, several that cannot be told apart, unknown, or cannot tell. ``.candidates``:
        one row a reference model with fit, p, and whether it is in the set; ``.channels``: how many models
        each leaves by itself; ``.runs``: one row an unknown run.
    """
    options = _study((), None, "intersection", 1, replicates, seed, level, threads,
                     model=model, claimed=claimed, channels=_inputs.strings(channels))  # fmt: skip
    needs = {"metrics": (), "drift": True, "identify": True, "phrases": False, "threads": threads}
    return Result("identify", _core.identify(_corpus(reference, **needs), _corpus(unknown, **needs), options))


def diversity(
    source: Any,
    *,
    metrics: _Names = ("ags", "rps", "bigram", "frequency"),
    by: str | None = None,
    different: int = 3,
    nearest: int = 3,
    pool: _Names = None,
    mandatory: str | Mapping[str, Any] = "intersection",
    min_support: int = 1,
    replicates: int = 10_000,
    seed: int = 1,
    level: float = 0.95,
    threads: int = 0,
) -> Result:
    """How many independent models are these, and which can stand in for which? As ``agentecho diversity``.

    Parameters
    ----------
    metrics
        Habits by which they are alike.
    by
        The metric that sets and substitutes are chosen by; None: frequency where it is computed, else the first.
    different, nearest
        The largest set of most different models looked for; how many substitutes of each model.

    Returns
    -------
    Result
        ``.effective``: one row a likeness: mean ρ and effective number with intervals; ``.different``: the most
        different sets; ``.substitutes``: for each model the nearest others with success, calls and errors;
        ``.models``; ``.pairs``.
    """
    options = _study(
        metrics, pool, mandatory, min_support, replicates, seed, level, threads,
        different=different, nearest=nearest, by=by,
    )  # fmt: skip
    needs = {"metrics": options["metrics"], "drift": False, "phrases": False}
    return Result("diversity", _core.diversity(_corpus(source, threads=threads, **needs), options))


def explain(
    source: Any,
    a: str,
    b: str,
    *,
    task: str | None = None,
    trial: int | None = None,
    metrics: _Names = _STUDY,
    pool: _Names = None,
    mandatory: str | Mapping[str, Any] = "intersection",
    min_support: int = 1,
    replicates: int = 10_000,
    seed: int = 1,
    level: float = 0.95,
    threads: int = 0,
) -> Result:
    """Why two models look alike, as ``agentecho explain A B``.

    Parameters
    ----------
    task, trial
        One task: a run of each model beside the other, call by call, and how rare the choices are that both
        make. The logs are read for it anew, so ``source`` names their paths. ``trial``: else the first.

    Returns
    -------
    Result
        ``.tasks``: the tasks that carry the similarity; ``.habits`` and ``.wording``: what both share and
        others have less of. With ``task``: no tables; ``to_dict()`` has steps, choices, phrases, messages.
    """
    if a == b:
        raise UsageError(f'"{a}" is like itself in everything', "usage", "name two models")
    options = _study(
        metrics, pool, mandatory, min_support, replicates, seed, level, threads,
        a=a, b=b, task=task, trial=trial,
    )  # fmt: skip
    if task is not None:
        logs = {"files": _inputs.files(source), "phrases": "rps" in options["metrics"], "threads": threads}
        return Result("explain", _core.explain_task(logs, options))
    needs = {"metrics": options["metrics"], "drift": False, "phrases": True}
    return Result("explain", _core.explain(_corpus(source, threads=threads, **needs), options))


def features(source: Any, **options: Any) -> Table:
    """Features of runs, one row a run: logs in, Arrow out. A plain function of a table, for clusters.

    Parameters
    ----------
    source
        A corpus, or what `load` takes; ``options`` are those of `load`.

    Returns
    -------
    Table
        The columns of features.jsonl (docs/formats.md). Tables of shards, put one behind the other, are what
        one table of everything would be; `load` reads them.
    """
    if isinstance(source, Corpus):
        return source.features()
    return load(source, **{"allow_invalid": True, **options}).features()  # nothing is scored here


def feature_schema() -> Any:
    """The columns of a table of features, as a ``pyarrow.Schema``. Needs pyarrow."""
    return Table(_core.empty_features()).to_arrow().schema
