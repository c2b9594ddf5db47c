"""The one panel of the plug-in: data, profile, draw, compare; or the set-up page where there is no engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qgis.core import QgsProject, QgsSettings
from qgis.gui import QgsDockWidget
from qgis.PyQt.QtCore import Qt, QTimer, QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from .compat import PLUGIN_FOLDER
from .dock_steps.compare import CompareStep
from .dock_steps.data import DataStep
from .dock_steps.draw import DrawStep
from .dock_steps.messages import MessageStrip
from .dock_steps.parts import button
from .dock_steps.profile import ProfileStep
from .dock_steps.session import Session
from .i18n import language, tr
from .setup_page import SetupPage

if TYPE_CHECKING:
    from qgis.gui import QgisInterface

DATA, PROFILE, DRAW, COMPARE = range(4)


class BykoblingDock(QgsDockWidget):
    """The panel.

    Parameters
    ----------
    iface : QgisInterface
        Of QGIS.
    engine : Engine
        Runs the library outside QGIS; it is started when the panel opens.
    """

    def __init__(self, iface: QgisInterface, engine: Any) -> None:
        super().__init__(tr("bykobling: connections and barriers"), iface.mainWindow())
        self.setObjectName("BykoblingDock")
        self.setAllowedAreas(Qt.DockWidgetArea.LeftDockWidgetArea | Qt.DockWidgetArea.RightDockWidgetArea)
        self._engine = engine
        self._was_ready = False
        self._closed = False
        self.session = Session(iface, engine)
        self.setup = SetupPage(engine)
        self.data = DataStep(self.session, self._from_data)
        self.profile = ProfileStep(self.session, lambda: self.show_step(DRAW))
        self.draw = DrawStep(self.session, lambda: self.show_step(COMPARE))
        self.compare = CompareStep(self.session, self.draw.proposals)
        self._build()

        engine.ready.connect(self._ready)
        engine.stopped.connect(self._stopped)
        engine.progress.connect(self._progress)
        engine.log.connect(self.setup.add_log)
        self.session.jobs_changed.connect(self._show_job)
        self.session.told.connect(self.tell)
        self.session.study_changed.connect(self._study_changed)
        self.closed.connect(self.draw.put_down)
        self.setup.back.connect(lambda: self.pages.setCurrentWidget(self.work))
        QgsProject.instance().readProject.connect(self._project_opened)
        self.show_step(DATA)
        self._show_job()
        QTimer.singleShot(0, self._begin)

    def _build(self) -> None:
        """Put the parts together."""
        self.steps = QStackedWidget()
        self.step_buttons: list[QToolButton] = []
        bar = QHBoxLayout()
        bar.setSpacing(2)
        group = QButtonGroup(self)
        names = (tr("1 Data"), tr("2 Profile"), tr("3 Draw"), tr("4 Compare"))
        for place, (name, step) in enumerate(zip(names, (self.data, self.profile, self.draw, self.compare))):
            area = QScrollArea()
            area.setWidget(step)
            area.setWidgetResizable(True)
            area.setFrameShape(QFrame.Shape.NoFrame)
            self.steps.addWidget(area)
            one = QToolButton()
            one.setText(name)
            one.setCheckable(True)
            one.setSizePolicy(self.sizePolicy().Policy.Expanding, self.sizePolicy().Policy.Fixed)
            one.clicked.connect(lambda *_, place=place: self.show_step(place))
            group.addButton(one)
            self.step_buttons.append(one)
            bar.addWidget(one)
        self.messages = MessageStrip()
        self.work = QWidget()
        layout = QVBoxLayout(self.work)
        layout.setContentsMargins(2, 2, 2, 2)
        layout.addLayout(bar)
        layout.addWidget(self.messages)
        layout.addWidget(self.steps, 1)
        layout.addWidget(self._job_widget())
        layout.addLayout(self._foot())
        self.pages = QStackedWidget()
        self.pages.addWidget(self.work)
        self.pages.addWidget(self.setup)
        self.setWidget(self.pages)
        self.setMinimumWidth(330)

    def _job_widget(self) -> QWidget:
        """Make the progress bar of the job that runs."""
        self.job_text = QLabel()
        self.job_text.setWordWrap(True)
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(True)
        self.cancel_button = button(tr("Cancel"), self.session.cancel)
        job = QHBoxLayout()
        job.addWidget(self.bar, 1)
        job.addWidget(self.cancel_button)
        self.job = QWidget()
        job_layout = QVBoxLayout(self.job)
        job_layout.setContentsMargins(4, 0, 4, 4)
        job_layout.addWidget(self.job_text)
        job_layout.addLayout(job)
        return self.job

    def _foot(self) -> QHBoxLayout:
        """Make the line at the foot: how the engine is, help, set-up."""
        self.engine_text = QLabel()
        font = self.engine_text.font()
        font.setPointSizeF(font.pointSizeF() * 0.9)
        self.engine_text.setFont(font)
        foot = QHBoxLayout()
        foot.setContentsMargins(4, 0, 4, 2)
        foot.addWidget(self.engine_text, 1)
        for text, clicked in ((tr("Help"), self.open_help), (tr("Engine ..."), self.show_setup)):
            one = QToolButton()
            one.setText(text)
            one.setAutoRaise(True)
            one.clicked.connect(lambda *_, clicked=clicked: clicked())
            foot.addWidget(one)
        return foot

    # what is shown

    def show_step(self, place: int) -> None:
        """Show a step; the pencil is put away where it is another than drawing."""
        self.steps.setCurrentIndex(place)
        self.step_buttons[place].setChecked(True)
        if place != DRAW:
            self.draw.put_down()

    def show_setup(self) -> None:
        """Show the set-up page."""
        self.setup.refresh()
        self.pages.setCurrentWidget(self.setup)

    def tell(self, text: str, level: str) -> None:
        """Show a message above the steps until the next one."""
        self.messages.tell(text, level)

    def open_help(self) -> None:
        """Open the help page in the browser."""
        page = PLUGIN_FOLDER / "help" / f"index_{language()}.html"
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(page)))

    # the engine

    def _begin(self) -> None:
        """Start the engine, or show how to get one; open the study the project was saved with."""
        if self._closed:
            return
        from .engine import find_engine

        study = self.session.remembered_study()
        if study:
            self.session.set_study(study)
        if self._engine.is_ready():
            self._ready({})
        elif find_engine(QgsSettings()) is None:
            self.show_setup()
        else:
            self.engine_text.setText(tr("The engine is starting ..."))
            self._engine.start()

    def _ready(self, hello: dict[str, Any]) -> None:
        self._was_ready = True
        version = hello.get("bykobling")
        self.engine_text.setText(
            tr("Engine {version} is ready").format(version=version) if version else tr("Engine is ready")
        )
        if self.pages.currentWidget() is self.setup and not self.setup.asked_for:
            self.pages.setCurrentWidget(self.work)

    def _stopped(self, message: str) -> None:
        """Tell why there is no engine; one that never answered has to be set up."""
        self.engine_text.setText(tr("The engine is not running"))
        self._show_job()
        if not message:
            return
        if self._was_ready:
            self.tell(message, "error")
            self._was_ready = False
        else:
            self.setup.tell(message)
            self.show_setup()

    def _progress(self, call_id: int, done: float, message: str) -> None:
        job = self.session.running()
        if job is not None and job.call_id == call_id:
            self.bar.setRange(0, 1000)
            self.bar.setValue(int(1000 * done))
            self.job_text.setText(f"{job.text}: {message}" if message else job.text)

    def _show_job(self) -> None:
        job = self.session.running()
        self.job.setVisible(job is not None)
        if job is not None and self.job_text.text().split(":")[0] != job.text:
            self.bar.setRange(0, 0)  # moves to and fro until the first progress
            self.job_text.setText(job.text)
        elif job is None:
            self.job_text.setText("")

    def _from_data(self, at_once: bool) -> None:
        self.show_step(PROFILE)
        if at_once:
            self.profile.run()

    def _study_changed(self) -> None:
        self.messages.clear()

    def _project_opened(self, *_: object) -> None:
        study = self.session.remembered_study()
        if study:
            self.session.set_study(study)

    def close_down(self) -> None:
        """Save what is drawn and let go of everything, before the plug-in is unloaded."""
        if self._closed:
            return
        self._closed = True
        self.profile.close_down()
        self.compare.close_down()
        self.draw.close_down()
        self.setup.close_down()
        project = QgsProject.instance()
        for signal, slot in (
            (self._engine.ready, self._ready),
            (self._engine.stopped, self._stopped),
            (self._engine.progress, self._progress),
            (project.readProject, self._project_opened),
        ):
            signal.disconnect(slot)
