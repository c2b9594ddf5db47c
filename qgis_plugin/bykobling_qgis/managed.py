"""The engine's own Python environment in the profile of QGIS: found, made, and taken away when making it fails.

The library is never installed into the Python of QGIS. Everything runs through `QProcess`, so that QGIS stays usable
and the planner can cancel.
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qgis.core import QgsSettings
from qgis.PyQt.QtCore import QDir, QObject, QProcess, QStandardPaths, QUrl, pyqtSignal

from .i18n import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qgis.PyQt.QtCore import QProcessEnvironment

REQUIREMENT = "bykobling"
OLDEST = (3, 11)
"""The library needs this Python; the one QGIS brings may be older."""

_MARKER = "bykobling-complete"
_WINDOWS = os.name == "nt"
_PROBE = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"
_VERSION = re.compile(rb"^(\d+)\.(\d+)\s*$", re.MULTILINE)
_COLLECTING = re.compile(r"^(Collecting|Processing|Downloading|Installing|Building|Successfully)\b\s*(.*)")
_MOST_PACKAGES = 60
"""About so many lines of pip tell of progress."""


def environment_folder(profile_folder: str) -> Path:
    """Tell where the environment is in a profile of QGIS."""
    return Path(profile_folder) / "bykobling" / "environment"


def environment_python(profile_folder: str) -> str | None:
    """Find the Python of the environment.

    Parameters
    ----------
    profile_folder : str
        Of QGIS (`QgsApplication.qgisSettingsDirPath`).

    Returns
    -------
    str or None
        None where there is none, or where it was never finished.
    """
    folder = environment_folder(profile_folder)
    python = _python_in(folder)
    return str(python) if (folder / _MARKER).is_file() and python.is_file() else None


def environment_command(profile_folder: str) -> list[str] | None:
    """Find the ``bykobling`` command of the environment, None where there is none."""
    python = environment_python(profile_folder)
    if python is None:
        return None
    command = Path(python).with_name("bykobling.exe" if _WINDOWS else "bykobling")
    return [str(command)] if command.is_file() else None


def python_candidates() -> list[str]:
    """List Pythons that may make the environment, the likeliest first.

    Returns
    -------
    list of str
        Never ``sys.executable``, which is QGIS itself on Windows and macOS.
    """
    names = ("python.exe", "python3.exe") if _WINDOWS else ("bin/python3", "bin/python")
    beside = [str(Path(root) / name) for root in (sys.prefix, sys.base_prefix) for name in names]
    numbered = [f"python3.{minor}" for minor in range(14, OLDEST[1] - 1, -1)]
    on_path = [QStandardPaths.findExecutable(name) for name in ("python3", "python", *numbered)]
    installed: list[str] = []
    if _WINDOWS:
        home = Path(os.environ.get("LOCALAPPDATA", "")) / "Programs" / "Python"
        installed = [str(path) for path in sorted(home.glob("Python3*/python.exe"), reverse=True)]
    elif sys.platform == "darwin":
        folders = Path("/Library/Frameworks/Python.framework/Versions").glob("3.*/bin/python3")
        installed = [str(path) for path in sorted(folders, reverse=True)]
    found: dict[str, None] = {}
    for path in (*beside, *on_path, *installed):
        if path and Path(path).is_file() and Path(path).name.lower().startswith("python"):
            found[path] = None
    return list(found)


def proxy_environment(environment: QProcessEnvironment, settings: QgsSettings | None = None) -> None:
    """Hand the proxy of QGIS's options to pip.

    Parameters
    ----------
    environment : QProcessEnvironment
        Gets ``http_proxy`` and ``https_proxy``, and ``no_proxy`` for the exceptions; kept as it is where QGIS has no
        proxy.
    settings : QgsSettings, optional
        Of QGIS.
    """
    told = settings if settings is not None else QgsSettings()
    if not told.value("proxy/proxyEnabled", False, type=bool):
        return
    host = str(told.value("proxy/proxyHost", "") or "")
    if not host:
        return
    url = QUrl()
    kind = str(told.value("proxy/proxyType", "") or "")
    url.setScheme("socks5" if kind.lower().startswith("socks") else "http")
    url.setHost(host)
    port = str(told.value("proxy/proxyPort", "") or "")
    if port.isdigit():
        url.setPort(int(port))
    user = str(told.value("proxy/proxyUser", "") or "")
    if user:
        url.setUserName(user)
        word = str(told.value("proxy/proxyPassword", "") or "")
        if word:
            url.setPassword(word)
    text = url.toString(QUrl.ComponentFormattingOption.FullyEncoded)
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        environment.insert(name, text)
    excluded = told.value("proxy/noProxyUrls", []) or []
    hosts = [QUrl(str(one)).host() or str(one) for one in ([excluded] if isinstance(excluded, str) else excluded)]
    if hosts:
        environment.insert("no_proxy", ",".join(hosts))


@dataclass(frozen=True)
class _Step:
    """One program to run."""

    text: str
    program: str
    arguments: tuple[str, ...]
    begins_at: float
    ends_at: float


class EnvironmentMaker(QObject):
    """Makes the environment: looks for a Python, makes a venv, installs the library into it.

    Parameters
    ----------
    profile_folder : str
        Of QGIS.
    parent : QObject, optional
        Owner.
    """

    progress = pyqtSignal(float, str)
    log = pyqtSignal(str)
    finished = pyqtSignal(str)
    """The Python of the environment."""
    failed = pyqtSignal(str)
    """A sentence for the planner; empty where it was cancelled."""

    def __init__(self, profile_folder: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = environment_folder(profile_folder)
        self._wheels = ""
        self._requirement = REQUIREMENT
        self._candidates: list[str] = []
        self._seen: list[str] = []
        self._steps: list[_Step] = []
        self._step: _Step | None = None
        self._process: QProcess | None = None
        self._lines = 0
        self._last: list[str] = []
        self._cancelled = False

    def running(self) -> bool:
        """Tell whether it is at work."""
        return self._process is not None

    def start(self, *, wheels: str = "", requirement: str = REQUIREMENT, pythons: Sequence[str] | None = None) -> None:
        """Begin.

        Parameters
        ----------
        wheels : str
            A folder of wheels: nothing is downloaded then.
        requirement : str
            What pip is asked for.
        pythons : sequence of str, optional
            Instead of `python_candidates`.
        """
        if self.running():
            return
        self._wheels, self._requirement = wheels, requirement
        self._cancelled, self._seen, self._last = False, [], []
        if wheels and not any(Path(wheels).glob("*.whl")):
            self.failed.emit(tr("There are no wheels (files ending in .whl) in {folder}.").format(folder=wheels))
            return
        self._candidates = list(pythons) if pythons is not None else python_candidates()
        self.progress.emit(0.0, tr("Looking for Python"))
        self._probe_next()

    def cancel(self) -> None:
        """Stop, and take away what was made so far."""
        self._cancelled = True
        if self._process is not None:
            self._process.kill()

    # looking for a Python

    def _probe_next(self) -> None:
        if not self._candidates:
            self._give_up(_no_python(self._seen))
            return
        python = self._candidates.pop(0)
        self._run(python, ("-c", _PROBE), lambda code, output: self._probed(python, code, output))

    def _probed(self, python: str, code: int, output: bytes) -> None:
        if self._cancelled:
            self._give_up("")
            return
        match = _VERSION.search(output)
        if code != 0 or match is None:
            self._seen.append(tr("{python}: it has no venv").format(python=python))
            self._probe_next()
            return
        version = int(match.group(1)), int(match.group(2))
        if version < OLDEST:
            self._seen.append(
                tr("{python}: version {version}").format(python=python, version=".".join(map(str, version)))
            )
            self._probe_next()
            return
        self.log.emit(f"{python}: Python {version[0]}.{version[1]}")
        self._make_with(python)

    # making it

    def _make_with(self, python: str) -> None:
        if self.folder.exists() and not QDir(str(self.folder)).removeRecursively():
            self._give_up(
                tr("{folder} is in use and cannot be made anew. Restart QGIS, and try again.").format(
                    folder=self.folder
                )
            )
            return
        own = str(_python_in(self.folder))
        pip = [
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "--no-input",
            "--no-color",
            "--progress-bar",
            "off",
        ]
        if self._wheels:
            pip += ["--no-index", "--find-links", self._wheels]
        self._steps = [
            _Step(tr("Making the environment"), python, ("-m", "venv", str(self.folder)), 0.02, 0.12),
            _Step(tr("Installing the library"), own, (*pip, self._requirement), 0.12, 0.9),
            _Step(tr("Trying it out"), own, ("-c", "import bykobling; print(bykobling.__version__)"), 0.9, 1.0),
        ]
        self._next_step()

    def _next_step(self) -> None:
        if not self._steps:
            (self.folder / _MARKER).write_text("", encoding="utf-8")
            self._step = None
            self.progress.emit(1.0, tr("Ready"))
            self.finished.emit(str(_python_in(self.folder)))
            return
        self._step = self._steps.pop(0)
        self._lines = 0
        self.progress.emit(self._step.begins_at, self._step.text)
        self._run(self._step.program, self._step.arguments, lambda code, _: self._step_done(code))

    def _step_done(self, code: int) -> None:
        if self._cancelled:
            self._give_up("")
        elif code != 0:
            text = self._step.text if self._step is not None else ""
            self._give_up(_why(text, self._last, offline=bool(self._wheels)))
        else:
            self._next_step()

    def _give_up(self, message: str) -> None:
        """Leave nothing half made."""
        self._steps, self._step = [], None
        if self.folder.exists() and not (self.folder / _MARKER).exists():
            QDir(str(self.folder)).removeRecursively()
        self.failed.emit(message)

    # programs

    def _run(self, program: str, arguments: Sequence[str], done) -> None:  # noqa: ANN001 - callable
        from .engine import clean_environment

        process = QProcess(self)
        environment = clean_environment()
        proxy_environment(environment)
        process.setProcessEnvironment(environment)
        process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
        output = bytearray()

        def read() -> None:
            data = bytes(process.readAllStandardOutput())
            output.extend(data)
            for line in data.decode("utf-8", "replace").splitlines():
                self._heard(line.rstrip())

        def end(code: int) -> None:
            if self._process is not process:
                return
            read()
            self._process = None
            process.deleteLater()
            done(code, bytes(output))

        process.readyRead.connect(read)
        process.finished.connect(
            lambda code, *_: end(code if process.exitStatus() == QProcess.ExitStatus.NormalExit else 1)
        )
        process.errorOccurred.connect(lambda error: end(1) if error == QProcess.ProcessError.FailedToStart else None)
        self._process = process
        process.start(program, list(arguments))

    def _heard(self, line: str) -> None:
        if not line.strip():
            return
        self._last = [*self._last[-20:], line]
        self.log.emit(line)
        match = _COLLECTING.match(line.strip())
        if match and self._step is not None:
            self._lines += 1
            share = min(1.0, self._lines / _MOST_PACKAGES)
            done = self._step.begins_at + share * (self._step.ends_at - self._step.begins_at)
            what = match.group(2).split("/")[-1].split(" (")[0][:60]
            self.progress.emit(done, f"{self._step.text}: {what}")


def _python_in(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if _WINDOWS else "bin/python")


def _no_python(seen: list[str]) -> str:
    """Tell what to install."""
    oldest = ".".join(map(str, OLDEST))
    told = tr("No Python {oldest} or later was found.").format(oldest=oldest)
    if seen:
        told += " " + tr("Found: {list}.").format(list="; ".join(seen))
    if sys.platform.startswith("linux"):
        return told + " " + tr("Install python3 and python3-venv with your system's packages, and try again.")
    return told + " " + tr("Install Python from python.org (no administrator needed), and try again.")


def _why(step: str, last: list[str], *, offline: bool) -> str:
    """Tell why a step failed: what pip said last, and what usually helps."""
    said = next((line for line in reversed(last) if "error" in line.lower()), last[-1] if last else "")
    text = f"{step}: {said}"
    together = " ".join(last).lower()
    if offline:
        return text + " " + tr("The folder must hold wheels of bykobling and of all it needs, for this Python.")
    if any(word in together for word in ("proxy", "connection", "timed out", "resolve", "ssl", "certificate")):
        check = tr("check the proxy in Settings > Options > Network, or use a folder of wheels")
        return text + " " + tr("The internet cannot be reached: {check}.").format(check=check)
    return text
