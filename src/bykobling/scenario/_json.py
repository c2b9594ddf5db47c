"""Reading JSON of unknown origin: how large, how deep, which keys, which types."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any

from bykobling import _check
from bykobling.errors import Fault, ReadError

if TYPE_CHECKING:
    from collections.abc import Iterable

LARGEST_BYTES = 20_000_000
DEEPEST = 12
MOST = 10_000
"""Modifications of one scenario, and places of one line."""

_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
_BRACKETS = re.compile(r"[\[\]{}]")


def parsed(text: str, *, file: str) -> Any:  # noqa: ANN401 - JSON
    """Parse JSON, refusing what is too large, too deep, or holds NaN.

    Parameters
    ----------
    text : str
        The document.
    file : str
        What to call it in messages.

    Returns
    -------
    object
        Dicts, lists, text, numbers.

    Raises
    ------
    ReadError
        It is no such JSON.

    Examples
    --------
    >>> parsed('{"a": [1]}', file="x.json")
    {'a': [1]}
    """
    if len(text) > LARGEST_BYTES:
        raise ReadError(f"{file}: it holds {len(text):,} characters, more than {LARGEST_BYTES:,}. "
                        "Remedy: split it into several files.")  # fmt: skip
    if _depth(text) > DEEPEST:
        raise ReadError(
            f"{file}: it is nested deeper than {DEEPEST}. Remedy: write it as bykobling.scenario.conveyal tells."
        )
    try:
        return json.loads(text, parse_constant=_no_number, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise ReadError(f"{file}: it is not valid JSON ({error}). Remedy: check it with a JSON editor.") from error


def _no_number(name: str) -> float:
    rule = f"{name} is no number in JSON"
    raise ValueError(rule)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    if len(set(keys)) < len(keys):
        double = sorted({key for key in keys if keys.count(key) > 1})
        rule = f"the key {double[0]!r} is there twice"
        raise ValueError(rule)
    return dict(pairs)


def _depth(text: str) -> int:
    """Count how deep brackets nest, outside of text."""
    depth = deepest = 0
    for bracket in _BRACKETS.finditer(_TEXT.sub("", text)):
        depth += 1 if bracket.group() in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


class Entry:
    """One object of a document; faults of its keys are collected.

    Parameters
    ----------
    value : object
        What the document holds there.
    file, where : str
        As in `Fault`.
    faults : list of Fault
        The collector.
    """

    def __init__(self, value: object, file: str, where: str, faults: list[Fault]) -> None:
        self.values: dict[str, Any] = value if isinstance(value, dict) else {}
        self.file, self.where, self.faults = file, where, faults
        self.asked: set[str] = set()
        if not isinstance(value, dict):
            self.fault("it is no object with keys", "write {...}")

    def fault(self, rule: str, remedy: str, *, warn: bool = False) -> None:
        """Tell a fault of this entry.

        Parameters
        ----------
        rule, remedy : str
            As in `Fault`.
        warn : bool
            Whether it is a warning only.
        """
        self.faults.append(Fault(self.file, self.where, rule, remedy, "warning" if warn else "error"))

    def take(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 - JSON
        """Take a value; null is as if it were not there.

        Parameters
        ----------
        key : str
            Which.
        default : object
            Where there is none.

        Returns
        -------
        object
        """
        self.asked.add(key)
        value = self.values.get(key)
        return default if value is None else value

    def text(self, key: str, default: str | None = None) -> str:
        """Take text; it must be there where there is no default.

        Parameters
        ----------
        key : str
            Which.
        default : str, optional
            Where there is none.

        Returns
        -------
        str
        """
        value = self.take(key, default)
        if isinstance(value, str):
            return value
        self.fault(f"{key} is {_short(value)}, not text", f'give "{key}": "..."')
        return ""

    def number(self, key: str, default: float | None = None, *, needed: bool = True) -> float | None:
        """Take a finite number.

        Parameters
        ----------
        key : str
            Which.
        default : float, optional
            Where there is none.
        needed : bool
            Whether there must be one, where there is no default.

        Returns
        -------
        float or None
        """
        value = self.take(key, default)
        if value is None and not needed:
            return None
        if isinstance(value, int | float) and not isinstance(value, bool) and _finite(value):
            return float(value)
        self.fault(f"{key} is {_short(value)}, not a finite number", f'give "{key}": 1')
        return default if default is not None else 0.0

    def whole(self, key: str, default: int | None = None) -> int:
        """Take a whole number.

        Parameters
        ----------
        key : str
            Which.
        default : int, optional
            Where there is none.

        Returns
        -------
        int
        """
        value = self.take(key, default)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**31:
            return value
        self.fault(f"{key} is {_short(value)}, not a whole number", f'give "{key}": 1')
        return default if default is not None else 0

    def flag(self, key: str, *, default: bool) -> bool:
        """Take true or false.

        Parameters
        ----------
        key : str
            Which.
        default : bool
            Where there is none.

        Returns
        -------
        bool
        """
        value = self.take(key, default)
        if isinstance(value, bool):
            return value
        self.fault(f"{key} is {_short(value)}, not true or false", f'give "{key}": true')
        return default

    def items(self, key: str, *, needed: bool = True) -> list[Any]:
        """Take a list.

        Parameters
        ----------
        key : str
            Which.
        needed : bool
            Whether it must be there.

        Returns
        -------
        list
        """
        value = self.take(key, None if needed else [])
        if isinstance(value, list) and len(value) <= MOST:
            return value
        what = f"longer than {MOST:,}" if isinstance(value, list) else "no list"
        self.fault(f"{key} is {what}", f'give "{key}": [...]')
        return []

    def texts(self, key: str, *, needed: bool = True) -> tuple[str, ...]:
        """Take a list of text.

        Parameters
        ----------
        key : str
            Which.
        needed : bool
            Whether it must be there.

        Returns
        -------
        tuple of str
        """
        values = self.items(key, needed=needed)
        wrong = [value for value in values if not isinstance(value, str)]
        if wrong:
            self.fault(f"{key} holds {_short(wrong[0])}, not text", 'give ids as text, "1" rather than 1')
        return tuple(value for value in values if isinstance(value, str))

    def finish(self, known: Iterable[str] = ()) -> None:
        """Name the keys nobody asked for.

        Parameters
        ----------
        known : iterable of str
            Keys that may be there and are not read.
        """
        allowed = self.asked | set(known)
        for key in self.values:
            if key not in allowed:
                hint = _check.nearest(key, allowed)
                remedy = hint or f"leave it out; there are: {', '.join(sorted(allowed))}"
                self.fault(f"the key {key!r} is unknown", remedy)


def _finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _short(value: object) -> str:
    told = repr(value)
    return told if len(told) <= 60 else told[:60] + "..."
