"""What every page is made of and how it is written: files that go into it, and all or nothing of it on the disk."""

from __future__ import annotations

import base64
import hashlib
import os
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from bykobling.errors import Fault, InputError, OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Container

    import jinja2


def write_page(path: str | os.PathLike[str], make: Callable[[], str], *, language: str, known: Container[str]) -> None:
    """Make a page and write it; an earlier one is replaced only once the new one is complete."""
    if language not in known:
        raise InputError(
            Fault("report", "language", f"{language!r} is not a language of the report", 'choose "en" or "da"')
        )
    write_whole(path, make().encode("utf-8"), what="report")


def write_whole(path: str | os.PathLike[str], data: bytes, *, what: str) -> None:
    """Write a file; an earlier one is replaced only once the new one is complete."""
    target = Path(path)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        part.replace(target)
    except OSError as error:
        raise OutputError(
            f"{target}: the {what} cannot be written: {error.strerror or error}. An earlier one is untouched. "
            "Remedy: choose a folder that exists and that you may write to, on a disk with space."
        ) from error
    finally:
        if part.exists():
            part.unlink()


@cache
def page_environment() -> jinja2.Environment:
    """Load templates; autoescape keeps a name from becoming markup."""
    import jinja2  # noqa: PLC0415 - pages are written here that another process has made

    return jinja2.Environment(
        loader=jinja2.PackageLoader("bykobling.report", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def template_text(name: str) -> str:
    """Read a file that goes into the page as it is."""
    return files("bykobling.report").joinpath("templates", name).read_text(encoding="utf-8")


def policy_hash(text: str) -> str:
    """Give the hash by which a content security policy lets an inline block in."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
