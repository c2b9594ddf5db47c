"""Read the params of a request: every fault in one go, each with its name and remedy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, overload

from bykobling._check import nearest
from bykobling.errors import Fault
from bykobling.worker.rpc import INVALID_PARAMS, RpcError, faults_of

if TYPE_CHECKING:
    from collections.abc import Iterable

_T = TypeVar("_T")
_WORDS = {str: "a text", bool: "true or false", list: "a list", dict: "an object", float: "a number", int: "a number"}


class Params:
    """The params of one request; `close` raises everything that is wrong.

    Parameters
    ----------
    method : str
        What was asked, for messages.
    table : dict
        As sent.
    """

    def __init__(self, method: str, table: dict[str, Any]) -> None:
        self._method, self._table = method, table
        self._known: list[str] = []
        self.faults: list[Fault] = []

    def fault(self, name: str, rule: str, remedy: str) -> None:
        """Note that a param breaks a rule.

        Parameters
        ----------
        name : str
            Which.
        rule, remedy : str
            As in `Fault`.
        """
        self.faults.append(Fault(self._method, name, rule, remedy))

    def raw(self, name: str) -> Any:  # noqa: ANN401 - whatever was sent
        """Return a param as sent, None where it is missing or null.

        Parameters
        ----------
        name : str
            Which.

        Returns
        -------
        object
        """
        self._known.append(name)
        return self._table.get(name)

    @overload
    def value(self, name: str, kind: type[_T], default: _T) -> _T: ...
    @overload
    def value(self, name: str, kind: type[_T], default: None = None) -> _T | None: ...
    def value(self, name: str, kind: type[Any], default: Any = None) -> Any:
        """Return a param of a type.

        Parameters
        ----------
        name : str
            Which.
        kind : type
            str, bool, int, float, list or dict.
        default : object
            Where it is missing or null.

        Returns
        -------
        object
        """
        found = self.raw(name)
        if found is None:
            return default
        wanted = (int, float) if kind is float else kind
        whole = kind is int and isinstance(found, float) and found.is_integer()
        if not (isinstance(found, wanted) or whole) or (isinstance(found, bool) and kind is not bool):
            self.fault(name, f"{_shown(found)} is not {_WORDS[kind]}", f"send {_WORDS[kind]}")
            return default
        return kind(found) if kind in {int, float} else found

    def text(self, name: str) -> str:
        """Return a text that must be there.

        Parameters
        ----------
        name : str
            Which.

        Returns
        -------
        str
            Empty where it is missing, which is then a fault.
        """
        found = self.value(name, str)
        if found is None or not found.strip():
            if not any(one.where == name for one in self.faults):
                self.fault(name, "it is missing" if found is None else "it is blank", "send a text")
            return ""
        return found

    def path(self, name: str, *, base: Path | None = None) -> Path:
        """Return a path that must be there.

        Parameters
        ----------
        name : str
            Which.
        base : Path, optional
            What a relative path starts from; such a path is a fault without.

        Returns
        -------
        Path
            Absolute.
        """
        return self._placed(name, self.text(name), base) or Path()

    def maybe_path(self, name: str, *, base: Path | None = None) -> Path | None:
        """Return a path that may be missing.

        Parameters
        ----------
        name : str
            Which.
        base : Path, optional
            As in `path`.

        Returns
        -------
        Path or None
        """
        found = self.value(name, str)
        return self._placed(name, found, base) if found and found.strip() else None

    def _placed(self, name: str, text: str, base: Path | None) -> Path | None:
        if not text:
            return None
        if "\0" in text or "://" in text:
            self.fault(name, f"{_shown(text)} is no path of a file", "send a path on this computer")
            return None
        path = Path(text).expanduser()
        if path.is_absolute():
            return path
        if base is None:
            self.fault(name, f"{_shown(text)} is not an absolute path", "send the whole path")
            return None
        return base / path

    def choice(self, name: str, choices: Iterable[str], default: str | None = None) -> str:
        """Return one of some texts.

        Parameters
        ----------
        name : str
            Which.
        choices : iterable of str
            Those allowed.
        default : str, optional
            Where it is missing; without one that is a fault.

        Returns
        -------
        str
        """
        known = tuple(choices)
        found = self.value(name, str, default) if default is not None else self.text(name)
        if found and found not in known:
            hint = nearest(found, known)
            listed = f"choose one of {', '.join(known)}"
            self.fault(name, f"there is no {_shown(found)}", f"{hint}; {listed}" if hint else listed)
        return found

    def texts(self, name: str) -> list[str]:
        """Return a list of texts; a single text counts as a list of one.

        Parameters
        ----------
        name : str
            Which.

        Returns
        -------
        list of str
            Empty where it is missing.
        """
        found = self.raw(name)
        items = [found] if isinstance(found, str) else found
        if items is None:
            return []
        if not isinstance(items, list) or not all(isinstance(one, str) and one.strip() for one in items):
            self.fault(name, f"{_shown(found)} is not a list of texts", "send a list of texts")
            return []
        return items

    def numbers(self, name: str) -> list[float]:
        """Return a list of numbers that must be there.

        Parameters
        ----------
        name : str
            Which.

        Returns
        -------
        list of float
            Empty where it is missing, which is then a fault.
        """
        found = self.raw(name)
        good = isinstance(found, list) and found and all(type(one) in {int, float} for one in found)
        if not good:
            self.fault(name, f"{_shown(found)} is not a list of numbers", "send a list such as [5, 10, 15]")
            return []
        return [float(one) for one in found]

    def close(self) -> None:
        """Raise every fault, also of params that nobody asked for.

        Raises
        ------
        RpcError
            With the list of faults.
        """
        for name in self._table:
            if name not in self._known:
                known = ", ".join(sorted(set(self._known))) or "none"
                self.fault(name, "there is no such param", nearest(name, self._known) or f"known here: {known}")
        if self.faults:
            first = self.faults[0]
            raise RpcError(INVALID_PARAMS, str(first), data={"faults": faults_of(self.faults)})


def _shown(value: object) -> str:
    """Show a value, shortened."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
