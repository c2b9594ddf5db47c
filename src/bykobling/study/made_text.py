"""The text of a study file: what is given, in the place the commented example has for it."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from bykobling.datasets import example_study

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_FILES = {("osm", "file"), ("areas", "file"), ("population", "file"), ("transit", "gtfs"), ("noise", "domain")}
_HEAD = re.compile(r"^(?:# )?\[{1,2}(\w+)\]{1,2}")
_KEY = re.compile(r"^(?:# )*(\w+) = (.*?)(\s+#.*)?$")
_BARE = re.compile(r"^[A-Za-z0-9_-]+$")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f"}
_CONTROL, _DELETE = 0x20, 0x7F
_COMMENT_COLUMN = 36
_WHOLE_BELOW = 1e15


def study_text(tables: Mapping[str, Any], path: Callable[[str], str]) -> str:
    """Write a study file as the example has it: what is given in its place, everything else as a comment.

    Parameters
    ----------
    tables : mapping
        By section: a table, or a list of tables; ``""`` holds the keys above all sections.
    path : callable
        Turns a path as given into one as written.

    Returns
    -------
    str
        TOML.
    """
    written: list[str] = []
    seen: set[str] = set()
    for block in example_study().rstrip("\n").split("\n\n"):
        head = next((found for line in block.split("\n") if (found := _HEAD.match(line))), None)
        name = head.group(1) if head else ""
        if head is None and not _KEY.match(block.split("\n")[-1]):
            written.append(block)  # what the example says of itself
            continue
        seen.add(name)
        given = tables.get(name)
        several = given if isinstance(given, list) else [given]
        written += [_block(block, name, one, path, first=not place) for place, one in enumerate(several or [None])]
    for name, given in tables.items():
        if name not in seen:
            double = isinstance(given, list)
            for table in given if isinstance(given, list) else [given]:
                keys = [f"{_named(key)} = {_valued(name, key, value, path)}" for key, value in table.items()]
                written.append("\n".join([f"[[{name}]]" if double else f"[{name}]", *keys]))
    return "\n\n".join(written) + "\n"


def toml_value(value: Any) -> str:  # noqa: ANN401 - whatever a study file can say
    r"""Write a value as TOML has it.

    Parameters
    ----------
    value : str, bool, int, float, list or dict
        Any.

    Returns
    -------
    str

    Raises
    ------
    TypeError
        For anything TOML has not.

    Examples
    --------
    >>> print(toml_value({"column": 'a "b"', "min": 3.0, "equals": ["x", True]}))
    { column = "a \"b\"", min = 3, equals = ["x", true] }
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, int | float) and math.isfinite(value):
        whole = float(value).is_integer() and abs(value) < _WHOLE_BELOW
        return str(int(value)) if whole else repr(float(value))
    if isinstance(value, list | tuple):
        return f"[{', '.join(toml_value(one) for one in value)}]"
    if isinstance(value, dict):
        inner = ", ".join(f"{_named(str(key))} = {toml_value(one)}" for key, one in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    raise TypeError(f"{value!r:.60} is nothing a study file can say")


def _quoted(text: str) -> str:
    """Write a text as a TOML basic string, which escapes quotes, backslashes and every control character."""
    clean = text.encode("utf-8", "replace").decode("utf-8")
    return f'"{"".join(_escaped(one) for one in clean)}"'


def _escaped(letter: str) -> str:
    code = ord(letter)
    return _ESCAPES.get(letter) or (f"\\u{code:04x}" if code < _CONTROL or code == _DELETE else letter)


def _named(key: str) -> str:
    return key if _BARE.match(key) else _quoted(key)


def _block(block: str, name: str, given: dict[str, Any] | None, path: Callable[[str], str], *, first: bool) -> str:
    """Write one section: its given keys in the place of the example's, everything else as a comment.

    A further layer of the same section (not `first`) has its keys alone.
    """
    left = dict(given or {})
    lines: list[str] = []
    for line in block.split("\n"):
        head, key = _HEAD.match(line), _KEY.match(line)
        if head:
            name_of, _, comment = line.removeprefix("# ").partition(" #")
            shown = _commented(name_of.rstrip(), f"#{comment}" if comment and first else "")
            lines.append(line if given is None else shown)
        elif key and key.group(1) in left:
            text = f"{key.group(1)} = {_valued(name, key.group(1), left.pop(key.group(1)), path)}"
            lines.append(_commented(text, key.group(3) or "") if first else text)
        elif first:
            lines.append(f"# {line}" if key and not line.startswith("#") else line)
    lines += [f"{_named(key)} = {_valued(name, key, value, path)}" for key, value in left.items()]
    return "\n".join(lines)


def _commented(text: str, comment: str) -> str:
    """Put a comment beside a line, in its column."""
    return f"{text.ljust(_COMMENT_COLUMN - 1)} {comment.strip()}" if comment.strip() else text


def _valued(section: str, key: str, value: Any, path: Callable[[str], str]) -> str:  # noqa: ANN401 - as given
    """Write a value, paths as they are to be written."""
    if key == "file" or (section, key) in _FILES:
        return toml_value([path(one) for one in value] if isinstance(value, list) else path(value))
    if isinstance(value, dict) and isinstance(value.get("file"), str):
        return toml_value(value | {"file": path(value["file"])})
    return toml_value(value)
