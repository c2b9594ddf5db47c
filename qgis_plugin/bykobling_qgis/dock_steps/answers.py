"""What the engine says of each drawn line: asked at once, again when it is moved, dropped when it is taken back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import QgsCoordinateTransform, QgsGeometry, QgsProject
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..i18n import tr
from ..proposals import KINDS
from ..wire import CANCELLED
from .faults import scratch
from .session import sentence

if TYPE_CHECKING:
    from ..proposals import Line, Proposals
    from .session import Session


@dataclass(frozen=True)
class Answer:
    """What is known of a line.

    Parameters
    ----------
    line : Line
        As it was when it was asked about.
    told : dict or None
        The engine's answer.
    problem : str
        Why there is none; empty while it is awaited.
    """

    line: Line
    told: dict[str, Any] | None = None
    problem: str = ""

    def waits(self) -> bool:
        """Tell whether the answer is still to come."""
        return self.told is None and not self.problem


class Answers(QObject):
    """Keeps the answers in step with the layer of proposals.

    Parameters
    ----------
    session : Session
        Shared by the steps.
    proposals : Proposals
        The drawn lines.
    """

    changed = pyqtSignal(str)
    """A line has another answer, or none any more."""

    def __init__(self, session: Session, proposals: Proposals) -> None:
        super().__init__()
        self._session = session
        self._proposals = proposals
        self._known: dict[str, Answer] = {}
        self._jobs: dict[str, int] = {}
        self._round = 0
        self._trusted: set[str] = set()
        self.old_layers: list[str] = []
        proposals.changed.connect(self.sync)
        session.study_changed.connect(self.clear)

    def get(self, line_id: str) -> Answer | None:
        """Give what is known of a line."""
        return self._known.get(line_id)

    def clear(self) -> None:
        """Forget everything."""
        self._known, self._jobs = {}, {}
        self._trusted = set()

    def expect(self, line_id: str) -> None:
        """Ask about a line as soon as it is there; lines found in the file are asked about when they are chosen."""
        self._trusted.add(line_id)

    def sync(self) -> None:
        """Compare with the layer: ask about what changed, forget what was taken back."""
        lines = {line.line_id: line for line in self._proposals.lines()}
        for line_id in [one for one in self._known if one not in lines]:
            self._drop(line_id)
        for line_id, line in lines.items():
            known = self._known.get(line_id)
            fresh = known is None and line_id in self._trusted
            moved = known is not None and not known.line.same_question(line)
            if fresh or moved:
                self.ask(line)
            elif known is not None:
                self._known[line_id] = Answer(line, known.told, known.problem)
                if known.line.title() != line.title():
                    self.changed.emit(line_id)

    def ask(self, line: Line) -> None:
        """Ask the engine about a line, and let go of an earlier question about it."""
        self._trusted.add(line.line_id)
        self._stop(line.line_id)
        if line.kind not in KINDS:
            told = tr("A line of this kind is measured in step 4, with all proposals.")
            self._set(Answer(line, problem=told))
            return
        self._set(Answer(line))
        self._session.when_loaded(lambda: self._send(line), lambda why: self._refused(line, why))

    def _send(self, line: Line) -> None:
        if self._outdated(line):
            return
        corners = _corners(line.geometry, self._proposals, self._session)
        if corners is None:
            self._set(Answer(line, problem=tr("It is not one line with two ends. Draw it again.")))
            return
        self._round += 1
        layer = scratch(self._session.folder()) / f"homes_{line.line_id}_{self._round}.gpkg"
        params = {
            "study_id": self._session.info.get("study_id"),
            "line": corners,
            "crs": self._session.info.get("crs"),
            "kind": line.kind,
            "mode": "bike" if line.mode == "bike" else "walk",
            "layer": str(layer),
        }

        def answered(told: dict[str, Any]) -> None:
            self._jobs.pop(line.line_id, None)
            if not self._outdated(line):
                self._set(Answer(line, told=told))
            elif told.get("layer"):
                Path(str(told["layer"])).unlink(missing_ok=True)

        def failed(error: Any) -> None:
            self._jobs.pop(line.line_id, None)
            cancelled = getattr(error, "code", None) == CANCELLED
            self._refused(line, tr("Cancelled. Choose the line to ask again.") if cancelled else sentence(error))

        self._jobs[line.line_id] = self._session.ask(
            "assess_link",
            params,
            answered,
            failed,
            text=tr("Asking about {name}").format(name=line.title()),
            quiet=True,
        )

    def _outdated(self, line: Line) -> bool:
        """Tell whether the line was changed or taken back since it was asked about."""
        known = self._known.get(line.line_id)
        return known is None or not known.line.same_question(line)

    def _refused(self, line: Line, why: str) -> None:
        if not self._outdated(line):
            self._set(Answer(line, problem=why))

    def _set(self, answer: Answer) -> None:
        self._throw_away(answer.line.line_id, but=answer)
        self._known[answer.line.line_id] = answer
        self.changed.emit(answer.line.line_id)

    def _stop(self, line_id: str) -> None:
        job = self._jobs.pop(line_id, None)
        if job is not None:
            self._session.cancel(job)

    def _drop(self, line_id: str) -> None:
        self._stop(line_id)
        self._throw_away(line_id)
        self._known.pop(line_id, None)
        self.changed.emit(line_id)

    def _throw_away(self, line_id: str, but: Answer | None = None) -> None:
        """Note that the layer of an answer is of no more use; it is deleted once the map shows another."""
        old = self._known.get(line_id)
        file = (old.told or {}).get("layer") if old is not None else None
        if file and (but is None or (but.told or {}).get("layer") != file):
            self.old_layers.append(str(file))


def _corners(geometry: QgsGeometry, proposals: Proposals, session: Session) -> list[list[float]] | None:
    """Give the corners of a line in the CRS of the study."""
    layer = proposals.layer
    shape = QgsGeometry(geometry)
    if shape.isMultipart() and not shape.convertToSingleType():
        return None
    if layer is not None:
        crs = session.crs()
        shape.transform(QgsCoordinateTransform(layer.crs(), crs, QgsProject.instance().transformContext()))
    line = shape.asPolyline()
    return [[point.x(), point.y()] for point in line] if len(line) > 1 else None
