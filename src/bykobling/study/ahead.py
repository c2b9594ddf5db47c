"""What a run of a study will need, asked of a second process before what needs it is loaded."""

from __future__ import annotations

import gc
import logging
from functools import partial
from typing import TYPE_CHECKING, Any

from bykobling.errors import Cancelled
from bykobling.osm.kept import KEPT_OF
from bykobling.report.write import DRAW_AHEAD, READY

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

    from bykobling._second import Second
    from bykobling._types import Progress
    from bykobling.palette import Language
    from bykobling.results import Results
    from bykobling.study.model import Study
    from bykobling.study.prepare import Prepared
    from bykobling.study.transit import TransitTables

_LOG = logging.getLogger(__name__)

READ_DAY = "bykobling.study.timetables:read_day"
"""As a second process is asked for it."""


def ask_ahead(study: Study, second: Second) -> None:
    """Have the map gone through and the timetable read.

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


def draw_ahead(
    second: Second | None, ready: Prepared, severance: gpd.GeoDataFrame, transit: TransitTables | None
) -> None:
    """Have the maps drawn that need no comparison of areas, while the rest is measured.

    Parameters
    ----------
    second : Second or None
        Who will draw the page; without one, or on one core, they are drawn with it.
    ready : Prepared
        Areas, barriers, streets.
    severance : GeoDataFrame
        Detours along the barriers.
    transit : TransitTables or None
        Stops and lines.
    """
    if second is None or not second.apart:
        return
    from bykobling.report.map_tables import MapTables  # noqa: PLC0415 - imports pandas
    from bykobling.study.assemble import street_table  # noqa: PLC0415 - as above

    stops, lines = (transit.stops, transit.lines) if transit is not None else (None, None)
    streets = street_table(ready.walking.network)
    drawn = MapTables.of(MapTables(ready.inputs.areas, ready.barriers, streets, severance, stops, lines))
    # a run's streets come from OSM
    second.offer(DRAW_AHEAD, drawn, osm=True)


def styles_beside(
    second: Second | None, results: Results, *, language: Language
) -> Callable[[], list[dict[str, Any]]] | None:
    """Have the styles of the GeoPackage made while its layers are written.

    Parameters
    ----------
    second : Second or None
        Who makes them.
    results : Results
        Tells the columns of the layers.
    language : {"en", "da"}
        Language of the style a layer opens with.

    Returns
    -------
    callable or None
        Waits for them, as `bykobling.export.write_results` takes it; None without a second process.
    """
    if second is None:
        return None
    from bykobling.export.geopackage import STYLES, layer_columns  # noqa: PLC0415 - writing alone needs it

    columns = layer_columns(results)
    second.ask(STYLES, columns, language=language)
    return partial(second.answer, STYLES, columns, language=language)


class MachineCode:
    """The machine code of a study's kernels, made by a second process where a first run finds none.

    Making it leaves a hundred megabytes of the compiler's, so another process makes ready to draw.

    Parameters
    ----------
    second : Second or None
        Who makes it; without one, or on one core, it is made when it is needed.
    profile : bool
        Whether the profile is measured too.
    """

    def __init__(self, second: Second | None, *, profile: bool) -> None:
        from bykobling.severance.rehearsal import EFFECT, WALKS, rehearsed  # noqa: PLC0415 - imports numba

        self._second = second
        self._asked: list[str] = []
        if second is not None and second.apart and not rehearsed():
            self._asked = [EFFECT, WALKS] if profile else [EFFECT]
            for work in self._asked:
                second.ask(work)
            second.renew()
        if second is not None:
            second.ask(READY)

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
            try:
                self._second.answer(
                    work, progress=lambda *_: progress(0, 1, "making machine code, on a first run only")
                )
            except Cancelled:
                raise
            except Exception as error:  # noqa: BLE001 - nothing is lost: a run can do without
                _LOG.warning("no machine code could be made ahead (%s: %s)", type(error).__name__, error)
            # making it leaves much behind that only looking for circles frees
            gc.collect()
