"""Step 2: measure the profile, show it on the map and tell which areas are most cut off."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import QgsCoordinateTransform, QgsFeatureRequest, QgsProject, QgsRectangle, QgsVectorLayer
from qgis.PyQt.QtCore import QTimer, QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ..i18n import tr
from ..layers import layer_names
from .loading import LayerLoader, free_folder, layer_name
from .parts import Table, as_float, button, heading, number, paragraph, share

if TYPE_CHECKING:
    from collections.abc import Callable

    from .session import Session

FILE = "results.gpkg"
HEADLINE = "barrier_effect_walk_15min"
MOST_ROWS = 200


class ProfileStep(QWidget):
    """The second step.

    Parameters
    ----------
    session : Session
        Shared by the steps.
    go_on : callable
        Opens the next step.
    """

    def __init__(self, session: Session, go_on: Callable[[], None]) -> None:
        super().__init__()
        self._session = session
        self._report = ""
        self._areas_id = ""
        self._job: int | None = None
        self._loader = LayerLoader(self)
        self.run_button = button(tr("Measure the profile"), self.run, main=True)
        self.open_button = button(
            tr("Show earlier results"), self.open_earlier, tip=tr("Of the last time this study was measured")
        )
        self.summary = paragraph()
        self.table = Table([tr("Area"), tr("Lost"), tr("Residents"), tr("Taken by")])
        self.table.itemSelectionChanged.connect(self._zoom)
        self.report_button = button(tr("Open the report"), self._open_report)
        self.next_button = button(tr("Go on: draw a connection"), go_on, main=True)
        first = QHBoxLayout()
        first.addWidget(self.run_button, 1)
        first.addWidget(self.open_button)
        layout = QVBoxLayout(self)
        layout.addWidget(paragraph(tr("How cut off is each housing area, and by which railway, road or closed land?")))
        layout.addLayout(first)
        layout.addWidget(self.summary)
        self.title = heading(tr("Most cut-off areas"))
        layout.addWidget(self.title)
        layout.addWidget(self.table, 1)
        last = QHBoxLayout()
        last.addWidget(self.report_button)
        last.addWidget(self.next_button, 1)
        layout.addLayout(last)
        session.study_changed.connect(self._reset)
        session.jobs_changed.connect(self._enable)
        self._reset()

    def run(self) -> None:
        """Measure the study; the map shows what was found when it is done."""
        study = Path(self._session.study)
        if not self._session.study:
            self._session.told.emit(tr("Choose a study first (step 1)."), "warning")
            return
        params: dict[str, Any] = {"study": self._session.study}
        usual = study.parent / "results"
        folder = free_folder(usual, FILE)
        if folder != usual:
            params["folder"] = str(folder)

        def failed(error: Any) -> None:
            self._job = None
            self._session.tell_error(error)
            self._enable()

        self._job = self._session.ask("run", params, self._measured, failed, text=tr("Measuring the profile"))
        self._enable()

    def open_earlier(self) -> None:
        """Show what was measured before."""
        file = self._earlier()
        if file is not None:
            report = file.with_name("report.html")
            self.show_results(str(file), str(report) if report.is_file() else "")

    def show_results(self, file: str, report: str, headline: str = HEADLINE) -> None:
        """Put results on the map and fill the table.

        Parameters
        ----------
        file : str
            GeoPackage of a run.
        report : str
            Page for a browser, may be empty.
        headline : str
            Column the areas are ranked by.
        """
        self._report = report
        self.report_button.setEnabled(bool(report))
        names = layer_names(file)
        if not names:
            self._session.told.emit(tr("{file} holds no layers.").format(file=file), "error")
            return

        def loaded(layers: list[Any]) -> None:
            areas = next((one for one in layers if layer_name(one) == "areas"), None)
            self._areas_id = areas.id() if areas is not None else ""
            if areas is not None:
                zoom_to(self._session.iface, areas.extent(), areas)
                QTimer.singleShot(0, lambda: self._fill(areas, headline))

        title = Path(self._session.study).parent.name or tr("Study")
        self._loader.load(file, names, tr("Profile: {study}").format(study=title), loaded)

    def close_down(self) -> None:
        """Load nothing more."""
        self._loader.stop()

    def _measured(self, answer: dict[str, Any]) -> None:
        self._job = None
        files = answer.get("files") or {}
        headline = answer.get("headline") or {}
        notes = len(answer.get("notes") or [])
        self.show_results(
            str(files.get("geopackage", "")), str(files.get("report", "")), str(headline.get("indicator", HEADLINE))
        )
        if notes:
            self._session.told.emit(
                tr("Measured. Read in the report first what was assumed or is missing (notes: {n}).").format(n=notes),
                "info",
            )
        # got ready for drawing while the planner looks at the map
        self._session.when_loaded(_nothing, _nothing)

    def _fill(self, areas: QgsVectorLayer, headline: str) -> None:
        """Rank the areas: most reach lost first, what is not measured last."""
        if QgsProject.instance().mapLayer(self._areas_id) is None:
            return
        columns = [field.name() for field in areas.fields()]
        if headline not in columns:
            headline = next((name for name in columns if name.startswith("barrier_effect_walk")), "")
        wanted = [
            one
            for one in ("area_id", "name", "residents", "top_barrier", "top_barrier_share", headline)
            if one in columns
        ]
        request = QgsFeatureRequest()
        request.setFlags(QgsFeatureRequest.Flag.NoGeometry)
        request.setSubsetOfAttributes(wanted, areas.fields())
        found = []
        for feature in areas.getFeatures(request):
            told = {name: feature[name] for name in wanted}
            found.append((as_float(told.get(headline)), told))
        found.sort(key=lambda pair: (math.isnan(pair[0]), -pair[0] if not math.isnan(pair[0]) else 0.0))
        rows, keys = [], []
        for effect, told in found[:MOST_ROWS]:
            barrier = told.get("top_barrier")
            part = as_float(told.get("top_barrier_share"))
            blame = str(barrier) if isinstance(barrier, str) and barrier else "\N{EN DASH}"
            if not math.isnan(part) and blame != "\N{EN DASH}":
                blame += f" ({share(part)})"
            people = as_float(told.get("residents"))
            rows.append(
                (
                    str(told.get("name") or told.get("area_id")),
                    (share(effect, 1), effect),
                    (number(people), people),
                    blame,
                )
            )
            keys.append(str(told.get("area_id")))
        self.table.fill(rows, keys)
        label = areas.attributeDisplayName(areas.fields().lookupField(headline)) if headline else ""
        known = sum(not math.isnan(effect) for effect, _ in found)
        self.summary.setText(
            tr("{n} areas measured. {label}, largest first. Click a row to see the area.").format(
                n=number(known), label=label
            )
        )
        self._show_table(True)

    def _zoom(self) -> None:
        """Show the area of the chosen row on the map."""
        layer = QgsProject.instance().mapLayer(self._areas_id)
        key = self.table.chosen()
        if not isinstance(layer, QgsVectorLayer) or key is None:
            return
        request = QgsFeatureRequest()
        request.setSubsetOfAttributes(["area_id"], layer.fields())
        found = next((one for one in layer.getFeatures(request) if str(one["area_id"]) == key), None)
        if found is None or not found.hasGeometry():
            return
        zoom_to(self._session.iface, found.geometry().boundingBox(), layer, margin=2.2)
        canvas = self._session.iface.mapCanvas()
        canvas.flashFeatureIds(layer, [found.id()])

    def _earlier(self) -> Path | None:
        """Find what was measured last."""
        if not self._session.study:
            return None
        found = list(Path(self._session.study).parent.glob(f"results*/{FILE}"))
        return max(found, key=lambda file: file.stat().st_mtime) if found else None

    def _open_report(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self._report))

    def _reset(self) -> None:
        self._report, self._areas_id, self._job = "", "", None
        self.summary.setText("")
        self.table.setRowCount(0)
        self._show_table(False)
        self._enable()

    def _show_table(self, shown: bool) -> None:
        for one in (self.title, self.table, self.report_button):
            one.setVisible(shown)
        self.report_button.setEnabled(bool(self._report))

    def _enable(self) -> None:
        self.run_button.setEnabled(bool(self._session.study) and self._job is None)
        self.next_button.setEnabled(bool(self._session.study))
        self.open_button.setVisible(self._earlier() is not None)
        self.open_button.setEnabled(self._job is None)


def zoom_to(iface: Any, extent: QgsRectangle, layer: QgsVectorLayer, *, margin: float = 1.1) -> None:
    """Show an extent of a layer on the map; an empty project takes the layer's CRS first."""
    canvas = iface.mapCanvas()
    if extent.isEmpty():
        return
    change = QgsCoordinateTransform(layer.crs(), canvas.mapSettings().destinationCrs(), QgsProject.instance())
    box = change.transformBoundingBox(extent)
    box.scale(margin)
    canvas.setExtent(box)
    canvas.refresh()


def _nothing(*_: object) -> None:
    """Wait for nothing: only the getting ready is wanted."""
