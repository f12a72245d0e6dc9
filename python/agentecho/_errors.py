"""What goes wrong, as exceptions with a kind and a hint."""

from __future__ import annotations


class AgentEchoError(Exception):
    """Something that could not be done.

    Attributes
    ----------
    kind : str
        ``"usage"`` (the request makes no sense), ``"input"`` (the data are not valid), ``"failed"``,
        ``"budget"`` or ``"interrupted"``; the program's exit codes follow the same kinds.
    hint : str
        What to do next; may be empty.
    """

    kind = "failed"

    def __init__(self, message: str, kind: str = "failed", hint: str = "") -> None:
        super().__init__(f"{message}\nhint: {hint}" if hint else message)
        self.message = message
        self.kind = kind
        self.hint = hint

    def __reduce__(self):  # travels between the processes of a cluster
        return type(self), (self.message, self.kind, self.hint)


class UsageError(AgentEchoError, ValueError):
    """The request itself makes no sense: an unknown model, metric or option."""


class InputError(AgentEchoError, ValueError):
    """The logs are not valid for this: nothing found, too much missing, no common task."""


class MissingPackageError(AgentEchoError, ImportError):
    """An optional package is needed; the message names it."""


_CLASSES = {"usage": UsageError, "input": InputError}


def make(kind: str, message: str, hint: str) -> Exception:
    """The exception for an error of the library."""
    if kind == "interrupted":
        return KeyboardInterrupt(message)
    return _CLASSES.get(kind, AgentEchoError)(message, kind, hint)
