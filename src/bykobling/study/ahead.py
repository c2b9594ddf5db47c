"""What a run of a study will need, asked of a second process before what needs it is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bykobling.osm.kept import KEPT_OF
from bykobling.report.write import READY

if TYPE_CHECKING:
    from bykobling._second import Second
    from bykobling._types import Progress
    from bykobling.study.model import Study

READ_DAY = "bykobling.study.timetables:read_day"
"""As a second process is asked for it."""


def ask_ahead(study: Study, second: Second) -> None:
    """Have the map gone through and the timetable read, then what draws the report made ready.

    Parameters
    ----------
    study : Study
        From `read_study`.
    second : Second
        To be handed to `run_study` and `save_results`.
    """
    second.ask(KEPT_OF, study.osm.file, ferries=study.osm.ferries)
    if study.transit is not None:
        second.ask(READ_DAY, study)
    second.ask(READY)


class MachineCode:
    """The machine code of a study's kernels, made by a second process where a first run finds none.

    Parameters
    ----------
    second : Second or None
        Who makes it; without one it is made when it is needed, as ever.
    """

    def __init__(self, second: Second | None) -> None:
        from bykobling.severance.rehearsal import EFFECT, WALKS, rehearsed  # noqa: PLC0415 - imports numba

        self._second = second
        self._asked: list[str] = []
        if second is not None and not rehearsed():
            self._asked = [EFFECT, WALKS]
            for work in self._asked:
                second.ask(work)

    def wait(self, work: str, progress: Progress) -> None:
        """Wait until it is there.

        Parameters
        ----------
        work : str
            One of those in `bykobling.severance.rehearsal`.
        progress : callable
            ``progress(done, total, message)``; what it raises ends the waiting.
        """
        if self._second is not None and work in self._asked:
            self._asked.remove(work)
            self._second.answer(work, progress=lambda *_: progress(0, 1, "making machine code, on a first run only"))
