"""Step 1: choose a study, make one from layers, check it, or try the sample town."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import QgsApplication, QgsFieldProxyModel, QgsMapLayerProxyModel
from qgis.gui import QgsCollapsibleGroupBox, QgsFieldComboBox, QgsFileWidget, QgsMapLayerComboBox
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLineEdit, QVBoxLayout, QWidget

from ..i18n import language, tr
from .faults import FaultsPanel
from .handed_over import hand_over
from .parts import button, heading, number, paragraph

if TYPE_CHECKING:
    from collections.abc import Callable

    from .handed_over import Written
    from .session import Session


class DataStep(QWidget):
    """The first step.

    Parameters
    ----------
    session : Session
        Shared by the steps.
    go_on : callable
        Opens the next step; called with True where the profile is to be measured at once.
    """

    def __init__(self, session: Session, go_on: Callable[[bool], None]) -> None:
        super().__init__()
        self._session = session
        self._go_on = go_on
        self.study_file = QgsFileWidget()
        self.study_file.setFilter(tr("Study") + " (*.toml)")
        self.study_file.setDialogTitle(tr("Choose a study file"))
        self.study_file.lineEdit().setPlaceholderText("study.toml")
        self.study_file.fileChanged.connect(self._chosen)
        self.about = paragraph(quiet=True)
        self.check_button = button(
            tr("Check my data"), self.check, tip=tr("Lists everything wrong with the inputs: what, where, what to do")
        )
        self.next_button = button(tr("Go on: measure the profile"), lambda: go_on(False), main=True)
        self.sample_button = button(
            tr("Try it with the sample town"), self.try_sample, tip=tr("Monaco and its neighbours, from OpenStreetMap")
        )
        self.faults = FaultsPanel(session)

        layout = QVBoxLayout(self)
        layout.addWidget(
            paragraph(tr("A study names the streets (OpenStreetMap), the housing areas and what else you have."))
        )
        layout.addWidget(self.sample_button)
        layout.addWidget(heading(tr("Open a study")))
        layout.addWidget(self.study_file)
        layout.addWidget(self.about)
        layout.addWidget(self._form())
        layout.addWidget(self.check_button)
        layout.addWidget(self.faults, 20)
        layout.addWidget(self.next_button)
        layout.addStretch(1)
        session.study_changed.connect(self._show)
        session.loaded.connect(self._show)
        self._show()

    def _form(self) -> QgsCollapsibleGroupBox:
        """Build the part that makes a study from layers."""
        self.make_group = QgsCollapsibleGroupBox(tr("... or make a new one from layers"))
        self.make_group.setCollapsed(True)
        self.title = QLineEdit(tr("My city"))
        self.folder = QgsFileWidget()
        self.folder.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.folder.setDialogTitle(tr("Choose a folder for the study"))
        self.osm = QgsFileWidget()
        self.osm.setFilter(tr("OpenStreetMap extract") + " (*.osm.pbf *.osm *.osm.gz *.osm.bz2 *.json)")
        self.areas = _layers(QgsMapLayerProxyModel.Filter.PolygonLayer)
        self.only_selected = QCheckBox(tr("Only the selected areas"))
        self.area_name, self.area_group = _field(), _field()
        self.group_values = QLineEdit()
        self.group_values.setPlaceholderText(tr("values that mean it; any without"))
        self.residents = _layers(QgsMapLayerProxyModel.Filter.VectorLayer, optional=True)
        self.residents_field = _field(QgsFieldProxyModel.Filter.Numeric)
        self.barriers = _layers(QgsMapLayerProxyModel.Filter.VectorLayer, optional=True)
        self.barrier_kind = QComboBox()
        for kind, name in barrier_kinds().items():
            self.barrier_kind.addItem(name, kind)
        self.only_inside = QCheckBox(tr("Leave out areas that reach beyond the streets"))
        self.only_inside.setChecked(True)
        self.gtfs = QgsFileWidget()
        self.gtfs.setStorageMode(QgsFileWidget.StorageMode.GetMultipleFiles)
        self.gtfs.setFilter("GTFS (*.zip)")
        self.transit_from_osm = QCheckBox(tr("No timetable: lines of OpenStreetMap at assumed headways"))
        self.areas.layerChanged.connect(self._areas_chosen)
        self.residents.layerChanged.connect(self.residents_field.setLayer)
        self._areas_chosen(self.areas.currentLayer())
        self.residents_field.setLayer(self.residents.currentLayer())
        self.make_button = button(tr("Make the study"), self.make)

        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        for label, widget in (
            (tr("Title"), self.title),
            (tr("Folder"), self.folder),
            (tr("Streets (OSM file)"), self.osm),
            (tr("Housing areas"), self.areas),
            ("", self.only_selected),
            ("", self.only_inside),
            (tr("Name of an area"), self.area_name),
            (tr("Column of vulnerable areas"), self.area_group),
            ("", self.group_values),
            (tr("Residents (optional)"), self.residents),
            (tr("Number of residents"), self.residents_field),
            (tr("More barriers (optional)"), self.barriers),
            (tr("Their kind"), self.barrier_kind),
            (tr("Timetables (GTFS, optional)"), self.gtfs),
            ("", self.transit_from_osm),
            ("", self.make_button),
        ):
            form.addRow(label, widget)
        self.make_group.setLayout(form)
        return self.make_group

    def _areas_chosen(self, layer: Any) -> None:
        self.area_name.setLayer(layer)
        self.area_group.setLayer(layer)
        if layer is None:
            return
        columns = [field.name() for field in layer.fields()]
        like = [name for name in columns if name.lower() in {"name", "navn"} or name.lower().endswith("navn")]
        self.area_name.setField(like[0] if like else "")
        self.area_group.setField("")
        self.only_selected.setChecked(layer.selectedFeatureCount() > 0)

    def _chosen(self, path: str) -> None:
        file = Path(path.strip().strip('"'))
        if file.is_dir():
            file /= "study.toml"
        if path and not file.is_file():
            self.about.setText(tr("There is no file {file}.").format(file=file))
            return
        self._session.set_study(str(file) if path else "")

    def _show(self) -> None:
        """Show which study is open, and what is known of it."""
        study, info = self._session.study, self._session.info
        if study and self.study_file.filePath() != study:
            self.study_file.setFilePath(study)
        if info:
            told = tr("{title}: {areas} areas, {residents} residents, {crs}").format(
                title=info.get("title", ""), areas=number(info.get("areas")), residents=number(info.get("residents")),
                crs=info.get("crs", ""),
            )  # fmt: skip
            self.about.setText(told)
        else:
            self.about.setText("")
        for one in (self.check_button, self.next_button):
            one.setEnabled(bool(study))
        if not info:
            self.faults.clear()

    def check(self) -> None:
        """Ask the engine for everything that is wrong with the study."""
        self.faults.ask()

    def try_sample(self) -> None:
        """Copy the sample town into the profile of QGIS, open it and measure it."""
        folder = Path(QgsApplication.qgisSettingsDirPath()) / "bykobling" / "sample"

        def opened(answer: dict[str, Any]) -> None:
            self._session.set_study(str(answer["study"]))
            self._go_on(True)

        if (folder / "study.toml").is_file():
            opened({"study": str(folder / "study.toml")})
            return
        self._session.ask("sample", {"folder": str(folder)}, opened, text=tr("Copying the sample town"))

    def make(self) -> None:
        """Write the layers beside the new study, then the study."""
        missing = [
            name
            for name, given in (
                (tr("Folder"), self.folder.filePath()),
                (tr("Streets (OSM file)"), self.osm.filePath()),
                (tr("Housing areas"), self.areas.currentLayer()),
            )
            if not given
        ]
        if self.residents.currentLayer() is not None and not self.residents_field.currentField():
            missing.append(tr("Number of residents"))
        if missing:
            self._session.told.emit(tr("Still to be filled in: {names}.").format(names=", ".join(missing)), "warning")
            return
        folder = Path(self.folder.filePath())
        layers = {"areas": (self.areas.currentLayer(), self.only_selected.isChecked())}
        if self.residents.currentLayer() is not None:
            layers["population"] = (self.residents.currentLayer(), False)
        if self.barriers.currentLayer() is not None:
            layers["barriers"] = (self.barriers.currentLayer(), False)
        self.make_button.setEnabled(False)
        hand_over(layers, folder, self._layers_written, self._make_failed)

    def _make_failed(self, problem: Any) -> None:
        self.make_button.setEnabled(True)
        self._session.tell_error(problem)

    def _layers_written(self, written: dict[str, Written]) -> None:
        files = {name: one.file for name, one in written.items()}
        params: dict[str, Any] = {
            "folder": self.folder.filePath(),
            "title": self.title.text().strip() or tr("My city"),
            "osm": self.osm.filePath(),
            "areas": files["areas"],
            "language": language(),
            "only_inside_extract": self.only_inside.isChecked(),
        }
        for key, widget in (("name_field", self.area_name), ("group_field", self.area_group)):
            if widget.currentField():
                params[key] = written["areas"].names[widget.currentField()]
        values = [one.strip() for one in self.group_values.text().split(",") if one.strip()]
        if self.area_group.currentField() and values:
            params["vulnerable"] = values
        elif self.area_group.currentField():
            params["vulnerable_not_null"] = True
        if "population" in files:
            params["population"] = files["population"]
            params["population_field"] = written["population"].names[self.residents_field.currentField()]
        if "barriers" in files:
            params["barriers"] = [{"file": files["barriers"], "kind": self.barrier_kind.currentData()}]
        if self.gtfs.filePath():
            params["gtfs"] = list(QgsFileWidget.splitFilePaths(self.gtfs.filePath()))
        elif self.transit_from_osm.isChecked():
            params["transit_from_osm"] = True

        def made(answer: dict[str, Any]) -> None:
            self.make_button.setEnabled(True)
            self.make_group.setCollapsed(True)
            self._session.set_study(str(answer["study"]))
            self.check()

        self._session.ask("make_study", params, made, self._make_failed, text=tr("Making the study"))


def barrier_kinds() -> dict[str, str]:
    """Name the kinds of barriers a layer of the planner's may hold."""
    return {
        "road": tr("Big roads"),
        "railway": tr("Railways"),
        "water": tr("Water"),
        "land": tr("Closed or unbuilt land"),
        "user": tr("Other"),
    }


def _layers(kinds: Any, *, optional: bool = False) -> QgsMapLayerComboBox:
    box = QgsMapLayerComboBox()
    box.setFilters(kinds)
    box.setAllowEmptyLayer(optional)
    if optional:
        box.setLayer(None)
    return box


def _field(kinds: Any = None) -> QgsFieldComboBox:
    box = QgsFieldComboBox()
    box.setAllowEmptyFieldName(True)
    if kinds is not None:
        box.setFilters(kinds)
    return box
