"""Find the data shipped with bykobling."""

from __future__ import annotations

from pathlib import Path

from bykobling.errors import ReadError


def demo_folder() -> Path:
    """Return the folder with the shipped study of Monaco.

    Returns
    -------
    Path
        Holds ``study.toml``, the extract, the areas, and the notice of its licence (ODbL).

    Raises
    ------
    ReadError
        When the data is not where an installation or a checkout keeps it.

    Examples
    --------
    >>> (demo_folder() / "study.toml").exists()
    True
    """
    package = Path(__file__).resolve().parent
    # a wheel carries the data inside the package; an editable installation has it beside src/
    for folder in (package / "_demo" / "monaco", package.parents[1] / "data" / "monaco"):
        if (folder / "study.toml").is_file():
            return folder
    raise ReadError(
        f"the demo data is missing beside {package}. Remedy: install bykobling again from a wheel or a checkout."
    )


def example_study() -> str:
    """Return the commented example of a study file.

    Returns
    -------
    str
        TOML.

    Raises
    ------
    ReadError
        When the installation is broken.
    """
    path = Path(__file__).resolve().parent / "study" / "example.toml"
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ReadError(f"{path} is missing. Remedy: install bykobling again.") from error
