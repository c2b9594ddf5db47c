"""Pack the plug-in, and hold it to the rules of the official plug-in repository.

``python qgis_plugin/build.py`` writes ``qgis_plugin/dist/bykobling_qgis-<version>.zip``; ``--scan`` scans what was
packed as the repository does (any finding of bandit or detect-secrets fails); ``--release`` asks also for what an
upload needs.
The same sources give the same bytes.
"""

from __future__ import annotations

import argparse
import configparser
import importlib.util
import json
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from pathlib import Path, PurePosixPath

import translations

HERE = Path(__file__).parent
FOLDER = "bykobling_qgis"
LARGEST_BYTES = 25 * 2**20

NEEDED = (
    "name", "description", "version", "qgisMinimumVersion", "author", "email", "about", "tracker", "repository",
)  # fmt: skip
"""What metadata.txt must say."""

KNOWN = frozenset(
    {
        *NEEDED, "homepage", "changelog", "qgisMaximumVersion", "tags", "deprecated", "experimental", "external_deps",
        "server", "icon", "category", "hasProcessingProvider", "plugin_dependencies",
    }
)  # fmt: skip

LEFT_OUT = ("__pycache__", "*.pyc", "*.pyo", "*.qm", ".*", "__MACOSX", "*.orig", "*.bak")
"""What lies about in a folder and is no part of the plug-in; translations are compiled anew."""

FLAGGED = frozenset({".exe", ".dll", ".so", ".dylib", ".bat", ".sh", ".ps1", ".cmd", ".pyc", ".pyd"})
"""Files the repository does not take."""

BANDIT_OFF = "B109,B404,B410,B411"
"""The only checks of bandit that the repository leaves out."""

SECRETS_OFF = "IPPublicDetector"
_STAMP = (1980, 1, 1, 0, 0, 0)


def project_version() -> str:
    """Read the version of the project."""
    with (HERE.parent / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


def stage(folder: Path) -> Path:
    """Copy what is packed into a folder, with the project's version and compiled translations.

    Parameters
    ----------
    folder : Path
        An empty one.

    Returns
    -------
    Path
        The plug-in in it.
    """
    target = folder / FOLDER
    shutil.copytree(HERE / FOLDER, target, ignore=shutil.ignore_patterns(*LEFT_OUT))
    metadata = target / "metadata.txt"
    text = metadata.read_text(encoding="utf-8")
    stamped, times = re.subn(r"(?m)^version=.*$", f"version={project_version()}", text)
    if times != 1:
        raise SystemExit("metadata.txt must have one line that begins with version=")
    metadata.write_text(stamped, encoding="utf-8")
    if shutil.which("lrelease") or shutil.which("lrelease-qt5") or shutil.which("lrelease6"):
        translations.compile_into(target)
    else:
        sys.stderr.write("lrelease is missing: the plug-in is packed in English alone\n")
    for path in target.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return target


def pack(plugin: Path, zipped: Path) -> None:
    """Zip a plug-in folder so that the same files give the same bytes.

    Parameters
    ----------
    plugin : Path
        From `stage`.
    zipped : Path
        Replaced in one go.
    """
    zipped.parent.mkdir(parents=True, exist_ok=True)
    temporary = zipped.with_name(f".{zipped.name}.tmp")
    with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(plugin.rglob("*"), key=lambda one: one.relative_to(plugin).as_posix()):
            if path.is_file():
                entry = zipfile.ZipInfo(f"{plugin.name}/{path.relative_to(plugin).as_posix()}", _STAMP)
                entry.external_attr = 0o100644 << 16
                entry.create_system = 3
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, path.read_bytes())
    temporary.replace(zipped)


def rules_broken(zipped: Path, *, release: bool = False) -> list[str]:
    """List the rules of the repository that a zip breaks.

    Parameters
    ----------
    zipped : Path
        A packed plug-in.
    release : bool, optional
        Whether to ask for what an upload needs besides.

    Returns
    -------
    list of str
        Empty where it may be uploaded.
    """
    broken = []
    if zipped.stat().st_size > LARGEST_BYTES:
        broken.append(f"it is larger than {LARGEST_BYTES} bytes")
    with zipfile.ZipFile(zipped) as archive:
        names = archive.namelist()
        broken += _names_broken(archive.infolist())
        tops = {PurePosixPath(name).parts[0] for name in names}
        if len(tops) != 1:
            return [*broken, f"it has {len(tops)} folders at the top, not one"]
        top = tops.pop()
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", top) or "plugin" in top.lower():
            broken.append(f"{top} is no name for a plug-in's folder")
        missing = [name for name in ("__init__.py", "metadata.txt", "LICENSE") if f"{top}/{name}" not in names]
        if missing:
            return [*broken, *(f"{name} is missing" for name in missing)]
        if "def classFactory(" not in archive.read(f"{top}/__init__.py").decode("utf-8"):
            broken.append("__init__.py has no classFactory")
        if "GNU GENERAL PUBLIC LICENSE" not in archive.read(f"{top}/LICENSE").decode("utf-8"):
            broken.append("LICENSE is not the GPL")
        metadata = archive.read(f"{top}/metadata.txt").decode("utf-8")
    return broken + _metadata_broken(metadata, {name.removeprefix(f"{top}/") for name in names}, release=release)


def _names_broken(entries: list[zipfile.ZipInfo]) -> list[str]:
    broken = []
    for entry in entries:
        path = PurePosixPath(entry.filename)
        if path.is_absolute() or ".." in path.parts or "\\" in entry.filename or ":" in entry.filename:
            broken.append(f"{entry.filename} is no path inside the zip")
        if {"__pycache__", "__MACOSX", ".git"} & set(path.parts) or any(part.startswith(".") for part in path.parts):
            broken.append(f"{entry.filename} is no part of a plug-in")
        if path.suffix.lower() in FLAGGED:
            broken.append(f"{entry.filename} is of a kind the repository does not take")
        if entry.external_attr >> 16 & 0o111:
            broken.append(f"{entry.filename} can be run")
        if path.name.startswith("ui_") or path.name == "resources_rc.py":
            broken.append(f"{entry.filename} is generated")
    return broken


def _metadata_broken(text: str, files: set[str], *, release: bool) -> list[str]:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(text)
    told = dict(parser["general"]) if parser.has_section("general") else {}
    broken = [f"metadata.txt does not say {key}" for key in NEEDED if not told.get(key, "").strip()]
    broken += [f"metadata.txt says {key}, which the repository does not know" for key in told if key not in KNOWN]
    if not re.fullmatch(r"\d+\.\d+\.\d+", told.get("version", "")):
        broken.append(f"the version {told.get('version')} is not MAJOR.MINOR.PATCH in figures")
    for key in ("qgisMinimumVersion", "qgisMaximumVersion"):
        if not re.fullmatch(r"\d+\.\d+(\.\d+)?", told.get(key, "")):
            broken.append(f"{key} is no version: without a highest one the plug-in ends at QGIS 3.99")
    said = (
        ("/" in told.get("author", ""), "the author has a slash in it"),
        ("plugin" in told.get("name", "").lower(), "the name has the word plugin in it"),
        (
            told.get("hasProcessingProvider") != "yes",
            "hasProcessingProvider is not yes: qgis_process would not find it",
        ),
        ("Python" not in told.get("about", ""), "about does not tell what else has to be installed"),
        (told.get("icon") not in files, f"there is no icon {told.get('icon')}"),
    )
    broken += [text for wrong, text in said if wrong]
    for key in ("tracker", "repository", "homepage"):
        address = told.get(key, "")
        if not address.startswith("https://"):
            broken.append(f"{key} is no https address")
        elif release and "example.org" in address:
            broken.append(f"{key} is still a placeholder: give the project's own address")
    return broken


def findings(plugin: Path) -> list[str]:
    """Scan a plug-in as the repository does after an upload.

    Parameters
    ----------
    plugin : Path
        Its folder, as packed.

    Returns
    -------
    list of str
        Each of them would block it.

    Raises
    ------
    SystemExit
        If a scanner is not installed: what was not scanned is not clean.
    """
    missing = [name for name in ("bandit", "detect_secrets") if importlib.util.find_spec(name) is None]
    if missing:
        raise SystemExit(f"{', '.join(missing)} is not installed. Remedy: pip install bandit detect-secrets")
    return _bandit(plugin) + _secrets(plugin)


def _bandit(plugin: Path) -> list[str]:
    told = _json(plugin, "bandit", "--quiet", "--recursive", "--format", "json", "--skip", BANDIT_OFF, ".")
    errors = [f"bandit cannot read {one['filename']}: {one['reason']}" for one in told["errors"]]
    return errors + [
        f"{one['test_id']} {Path(one['filename']).name}:{one['line_number']} {one['issue_text']}"
        for one in told["results"]
    ]


def _secrets(plugin: Path) -> list[str]:
    # from inside the folder: of one outside the working folder it finds nothing, and does not say so
    told = _json(plugin, "detect_secrets", "scan", "--all-files", "--disable-plugin", SECRETS_OFF, ".")
    return [
        f"{one['type']} {name}:{one['line_number']}"
        for name, found in told["results"].items()
        for one in found
        if Path(name).name != "metadata.txt"
    ]


def _json(folder: Path, module: str, *arguments: str) -> dict:
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    try:
        return json.loads(done.stdout)
    except ValueError:
        raise SystemExit(f"{module} failed: {done.stderr.strip()}") from None


def build(folder: Path, *, scan: bool = False, release: bool = False) -> tuple[Path, list[str]]:
    """Pack the plug-in and check it.

    Parameters
    ----------
    folder : Path
        The zip goes here.
    scan, release : bool, optional
        Whether to scan it, and to ask for what an upload needs.

    Returns
    -------
    Path, list of str
        The zip, and what is wrong with it.
    """
    zipped = folder / f"{FOLDER}-{project_version()}.zip"
    with tempfile.TemporaryDirectory() as made:
        plugin = stage(Path(made))
        pack(plugin, zipped)
        wrong = rules_broken(zipped, release=release)
        if scan:
            wrong += findings(plugin)
    return zipped, wrong


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=HERE / "dist", help="folder for the zip")
    parser.add_argument("--scan", action="store_true", help="scan it as the repository does")
    parser.add_argument("--release", action="store_true", help="ask also for what an upload needs")
    asked = parser.parse_args()
    zipped, wrong = build(asked.output, scan=asked.scan, release=asked.release)
    print(f"{zipped} ({zipped.stat().st_size / 1024:.0f} kB)")
    for one in wrong:
        print(f"wrong: {one}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
