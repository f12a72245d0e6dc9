"""What users hand to load(): paths, runs, tables, logs of Inspect."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from typing import Any

from . import _core
from ._errors import UsageError


def as_text(value: Any, what: str) -> str:
    """JSON text of an object, a path to a file with it, or JSON text itself; empty for None."""
    if value is None:
        return ""
    if isinstance(value, (str, os.PathLike)):
        text = os.fspath(value)
        if text.lstrip().startswith(("{", "[")):
            return text
        with open(text, encoding="utf-8") as file:
            return file.read()
    try:
        return json.dumps(value)
    except TypeError as error:
        raise UsageError(f"{what} is no JSON: {error}", "usage") from None


def strings(value: str | os.PathLike | Iterable | None) -> list[str]:
    """One text or several, as a list."""
    if value is None:
        return []
    if isinstance(value, (str, os.PathLike)):
        return [os.fspath(value)]
    return [os.fspath(item) for item in value]


def names(value: str | Iterable | None, what: str) -> list[str]:
    """One name or several, as a list; nothing for None, which means all."""
    if value is None:
        return []
    found = strings(value)
    if not found:
        raise UsageError(f"{what} is empty", "usage", "None means all")
    return found


def _run_line(run: Mapping) -> str:
    if "messages" not in run:
        raise UsageError(
            "a run has no messages",
            "usage",
            'a run is {"model": …, "task_id": …, "trial": …, "messages": […], "success": …}',
        )
    return json.dumps(_plain(run), ensure_ascii=False)


def _plain(value: Any) -> Any:
    """Messages as clients give them (pydantic models, numpy scalars) as plain JSON values."""
    if isinstance(value, (str, bool, int, float)) or value is None:
        return None if isinstance(value, float) and value != value else value
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if hasattr(value, "model_dump"):
        return _plain(value.model_dump(mode="json", exclude_none=True))
    if hasattr(value, "item") and not isinstance(value, (list, tuple)) and getattr(value, "ndim", 1) == 0:
        return _plain(value.item())
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    if isinstance(value, Iterable):
        return [_plain(item) for item in value]
    return str(value)


def _is_paths(source: Any) -> bool:
    if isinstance(source, (str, os.PathLike)):
        return True
    return isinstance(source, (list, tuple, set)) and all(
        isinstance(item, (str, os.PathLike)) for item in source
    )


def files(source: Any) -> list[tuple[str, str]]:
    """Paths of logs, for what must look at whole runs."""
    if not _is_paths(source):
        raise UsageError("whole runs are looked at, and this source holds none",
                         "usage", "name the paths of the logs")
    return [(path, "") for path in strings(source)]


def _is_inspect_log(item: Any) -> bool:
    return hasattr(item, "samples") and hasattr(item, "eval") and hasattr(item, "model_dump_json")


def read(source: Any, options: dict[str, Any]) -> Any:
    """A _core.Corpus of whatever `source` is."""
    if _is_paths(source) or (source is None and options.get("files")):
        named = options.pop("files", [])
        options["files"] = [(path, "") for path in strings(source)] + named
        return _core.load(options)
    options.pop("files", None)
    if hasattr(source, "__arrow_c_stream__"):
        return _core.load_table(source.__arrow_c_stream__(), options)
    if _is_inspect_log(source):
        source = [source]
    if hasattr(source, "to_dict") and hasattr(source, "columns"):  # a data frame without Arrow
        source = source.to_dict("records")
    if not isinstance(source, Iterable):
        raise UsageError(f"a {type(source).__name__} holds no runs", "usage", "see help(agentecho.load)")
    if isinstance(source, (bytes, Mapping)):
        raise UsageError(
            f"a {type(source).__name__} is neither a path nor a list of runs", "usage",
            "a path is a str or os.PathLike; one run is [run]; see help(agentecho.load)",
        )
    items = list(source)
    odd = next((item for item in items if isinstance(item, (str, bytes, int, float))), None)
    if odd is not None:
        raise UsageError(f"a {type(odd).__name__} is no run", "usage", "see help(agentecho.load)")
    if items and all(_is_inspect_log(item) for item in items):
        logs = [item.model_dump_json(by_alias=True, exclude_none=True) for item in items]
        return _core.load_bytes("inspect.jsonl" if len(logs) > 1 else "inspect.json",
                                "\n".join(logs).encode(), options)
    lines = [_run_line(item if isinstance(item, Mapping) else _plain(item)) for item in items]
    return _core.load_bytes("runs.jsonl", "\n".join(lines).encode("utf-8", "surrogatepass"), options)
