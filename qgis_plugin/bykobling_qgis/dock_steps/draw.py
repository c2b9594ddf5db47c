"""Step 3: draw a bridge, an underpass, a path or a crossing, and see at once who gains."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from ..i18n import tr
from ..map_tools import DrawLinkTool
from ..proposals import Proposals, ProposalsError
from ..proposals_look import kind_names
from .answer_panel import AnswerPanel
from .answers import Answers
from .difference import DifferenceLayer
from .loading import LayerLoader, free_folder, layer_name
from .parts import Table, as_float, button, number, paragraph

if TYPE_CHECKING:
    from collections.abc import Callable

    from qgis.core import QgsGeometry

    from .session import Session

CROSSINGS = ("signal", "zebra", "refuge")
MORE = ("stairs", "ramp")


class DrawStep(QWidget):
    """The third step.

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
        self.proposals = Proposals(self)
        self.answers = Answers(session, self.proposals)
        self.difference = DifferenceLayer(session)
        self._kind = "bridge"
        self._tool: DrawLinkTool | None = None
        self._shown = ""
        self._save_soon = QTimer(self)
        self._save_soon.setSingleShot(True)
        self._save_soon.setInterval(0)
        self._save_soon.timeout.connect(self.save)
        self.kind_buttons: dict[str, QToolButton] = {}

        layout = QVBoxLayout(self)
        layout.addWidget(paragraph(tr("Choose what to build, then click on the map from street to street.")))
        layout.addLayout(self._buttons())
        self.hint = paragraph(quiet=True)
        layout.addWidget(self.hint)
        self.find_button = button(
            tr("Where would a connection pay most?"),
            self.find,
            tip=tr("Ranks every place where the way round is long; takes minutes in a large city"),
        )
        layout.addWidget(self.find_button)
        self._loader = LayerLoader(self)
        self.list = Table([tr("Drawn"), tr("Minutes saved"), tr("Residents who gain")])
        self.list.setMaximumHeight(150)
        self.list.itemSelectionChanged.connect(self._row_chosen)
        layout.addWidget(self.list)
        row = QHBoxLayout()
        self.undo_button = button(tr("Undo"), self.undo, tip=tr("Takes back the last line or change"))
        self.remove_button = button(tr("Remove"), self.remove, tip=tr("Takes the chosen line away"))
        self.save_button = button(tr("Save"), self.save, tip=tr("Writes the lines to proposals.gpkg beside the study"))
        for one in (self.undo_button, self.remove_button, self.save_button):
            row.addWidget(one)
        layout.addLayout(row)
        self.panel = AnswerPanel()
        layout.addWidget(self.panel, 20)
        layout.addStretch(1)
        self.next_button = button(tr("Go on: compare all proposals"), go_on, main=True)
        layout.addWidget(self.next_button)

        self.proposals.changed.connect(self._refresh)
        self.proposals.failed.connect(lambda text: session.told.emit(text, "error"))
        self.answers.changed.connect(self._answer_changed)
        session.study_changed.connect(self._study_changed)
        session.loaded.connect(self._refresh)
        session.jobs_changed.connect(self._enable)
        self._refresh()

    def _buttons(self) -> QGridLayout:
        """Make one button a kind; kinds of crossings share one."""
        names = kind_names()
        grid = QGridLayout()
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        for place, kind in enumerate(("bridge", "underpass", "path", "crossing")):
            one = QToolButton()
            one.setCheckable(True)
            one.setText(tr("Crossing") if kind == "crossing" else names[kind])
            one.setSizePolicy(self.sizePolicy().Policy.Expanding, self.sizePolicy().Policy.Fixed)
            one.setMinimumHeight(30)
            one.clicked.connect(lambda *_, kind=kind: self.start(kind if kind != "crossing" else self._crossing))
            self._group.addButton(one)
            self.kind_buttons[kind] = one
            grid.addWidget(one, 0, place)
        self._crossing = "signal"
        for owner, kinds in (("crossing", CROSSINGS), ("path", ("path", *MORE))):
            menu = QMenu(self)
            for kind in kinds:
                menu.addAction(names[kind]).triggered.connect(lambda *_, kind=kind: self.start(kind))
            self.kind_buttons[owner].setMenu(menu)
            self.kind_buttons[owner].setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        return grid

    # drawing

    def start(self, kind: str) -> None:
        """Take up the pencil."""
        if not self._session.study:
            self._uncheck()
            self._session.told.emit(tr("Choose a study first (step 1)."), "warning")
            return
        self._kind = kind
        owner = "crossing" if kind in CROSSINGS else "path" if kind in MORE else kind
        if kind in CROSSINGS:
            self._crossing = kind
        self.kind_buttons[owner].setText(kind_names()[kind])
        self.kind_buttons[owner].setChecked(True)
        canvas = self._session.iface.mapCanvas()
        if self._tool is None:
            self._tool = DrawLinkTool(canvas)
            self._tool.drawn.connect(self._drawn)
            self._tool.measuring.connect(self._measuring)
            self._tool.left.connect(self.put_down)
            self._tool.deactivated.connect(self._put_down)
        self._tool.snapper.streets, self._tool.snapper.left_out = streets_to_snap_to()
        self._tool.snapper.prepare()
        if canvas.mapTool() is not self._tool:
            canvas.setMapTool(self._tool)
        canvas.setFocus()
        self._say_how()
        # made ready while the planner draws
        self._session.when_loaded(self._open_layer, lambda why: self._session.told.emit(why, "error"))

    def put_down(self) -> None:
        """Put the pencil away."""
        canvas = self._session.iface.mapCanvas()
        if self._tool is not None and canvas.mapTool() is self._tool:
            canvas.unsetMapTool(self._tool)

    def _put_down(self) -> None:
        """Save what was drawn when another tool is taken up."""
        self._uncheck()
        self.hint.setText("")
        self._save_soon.start()

    def _uncheck(self) -> None:
        self._group.setExclusive(False)
        for one in self.kind_buttons.values():
            one.setChecked(False)
        self._group.setExclusive(True)

    def _say_how(self) -> None:
        self.hint.setText(
            tr("Click from street to street. Right-click or Enter ends the line, Backspace takes back a corner.")
        )

    def _measuring(self, metres: float) -> None:
        if metres > 0:
            self.hint.setText(tr("{m} m so far; right-click or Enter ends the line.").format(m=number(metres)))
        else:
            self._say_how()

    def _open_layer(self) -> bool:
        """Open the layer of proposals of the study."""
        try:
            self.proposals.open(self._session.folder(), self._session.crs())
        except (ProposalsError, OSError) as error:
            self._session.told.emit(str(error), "error")
            return False
        return True

    def _drawn(self, line: QgsGeometry) -> None:
        """Add what was drawn as soon as the study is in memory, and ask about it."""
        crs = self._session.iface.mapCanvas().mapSettings().destinationCrs()
        kind = self._kind

        def add() -> None:
            if not self._open_layer():
                return
            try:
                line_id = self.proposals.add(line, crs, kind)
            except ProposalsError as error:
                self._session.told.emit(str(error), "error")
                return
            self.answers.expect(line_id)
            self._shown = line_id
            self.answers.sync()
            self._refresh()

        self._session.when_loaded(add, lambda why: self._session.told.emit(why, "error"))

    def find(self) -> None:
        """Rank the connections that could be built, and put them on the map."""
        study = Path(self._session.study)
        folder = free_folder(study.parent / "links", "links.gpkg")
        params = {"study": self._session.study, "folder": str(folder)}
        self._session.ask("find", params, self._found, text=tr("Looking for connections"))

    def _found(self, answer: dict[str, Any]) -> None:
        file = str((answer.get("files") or {}).get("geopackage", ""))
        title = tr("Possible connections: {study}").format(study=Path(self._session.study).parent.name)
        self._loader.load(file, ["links"], title, lambda _: None, hidden=frozenset())
        text = tr("Connections found: {n}. They are on the map; draw along one to see who gains.")
        self._session.told.emit(text.format(n=answer.get("found", "\N{EN DASH}")), "info")

    # what is drawn

    def undo(self) -> None:
        """Take back the last change of the layer."""
        if not self.proposals.undo():
            self._session.told.emit(tr("There is nothing to take back since the last saving."), "info")

    def remove(self) -> None:
        """Take the chosen line away."""
        if self._shown:
            try:
                self.proposals.remove(self._shown)
            except ProposalsError as error:
                self._session.told.emit(str(error), "error")

    def save(self) -> None:
        """Write the lines to their file."""
        self.proposals.save()
        self._enable()

    def show_line(self, line_id: str) -> None:
        """Show the answer for a line, and the homes that gain from it."""
        self._shown = line_id
        answer = self.answers.get(line_id) if line_id else None
        self.panel.show_answer(answer)
        if answer is None or answer.told is None:
            if answer is None or answer.problem:
                self.difference.hide()
        elif answer.told.get("layer"):
            self.difference.show(str(answer.told["layer"]), answer.line.title())
        old, self.answers.old_layers = self.answers.old_layers, []
        self.answers.old_layers = [file for file in old if not self.difference.throw_away(file)]
        self._enable()

    def close_down(self) -> None:
        """Save, and let go of tool and layers."""
        self.put_down()
        self._loader.stop()
        self._save_soon.stop()
        self.proposals.release()
        if self._tool is not None:
            self._tool.dispose()
            self._tool = None

    def _row_chosen(self) -> None:
        line_id = self.list.chosen()
        if line_id is None or line_id == self._shown:
            return
        line = self.proposals.line(str(line_id))
        if line is not None and self.answers.get(line.line_id) is None:
            self.answers.ask(line)
        self.show_line(str(line_id))

    def _answer_changed(self, line_id: str) -> None:
        self._refresh()
        if line_id == self._shown:
            self.show_line(line_id if self.answers.get(line_id) is not None else "")

    def _refresh(self) -> None:
        """Bring list and buttons up to the layer."""
        lines = self.proposals.lines()
        rows, keys = [], []
        for line in lines:
            answer = self.answers.get(line.line_id)
            told = (answer.told or {}) if answer is not None else {}
            if answer is not None and answer.waits():
                saved: Any = "..."
            elif answer is not None and answer.problem:
                saved = tr("see below")
            elif told.get("no_way_before"):
                saved = tr("new way")
            else:
                saved = (number(told.get("minutes_saved"), 1), as_float(told.get("minutes_saved")))
            people = told.get("residents_gaining")
            rows.append((line.title(), saved, (number(people), as_float(people))))
            keys.append(line.line_id)
        self.list.blockSignals(True)
        self.list.fill(rows, keys)
        if self._shown in keys:
            self.list.selectRow(keys.index(self._shown))
        self.list.blockSignals(False)
        if self._shown and self._shown not in keys:
            self.show_line("")
        self.list.setVisible(bool(rows))
        self._enable()

    def _enable(self) -> None:
        layer = self.proposals.layer
        self.undo_button.setEnabled(self.proposals.can_undo())
        self.remove_button.setEnabled(bool(self._shown))
        self.save_button.setEnabled(layer is not None and layer.isModified())
        self.next_button.setEnabled(self.list.rowCount() > 0)
        self.find_button.setEnabled(bool(self._session.study) and self._session.running() is None)
        for one in (self.undo_button, self.remove_button, self.save_button):
            one.setVisible(layer is not None)

    def _study_changed(self) -> None:
        self.put_down()
        self.proposals.release()
        self.difference.hide()
        self._shown = ""
        self.panel.show_answer(None)
        self._refresh()


def streets_to_snap_to() -> tuple[set[str], set[str]]:
    """Switch on the streets of the results, which are what a line is drawn to.

    Returns
    -------
    streets, others : set of str
        Ids of the layers of streets, and of our layers of lines that are none.
    """
    streets, others = set(), set()
    project = QgsProject.instance()
    for layer in project.mapLayers().values():
        name = layer_name(layer) if isinstance(layer, QgsVectorLayer) else ""
        if name == "streets":
            streets.add(layer.id())
            node = project.layerTreeRoot().findLayer(layer.id())
            if node is not None:
                node.setItemVisibilityCheckedParentRecursive(True)
        elif name in {"severance", "lines", "links", "proposals"}:
            others.add(layer.id())
    return streets, others
