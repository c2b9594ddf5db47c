"""Step 4: measure all proposals and look at them side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ..i18n import tr
from .loading import LayerLoader, free_folder
from .parts import Table, as_float, button, number, paragraph, share

if TYPE_CHECKING:
    from ..proposals import Proposals
    from .session import Session

FILE = "assessment.gpkg"


def measures() -> tuple[tuple[str, str, str], ...]:
    """List what proposals are compared by: column, what it is called, how it is written."""
    return (
        ("residents_gaining", tr("Residents who gain"), "count"),
        ("vulnerable_gaining", tr("of them in vulnerable areas"), "count"),
        ("residents_losing", tr("Residents who lose"), "count"),
        ("mean_reach_gain", tr("More of all places in reach, mean of residents"), "share"),
        ("effect_before", tr("Reach lost to barriers, today"), "share"),
        ("effect_after", tr("Reach lost to barriers, with it"), "share"),
        ("recovered_share", tr("Of the lost reach it gives back"), "share"),
        ("recovered_vulnerable_share", tr("The same in vulnerable areas"), "share"),
        ("recovered_water_share", tr("Of what water takes it gives back"), "share"),
        ("gaps_closed", tr("Gaps to the rest at least halved"), "count"),
    )


class CompareStep(QWidget):
    """The fourth step.

    Parameters
    ----------
    session : Session
        Shared by the steps.
    proposals : Proposals
        The drawn lines.
    """

    def __init__(self, session: Session, proposals: Proposals) -> None:
        super().__init__()
        self._session = session
        self._proposals = proposals
        self._job: int | None = None
        self._report = ""
        self._loader = LayerLoader(self)
        self.run_button = button(tr("Compare the proposals"), self.run, main=True)
        self.about = paragraph()
        self.table = Table([tr("Measure")])
        self.table.setWordWrap(True)
        self.report_button = button(tr("Open the report"), lambda: _open(self._report))
        self.folder_button = button(tr("Open the folder"), lambda: _open(self._folder))
        self._folder = ""
        layout = QVBoxLayout(self)
        layout.addWidget(
            paragraph(
                tr("Measures every number of the profile again with each proposal, and with all of them together.")
            )
        )
        layout.addWidget(self.run_button)
        layout.addWidget(self.about)
        layout.addWidget(self.table, 1)
        row = QHBoxLayout()
        row.addWidget(self.report_button)
        row.addWidget(self.folder_button)
        layout.addLayout(row)
        layout.addStretch(0)
        session.study_changed.connect(self._reset)
        session.jobs_changed.connect(self._enable)
        proposals.changed.connect(self._enable)
        self._reset()

    def run(self) -> None:
        """Measure all proposals of the layer."""
        lines = self._proposals.lines()
        if not lines:
            self._session.told.emit(tr("Nothing is drawn yet (step 3)."), "warning")
            return
        if not self._proposals.save():
            return
        study = Path(self._session.study)
        params: dict[str, Any] = {"study": self._session.study, "proposals": [self._proposals.file()]}
        usual = study.parent / "assessment"
        folder = free_folder(usual, FILE)
        params["folder"] = str(folder)

        def failed(error: Any) -> None:
            self._job = None
            self._session.tell_error(error)
            self._enable()

        self._job = self._session.ask("assess", params, self._measured, failed, text=tr("Comparing the proposals"))
        self._enable()

    def close_down(self) -> None:
        """Load nothing more."""
        self._loader.stop()

    def _measured(self, answer: dict[str, Any]) -> None:
        self._job = None
        files = answer.get("files") or {}
        self._report = str(files.get("report") or "")
        self._folder = str(answer.get("folder") or "")
        proposals = list(answer.get("proposals") or [])
        self.show_table(proposals)
        notes = len(answer.get("notes") or [])
        self.about.setText(
            tr("Counted are residents of the areas of the study. A dash: not measured, or nothing to close.")
            + (" " + tr("Notes on what was assumed, in the files: {n}.").format(n=notes) if notes else "")
        )
        layers = [str(name) for name in answer.get("layers") or []]
        title = tr("Comparison: {study}").format(study=Path(self._session.study).parent.name)
        # the lines are on the map already
        wanted = [name for name in layers if name != "proposals"]
        geopackage = str(files.get("geopackage", ""))
        self._loader.load(geopackage, wanted, title, lambda _: self._enable(), hidden=frozenset({"areas"}))
        self._enable()

    def show_table(self, proposals: list[dict[str, Any]]) -> None:
        """Show proposals side by side, one a column."""
        told = [row for row in measures() if any(row[0] in one for one in proposals)]
        self.table.setColumnCount(1 + len(proposals))
        self.table.setHorizontalHeaderLabels([tr("Measure"), *(str(one.get("proposal", "")) for one in proposals)])
        rows = []
        for column, label, kind in told:
            values = [as_float(one.get(column)) for one in proposals]
            rows.append((label, *((share(one, 1) if kind == "share" else number(one), one) for one in values)))
        self.table.fill(rows)
        self.table.resizeRowsToContents()
        self.table.setVisible(bool(rows))

    def _reset(self) -> None:
        self._job, self._report, self._folder = None, "", ""
        self.about.setText("")
        self.table.setRowCount(0)
        self.table.setVisible(False)
        self._enable()

    def _enable(self) -> None:
        self.run_button.setEnabled(self._job is None and bool(self._session.study) and self._proposals.drawn())
        self.report_button.setVisible(bool(self._report))
        self.folder_button.setVisible(bool(self._folder))


def _open(path: str) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(path))
