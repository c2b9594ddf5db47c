"""One table of a study file, read key by key; every fault is collected, none raised."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from bykobling._check import nearest
from bykobling.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable

_T = TypeVar("_T", bound=str)
_TYPE_WORDS = {bool: "true or false", int: "a whole number", float: "a number", str: "text", list: "a list",
               dict: "a table"}  # fmt: skip


class Section:
    """Reads the keys of one TOML table and remembers which were asked for.

    Parameters
    ----------
    table : Any
        The table; anything else is a fault.
    name : str
        As written in the file, e.g. ``"[walk]"``; empty for the top of the file.
    file : Path
        The study file; paths are relative to its folder.
    faults : list of Fault
        Where faults are put.
    """

    def __init__(self, table: Any, name: str, *, file: Path, faults: list[Fault]) -> None:  # noqa: ANN401 - TOML
        self.name = name
        self._file = file
        self._faults = faults
        self._known: list[str] = []
        self._table: dict[str, Any] = {}
        if isinstance(table, dict):
            self._table = table
        else:
            self.fault("", f"{_tell(table)} stands where a section belongs", f"write {name} on a line of its own")

    def __contains__(self, key: str) -> bool:
        """Tell whether the key is written."""
        return key in self._table

    def inner(self, table: Any, key: str) -> Section:  # noqa: ANN401 - TOML
        """Return a reader of a table inside this one."""
        return Section(table, f"{self.name} {key}:", file=self._file, faults=self._faults)

    def fault(self, key: str, rule: str, remedy: str) -> None:
        """Note an error at a key.

        Parameters
        ----------
        key : str
            The key; empty for the whole section.
        rule, remedy : str
            What is wrong; what to do.
        """
        self._faults.append(Fault(self._file.name, f"{self.name} {key}".strip(), rule, remedy))

    def raw(self, key: str) -> Any:  # noqa: ANN401 - whatever TOML holds
        """Return the value as written, None where absent, and count the key as known."""
        self._known.append(key)
        return self._table.get(key)

    def text(self, key: str, default: str | None = None) -> str | None:
        """Return text that is not blank."""
        value = self.raw(key)
        if value is None:
            return default
        if not isinstance(value, str) or not value.strip():
            self._wrong(key, value, "text that is not blank", f'write {key} = "..."')
            return default
        return value

    def needed_text(self, key: str) -> str:
        """Return text that must be there; a fault and an empty string where it is not."""
        if key not in self._table:
            self.fault(key, "it is missing", f'write {key} = "..."')
        return self.text(key) or ""

    def flag(self, key: str, *, default: bool) -> bool:
        """Return true or false."""
        value = self.raw(key)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self._wrong(key, value, "true or false", f"write {key} = true or {key} = false, without quotes")
        return default

    def number(self, key: str, default: float | None, *, low: float = 0.0, high: float = math.inf) -> float | None:
        """Return a finite number above `low` (or equal to it where `low` is 0 or less) and at most `high`."""
        value = self.raw(key)
        if value is None:
            return default
        if not _is_number(value):
            self._wrong(key, value, "a number", f"write {key} = 4.8, without quotes")
            return default
        if not (low <= value <= high and math.isfinite(value)):
            limits = f"between {low:g} and {high:g}" if math.isfinite(high) else f"{low:g} or more"
            self._wrong(key, value, f"a number {limits}", "choose a number within these bounds")
            return default
        return float(value)

    def choice(self, key: str, default: _T, choices: tuple[_T, ...]) -> _T:
        """Return one of a few words."""
        value = self.raw(key)
        if value is None or value in choices:
            return default if value is None else value
        hint = nearest(str(value), choices) or "choose one of them"
        self._wrong(key, value, f"one of {', '.join(choices)}", hint)
        return default

    def texts(self, key: str, default: tuple[str, ...], *, choices: Iterable[str] | None = None) -> tuple[str, ...]:
        """Return a list of texts, each among `choices` where given."""
        value = self.raw(key)
        if value is None:
            return default
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self._wrong(key, value, "a list of texts", f'write {key} = ["...", "..."]')
            return default
        if choices is not None:
            known = tuple(choices)
            for item in value:
                if item not in known:
                    self._wrong(key, item, f"one of {', '.join(known)}", nearest(item, known) or "choose among them")
        return tuple(value)

    def scalars(self, key: str) -> tuple[str | int | float | bool, ...]:
        """Return a list of texts, numbers or flags; a single value counts as a list of one."""
        value = self.raw(key)
        if value is None:
            return ()
        items = value if isinstance(value, list) else [value]
        if not all(isinstance(item, str | int | float | bool) for item in items):
            self._wrong(key, value, "a list of texts or numbers", f'write {key} = ["...", "..."]')
            return ()
        return tuple(items)

    def minutes(self, key: str, default: tuple[int, ...], *, high: int = 60) -> tuple[int, ...]:
        """Return a rising list of whole minutes, 1 to `high`; of the default those that are not longer."""
        value = self.raw(key)
        if value is None:
            return tuple(item for item in default if item <= high) or (high,)
        whole = isinstance(value, list) and value and all(type(item) is int and 1 <= item <= high for item in value)
        if not whole:
            example = ", ".join(map(str, default))
            self._wrong(key, value, f"a list of whole minutes from 1 to {high}", f"write {key} = [{example}]")
            return default
        return tuple(sorted(set(value)))

    def file(self, key: str, *, needed: bool = True) -> Path | None:
        """Return the path of a file that exists."""
        if key not in self._table:
            self._known.append(key)
            if needed:
                self.fault(key, "it is missing", f'write {key} = "file" with a path relative to the study file')
            return None
        text = self.text(key)
        return None if text is None else self._existing(key, text)

    def files(self, key: str) -> tuple[Path, ...]:
        """Return the paths of files that exist: a list, or a single one."""
        value = self.raw(key)
        if value is None:
            return ()
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not items or not all(isinstance(one, str) and one.strip() for one in items):
            self._wrong(key, value, "a list of files", f'write {key} = ["...", "..."]')
            return ()
        double = sorted({one for one in items if items.count(one) > 1})
        if double:
            self.fault(key, f"{', '.join(double)} is named more than once", "name each file once")
        found = [self._existing(key, one) for one in dict.fromkeys(items)]
        return tuple(path for path in found if path is not None)

    def _existing(self, key: str, text: str) -> Path | None:
        if "://" in text:
            self._wrong(key, text, "a file on this computer", "download it first and write its path")
            return None
        path = self._path(text)
        if path is not None and not path.is_file():
            what = "a folder" if path.is_dir() else "not there"
            self.fault(key, f"the file {text!r} is {what} (looked at {path})", self._file_hint(path))
        return path

    def folder(self, key: str, default: str) -> Path:
        """Return the path of a folder, which need not exist yet."""
        text = self.text(key, default) or default
        if "://" in text:
            self._wrong(key, text, "a folder on this computer", f'write {key} = "results"')
        path = self._path(text)
        if path is not None and path.exists() and not path.is_dir():
            self.fault(key, f"{text!r} is a file, not a folder", "choose another name")
        return path or self._file.parent / default

    def close(self) -> None:
        """Note every key nobody asked for."""
        for key in self._table:
            if key not in self._known:
                hint = nearest(key, self._known) or f"known here: {', '.join(sorted(set(self._known)))}"
                self.fault(key, "this key is unknown", hint)

    def _path(self, text: str) -> Path | None:
        if "\0" in text:
            return None
        path = Path(text).expanduser()
        return path if path.is_absolute() else self._file.parent / path

    def _file_hint(self, path: Path) -> str:
        names = [item.name for item in path.parent.iterdir()] if path.parent.is_dir() else []
        return nearest(path.name, names) or "check the name; paths are relative to the study file"

    def _wrong(self, key: str, value: object, rule: str, remedy: str) -> None:
        self.fault(key, f"{_tell(value)} is not {rule}", remedy)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _tell(value: object) -> str:
    """Show a value and its type, shortened."""
    shown = repr(value)
    shown = shown if len(shown) <= 60 else shown[:57] + "..."
    return f"{shown} ({_TYPE_WORDS.get(type(value), type(value).__name__)})"
