"""What an analysis found, for notebooks, data frames and files."""

from __future__ import annotations

import html
import json
from typing import Any

from ._errors import AgentEchoError


class Table:
    """Rows of a result or of features, in Arrow's layout.

    pandas (``pandas.DataFrame.from_arrow`` or ``pyarrow.table(t).to_pandas()``), polars
    (``polars.DataFrame(t)``), DuckDB (``FROM t``, by way of pyarrow) and pyarrow (``pyarrow.table(t)``)
    take it without a copy through ``__arrow_c_stream__``; agentecho needs none of them.
    """

    def __init__(self, core: Any) -> None:
        self._core = core

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self._core.__arrow_c_stream__(requested_schema)

    def __len__(self) -> int:
        return len(self._core)

    @property
    def column_names(self) -> list[str]:
        """Names of the columns, in order."""
        return self._core.column_names

    def to_arrow(self) -> Any:
        """A ``pyarrow.Table``. Needs pyarrow."""
        return _package("pyarrow").table(self)

    def to_pandas(self) -> Any:
        """A ``pandas.DataFrame``. Needs pandas and pyarrow."""
        _package("pandas")
        return self.to_arrow().to_pandas()

    def to_polars(self) -> Any:
        """A ``polars.DataFrame``. Needs polars."""
        return _package("polars").DataFrame(self)

    def __repr__(self) -> str:
        return f"<agentecho.Table: {len(self):,} rows of {', '.join(self.column_names)}>"


def _package(name: str) -> Any:
    import importlib

    from ._errors import MissingPackageError

    try:
        return importlib.import_module(name)
    except ImportError:
        raise MissingPackageError(
            f"this needs the package {name}, which is not installed", "failed", f"pip install {name}"
        ) from None


class Result:
    """What an analysis found.

    Tables are attributes (``result.pairs``) and items of ``result.tables``; the text of the program's
    tables is ``str(result)``; in Jupyter and marimo the verdict and the figures are shown.
    """

    def __init__(self, name: str, answer: Any) -> None:
        self._name = name
        self._answer = answer
        self._dict: dict[str, Any] | None = None
        self._tables: dict[str, Table] = {}

    def _table(self, name: str) -> Table:
        if name not in self._tables:
            self._tables[name] = Table(self._answer.table(name))
        return self._tables[name]

    @property
    def tables(self) -> dict[str, Table]:
        """Tables by name; undefined figures are null, intervals are ``NAME_low`` and ``NAME_high``."""
        return {name: self._table(name) for name in self._answer.table_names}

    @property
    def verdict(self) -> str:
        """What was found, in sentences; empty where the analysis gives figures alone."""
        return self._answer.verdict

    @property
    def warnings(self) -> list[str]:
        """What to know before believing a figure."""
        return self._answer.warnings

    @property
    def figures(self) -> dict[str, str]:
        """SVG text by name: ``matrix`` (all pairs), ``tree``."""
        return {name: self._answer.figure(name) for name in self._answer.figure_names}

    @property
    def json(self) -> str:
        """The document that the program prints with ``--json`` (docs/results.md)."""
        return self._answer.json

    def to_dict(self) -> dict[str, Any]:
        """The same document as Python values; undefined figures are None."""
        if self._dict is None:
            self._dict = json.loads(self._answer.json)
        return self._dict

    def __getattr__(self, name: str) -> Table:
        if name.startswith("_"):
            raise AttributeError(name)
        names = self._answer.table_names
        if name in names:
            return self._table(name)
        raise AttributeError(f"a result of {self._name} has no {name!r}; its tables: {', '.join(names)}")

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._answer.table_names]

    def __str__(self) -> str:
        return self._answer.text()

    def __repr__(self) -> str:
        tables = ", ".join(self._answer.table_names)
        return f"<agentecho.{self._name}: {self.verdict or 'no verdict'} Tables: {tables}>"

    def _repr_html_(self) -> str:
        parts = [f"<p><strong>{html.escape(self.verdict)}</strong></p>" if self.verdict else ""]
        parts += [f"<p>{html.escape(warning)}</p>" for warning in self.warnings]
        figures = list(self.figures.values())
        parts += [f'<div style="max-width:100%;overflow-x:auto">{svg}</div>' for svg in figures]
        if not figures:
            parts.append(f"<pre>{html.escape(str(self))}</pre>")
        return f'<div class="agentecho">{"".join(parts)}</div>'

    def to_html(
        self,
        path: str | None = None,
        *,
        title: str = "AgentEcho",
        transcripts: bool = False,
        redact: list[str] | None = None,
    ) -> str:
        """One self-contained page that opens without a network.

        Of ``evidence`` it is the page of ``agentecho report``; of other analyses verdict, figures and
        tables as text.

        Parameters
        ----------
        path
            A file to write as well.
        title
            Of the page.
        transcripts
            With the messages; the corpus must have been loaded with ``transcripts=True``.
        redact
            POSIX extended regular expressions: what matches is blacked out.

        Raises
        ------
        AgentEchoError
            This build carries no page.
        UsageError
            A pattern that is no regular expression.
        """
        page = self._answer.page(title, transcripts, redact or [])
        if page is None:
            body = self._repr_html_()
            text = f"<pre>{html.escape(str(self))}</pre>" if self._answer.figure_names else ""
            page = (
                '<!doctype html><html lang="en"><meta charset="utf-8">'
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                "style-src 'unsafe-inline'\">"
                f"<title>{html.escape(title)}</title><h1>{html.escape(title)}</h1>{body}{text}</html>"
            )
        if path is not None:
            import os
            import tempfile

            folder = os.path.dirname(os.path.abspath(path))
            handle, temporary = tempfile.mkstemp(dir=folder, prefix=".agentecho-")
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    file.write(page)
                os.replace(temporary, path)
            except BaseException:
                os.unlink(temporary)
                raise
        return page


__all__ = ["AgentEchoError", "Result", "Table"]
