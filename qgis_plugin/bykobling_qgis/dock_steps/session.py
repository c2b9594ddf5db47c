"""What the steps of the dock share: the engine's jobs, the study that is open, words for the planner."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import QgsCoordinateReferenceSystem, QgsProject
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..faults import sentence as fault_sentence
from ..i18n import tr
from ..wire import CANCELLED

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_FAULTS = 5


@dataclass(frozen=True)
class Job:
    """Something the engine is doing.

    Parameters
    ----------
    call_id : int
        As the engine's progress names it.
    text : str
        What the planner sees.
    quiet : bool
        Too short to be shown with a progress bar.
    """

    call_id: int
    text: str
    quiet: bool = False


class Session(QObject):
    """One planner's work in the dock.

    Parameters
    ----------
    iface : QgisInterface
        Of QGIS.
    engine : Engine
        Runs the library.
    """

    study_changed = pyqtSignal()
    """Another study file was chosen, or none."""
    loaded = pyqtSignal()
    """The engine keeps the study in memory."""
    jobs_changed = pyqtSignal()
    told = pyqtSignal(str, str)
    """A sentence, and "info", "warning" or "error"."""

    def __init__(self, iface: Any, engine: Any) -> None:
        super().__init__()
        self.iface = iface
        self.engine = engine
        self.study = ""
        self.info: dict[str, Any] = {}
        self.jobs: dict[int, Job] = {}
        self._loading: int | None = None
        self._waiting: list[tuple[Callable[[], None], Callable[[str], None]]] = []
        engine.stopped.connect(self._engine_stopped)

    # The study

    def folder(self) -> str:
        """Give the folder of the study."""
        return str(Path(self.study).parent) if self.study else ""

    def crs(self) -> QgsCoordinateReferenceSystem:
        """Give the CRS the engine works in; not valid before the study is loaded."""
        crs = QgsCoordinateReferenceSystem()
        crs.createFromUserInput(str(self.info.get("crs", "")))
        return crs

    def set_study(self, path: str) -> None:
        """Choose a study file; the project remembers it."""
        if path == self.study:
            return
        self.forget()
        self.study = path
        QgsProject.instance().writeEntry("bykobling", "study", path)
        self.study_changed.emit()

    def remembered_study(self) -> str:
        """Give the study file the project was last used with, if it is still there."""
        path, found = QgsProject.instance().readEntry("bykobling", "study", "")
        return str(path) if found and path and Path(str(path)).is_file() else ""

    def forget(self) -> None:
        """Forget what the engine has in memory, e.g. because it ended."""
        self.info = {}
        self._loading = None
        waiting, self._waiting = self._waiting, []
        for _, refuse in waiting:
            refuse(tr("Another study was chosen."))

    def when_loaded(self, then: Callable[[], None], otherwise: Callable[[str], None]) -> None:
        """Do something once the engine has the study in memory; it is loaded where needed."""
        if self.info and self.engine.is_ready():
            then()
            return
        if not self.study:
            otherwise(tr("Choose a study first (step 1)."))
            return
        self.info = {}
        self._waiting.append((then, otherwise))
        if self._loading is None:
            self._loading = self.ask(
                "load_study", {"study": self.study}, self._study_loaded, self._study_failed,
                text=tr("Getting the study ready"),
            )  # fmt: skip

    def _study_loaded(self, info: dict[str, Any]) -> None:
        self.info = info
        self._loading = None
        waiting, self._waiting = self._waiting, []
        self.loaded.emit()
        for then, _ in waiting:
            then()

    def _study_failed(self, error: Any) -> None:
        self._loading = None
        waiting, self._waiting = self._waiting, []
        for _, refuse in waiting:
            refuse(sentence(error))
        if not waiting:
            self.tell_error(error)

    # The engine's jobs

    def ask(
        self,
        method: str,
        params: dict[str, Any],
        on_result: Callable[[Any], None],
        on_error: Callable[[Any], None] | None = None,
        *,
        text: str,
        quiet: bool = False,
    ) -> int:
        """Ask the engine; what comes back for a study chosen away meanwhile is dropped.

        Parameters
        ----------
        method, params
            As the engine's protocol has them.
        on_result, on_error : callable
            Called in the GUI thread; without ``on_error`` the planner is told.
        text : str
            What the planner sees while it runs.
        quiet : bool
            Show no progress bar.

        Returns
        -------
        int
            Id of the job.
        """
        study = self.study
        ended: list[int] = []

        def end() -> None:
            ended.append(1)
            for job in mine:
                self.jobs.pop(job.call_id, None)
            self.jobs_changed.emit()

        def result(answer: Any) -> None:
            end()
            if study == self.study:
                on_result(answer)

        def error(problem: Any) -> None:
            end()
            if study == self.study:
                (on_error or self.tell_error)(problem)

        mine: list[Job] = []
        call_id = int(self.engine.call(method, params, result, error))
        if not ended:
            mine.append(Job(call_id, text, quiet))
            self.jobs[call_id] = mine[0]
            self.jobs_changed.emit()
        return call_id

    def cancel(self, call_id: int | None = None) -> None:
        """Cancel one job, or all that the planner can see."""
        for job in [job for job in self.jobs.values() if call_id in (None, job.call_id)]:
            self.engine.cancel(job.call_id)

    def running(self) -> Job | None:
        """Give the oldest job with a progress bar."""
        return next((job for job in self.jobs.values() if not job.quiet), None)

    def tell_error(self, problem: Any) -> None:
        """Tell the planner what went wrong; a job that was cancelled is no error."""
        if getattr(problem, "code", None) == CANCELLED:
            self.told.emit(tr("Cancelled. Nothing was changed."), "info")
        else:
            self.told.emit(sentence(problem), "error")

    def _engine_stopped(self, message: str) -> None:
        """Forget what was in its memory; the next question starts it again."""
        self.info = {}
        self._loading = None


def sentence(problem: Any) -> str:
    """Write an error of the engine as text: its message, or each fault with its remedy."""
    if isinstance(problem, str):
        return problem
    faults = list(getattr(problem, "faults", None) or [])
    lines = [fault_sentence(fault) for fault in faults[:MOST_FAULTS]]
    if len(faults) > MOST_FAULTS:
        lines.append(tr("... and {n} more.").format(n=len(faults) - MOST_FAULTS))
    return "\n".join(lines) if lines else str(getattr(problem, "message", problem))
