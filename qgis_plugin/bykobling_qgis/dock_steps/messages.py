"""One message above the steps, whole: QGIS's own bar cuts what is longer than a narrow panel."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QFrame, QHBoxLayout, QToolButton

from ..i18n import tr
from .parts import paragraph

COLORS = {"error": "#fbe3e1", "warning": "#fff3d6", "info": "#e3eefa"}


class MessageStrip(QFrame):
    """Shows the last message until it is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("bykobling_message")
        self._text = paragraph()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        close = QToolButton()
        close.setText("\N{MULTIPLICATION X}")
        close.setToolTip(tr("Close"))
        close.setAutoRaise(True)
        close.clicked.connect(lambda *_: self.clear())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 4, 4, 4)
        layout.addWidget(self._text, 1)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self.clear()

    def tell(self, text: str, level: str) -> None:
        """Show a message.

        Parameters
        ----------
        text : str
            Plain text.
        level : {"error", "warning", "info"}
            Gives the colour.
        """
        color = COLORS.get(level, COLORS["info"])
        frame = f"#bykobling_message {{ background: {color}; border: 1px solid #c3c8cc; }}"
        self.setStyleSheet(f"{frame} QLabel, QToolButton {{ color: #1f2933; }}")
        self._text.setText(text)
        self.setVisible(True)

    def text(self) -> str:
        """Give the message that is shown, empty without one."""
        return str(self._text.text())

    def clear(self) -> None:
        """Show none."""
        self._text.setText("")
        self.setVisible(False)
