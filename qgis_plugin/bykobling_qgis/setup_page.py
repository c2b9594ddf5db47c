"""Where the planner gets the engine: made here, chosen, or from a folder of wheels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import QgsApplication, QgsSettings
from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtGui import QFontDatabase
from qgis.PyQt.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QProgressBar,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from .dock_steps.parts import button, heading, paragraph
from .i18n import tr
from .managed import EnvironmentMaker

SETTING = "bykobling/engine"
_MOST_LINES = 2000


class SetupPage(QWidget):
    """The page.

    Parameters
    ----------
    engine : Engine
        Started anew when there is another environment.
    """

    back = pyqtSignal()

    def __init__(self, engine: Any) -> None:
        super().__init__()
        self._engine = engine
        self.asked_for = False
        self.maker = EnvironmentMaker(QgsApplication.qgisSettingsDirPath(), self)
        self.maker.progress.connect(self._progress)
        self.maker.log.connect(self.add_log)
        self.maker.finished.connect(self._made)
        self.maker.failed.connect(self._failed)

        self.verdict = paragraph()
        self.verdict.setStyleSheet("font-weight: bold;")
        self.make_button = button(
            tr("Set it up for me"),
            lambda: self._make(""),
            main=True,
            tip=tr("Needs the internet once"),
        )
        self.existing = QgsFileWidget()
        self.existing.setDialogTitle(tr("Choose the bykobling command, or the Python it is installed in"))
        self.existing.fileChanged.connect(lambda *_: self._enable())
        self.use_button = button(tr("Use this one"), self.use_existing)
        self.wheels = QgsFileWidget()
        self.wheels.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.wheels.setDialogTitle(tr("Choose the folder of wheels"))
        self.wheels.fileChanged.connect(lambda *_: self._enable())
        self.wheels_button = button(tr("Set it up from this folder"), lambda: self._make(self.wheels.filePath()))
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.stage = paragraph(quiet=True)
        self.cancel_button = button(tr("Cancel"), self.maker.cancel)
        self.log_button = QToolButton()
        self.log_button.setText(tr("Show what is happening"))
        self.log_button.setCheckable(True)
        self.log_button.setAutoRaise(True)
        self.log = QPlainTextEdit()
        self.log.setReadOnly(True)
        self.log.setMaximumBlockCount(_MOST_LINES)
        self.log.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.log.setVisible(False)
        self.log_button.toggled.connect(self.log.setVisible)
        self.back_button = button(tr("Back"), self._back)
        self.retry_button = button(tr("Try to start it again"), self._restart)
        self._lay_out()
        self.refresh()

    def _lay_out(self) -> None:
        inside = QWidget()
        layout = QVBoxLayout(inside)
        title = heading(tr("Setting up the engine"))
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.3)
        title.setFont(font)
        layout.addWidget(title)
        layout.addWidget(
            paragraph(
                tr(
                    "bykobling measures in a program of its own, outside QGIS, so that nothing in QGIS changes and a "
                    "long measurement never blocks the map. It has to be set up once."
                )
            )
        )
        layout.addWidget(self.verdict)
        layout.addWidget(heading(tr("With the internet")))
        layout.addWidget(
            paragraph(tr("Makes a Python environment in your QGIS profile and installs the library into it."))
        )
        layout.addWidget(self.make_button)
        layout.addWidget(heading(tr("Already installed")))
        layout.addWidget(
            paragraph(tr("The command bykobling, the Python it is installed in, or the folder of its environment."))
        )
        layout.addWidget(self.existing)
        layout.addWidget(self.use_button)
        layout.addWidget(heading(tr("Without the internet")))
        layout.addWidget(
            paragraph(tr("A folder of wheels from your IT department or a colleague; nothing is downloaded."))
        )
        layout.addWidget(self.wheels)
        layout.addWidget(self.wheels_button)
        self.work = QWidget()
        row = QHBoxLayout(self.work)
        row.setContentsMargins(0, 6, 0, 0)
        row.addWidget(self.bar, 1)
        row.addWidget(self.cancel_button)
        layout.addWidget(self.work)
        layout.addWidget(self.stage)
        layout.addWidget(self.log_button)
        layout.addWidget(self.log, 1)
        layout.addStretch(1)
        row = QHBoxLayout()
        row.addWidget(self.back_button)
        row.addWidget(self.retry_button)
        layout.addLayout(row)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def refresh(self) -> None:
        """Show what the settings say."""
        told = str(QgsSettings().value(SETTING, "") or "")
        if told and self.existing.filePath() != told:
            self.existing.setFilePath(told)
        ready = bool(self._engine.is_ready())
        self.asked_for = ready
        if ready:
            self.verdict.setText(tr("The engine is running. Here you can choose another one."))
        elif not self.verdict.text():
            from .engine import find_engine

            if find_engine(QgsSettings()) is None:
                self.verdict.setText(tr("There is no engine yet. Choose one of the three ways."))
        self._enable()

    def tell(self, message: str) -> None:
        """Show why the engine cannot be used."""
        self.verdict.setText(message)

    def add_log(self, line: str) -> None:
        """Add a line of pip, or of the engine."""
        self.log.appendPlainText(line)

    def use_existing(self) -> None:
        """Remember the chosen program, and start it."""
        path = self.existing.filePath().strip()
        if path and not Path(path).exists():
            self.verdict.setText(tr("There is no file {file}.").format(file=path))
            return
        self._remember(path)

    def close_down(self) -> None:
        """Stop what is being made."""
        if self.maker.running():
            self.maker.cancel()

    def _remember(self, path: str) -> None:
        QgsSettings().setValue(SETTING, path)
        self._restart()

    def _restart(self) -> None:
        self.asked_for = False
        self.verdict.setText(tr("Starting the engine ..."))
        self._engine.stop()
        self._engine.start()

    def _make(self, wheels: str) -> None:
        self.verdict.setText("")
        self.log.clear()
        self._engine.stop()
        self.maker.start(wheels=wheels)
        self._enable()

    def _progress(self, share: float, text: str) -> None:
        self.bar.setValue(int(1000 * share))
        self.stage.setText(text)
        self._enable()

    def _made(self, python: str) -> None:
        self.stage.setText("")
        self._enable()
        # named, so that another one on PATH does not come first
        self._remember(python)

    def _failed(self, message: str) -> None:
        self.stage.setText("")
        self.verdict.setText(message or tr("Cancelled. Nothing was installed."))
        self._enable()

    def _back(self) -> None:
        self.asked_for = False
        self.back.emit()

    def _enable(self) -> None:
        working = self.maker.running()
        for one in (self.make_button, self.existing, self.wheels):
            one.setEnabled(not working)
        self.use_button.setEnabled(not working and bool(self.existing.filePath().strip()))
        self.wheels_button.setEnabled(not working and bool(self.wheels.filePath().strip()))
        self.work.setVisible(working)
        self.back_button.setVisible(bool(self._engine.is_ready()))
        self.retry_button.setEnabled(not working)
