"""One drawn connection, answered while the pencil is still warm: networks and residents stay in memory."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from bykobling._types import Mode
from bykobling.errors import Fault, InputError
from bykobling.worker.rpc import path_text

if TYPE_CHECKING:
    import pandas as pd
    import shapely
    from pyproj import CRS

    from bykobling._types import Progress
    from bykobling.study import Study
    from bykobling.study.prepare import Prepared
    from bykobling.worker.memory import Loaded, LoadedMode
    from bykobling.worker.methods import Call
    from bykobling.worker.params import Params

DRAWN_LINKS = ("bridge", "underpass", "path", "stairs", "ramp")
DRAWN_CROSSINGS = ("signal", "zebra", "refuge")
_MOST_POINTS = 10_000


@dataclass(frozen=True)
class Gains:
    """What a drawn connection gives, home by home.

    Parameters
    ----------
    length_m : float
        Metres from street to street.
    link_min, route_min : float
        Minutes along it, and from end to end as things are; infinite where there is no way.
    homes : DataFrame
        Index: rows of the demand. ``score``, ``places``, ``people`` newly reached, summed over the residents of the
        home; ``residents`` who newly reach a place.
    """

    length_m: float
    link_min: float
    route_min: float
    homes: pd.DataFrame


def load_study(params: Params, call: Call) -> dict[str, Any]:
    """Read a study and keep its networks and residents for questions.

    Parameters
    ----------
    params : Params
        ``study``.
    call : Call
        The job.

    Returns
    -------
    dict
        ``study_id``, ``title``, ``areas``, ``residents``, ``crs``, ``bounds``, ``modes``, ``cutoffs_min``, ``fresh``.
    """
    path = params.path("study")
    params.close()

    from bykobling.study import read_study  # noqa: PLC0415 - heavy
    from bykobling.worker.memory import stamp_of  # noqa: PLC0415

    study = read_study(path)
    stamp = stamp_of(study.input_files())
    ident = call.memory.known(stamp)
    fresh = ident is None
    if ident is None:
        ident = call.memory.put(stamp, _loaded(study, call))
    loaded = call.memory.get(ident)
    areas = loaded.ready.inputs.areas
    return {
        "study_id": ident,
        "title": loaded.study.title,
        "areas": len(areas),
        "residents": float(loaded.ready.residents["residents"].sum()),
        "crs": crs_text(areas.crs),
        "bounds": [float(one) for one in areas.total_bounds],
        "modes": list(loaded.modes),
        "cutoffs_min": {mode: list(one.demand.cutoffs_min) for mode, one in loaded.modes.items()},
        "fresh": fresh,
    }


def _loaded(study: Study, call: Call) -> Loaded:
    """Prepare a study and lay out who would use a connection."""
    from bykobling.study.prepare import prepare_study  # noqa: PLC0415 - heavy
    from bykobling.study.run import PREPARE_SHARES  # noqa: PLC0415
    from bykobling.study.steps import Steps, parted  # noqa: PLC0415
    from bykobling.worker.memory import Loaded  # noqa: PLC0415

    steps = Steps(call.job.progress, PREPARE_SHARES | {"demand": 20})
    ready = prepare_study(study, steps)
    with steps.step("demand", "laying out residents and places") as inner:
        told = parted(inner, len(ready.openings))
        modes: dict[str, LoadedMode] = {
            one.network.mode: _loaded_mode(study, ready, place, progress)
            for place, (one, progress) in enumerate(zip(ready.openings, told, strict=True))
        }
    steps.finish()
    return Loaded(study, ready, modes)


def _loaded_mode(study: Study, ready: Prepared, place: int, progress: Progress) -> LoadedMode:
    """Lay out one mode, and measure what everybody reaches as things are."""
    from bykobling.links import demand_on, reached_now  # noqa: PLC0415
    from bykobling.severance import category_weights  # noqa: PLC0415
    from bykobling.study.run import settings_of  # noqa: PLC0415
    from bykobling.worker.memory import LoadedMode  # noqa: PLC0415

    openings = ready.openings[place]
    demand = demand_on(
        openings, ready.everybody, ready.inputs.destinations, ready.inputs.areas.index,
        weights=category_weights(ready.inputs.destinations, factors=study.destinations_osm.weights),
        cutoffs_min=settings_of(study, openings).cutoffs_min,
    )  # fmt: skip
    return LoadedMode(openings, demand, reached_now(openings.network, demand, progress=progress))


def assess_link(params: Params, call: Call) -> dict[str, Any]:
    """Tell what one drawn connection gives the residents.

    Parameters
    ----------
    params : Params
        ``study_id``, ``line``, ``crs``, ``kind``; ``mode``, ``delay_s``, ``layer``.
    call : Call
        The job.

    Returns
    -------
    dict
        As docs/worker.md tells.
    """
    begun = time.perf_counter()
    ident = params.text("study_id")
    kind = params.choice("kind", (*DRAWN_LINKS, *DRAWN_CROSSINGS))
    mode = params.choice("mode", get_args(Mode), "walk")
    coordinates, crs = params.raw("line"), params.value("crs", str)
    delay_s = params.value("delay_s", float)
    layer = params.maybe_path("layer")
    points = _points(coordinates, params)
    params.close()

    from bykobling.worker.link_answer import answer, write_homes  # noqa: PLC0415 - heavy

    loaded = call.memory.get(ident)
    if mode not in loaded.modes:
        rule = f"the study does not measure {mode!r}"
        raise InputError(Fault(loaded.study.path.name, f"[{mode}]", rule, "set enabled = true there, or ask for walk"))
    one = loaded.modes[mode]
    line = _projected(points, crs, one.openings.network.crs)
    call.job.check()
    gains = gains_of(loaded, one, line, kind, delay_s=delay_s)
    told = answer(gains, loaded, one)
    call.job.check()
    if layer is not None:
        write_homes(layer, gains, loaded, one)
    told |= {"kind": kind, "mode": mode, "layer": None if layer is None else path_text(layer)}
    return {**told, "seconds": round(time.perf_counter() - begun, 4)}


def gains_of(
    loaded: Loaded, one: LoadedMode, line: shapely.LineString, kind: str, *, delay_s: float | None = None
) -> Gains:
    """Measure what a connection gives home by home.

    Parameters
    ----------
    loaded : Loaded
        The study.
    one : LoadedMode
        One mode of it.
    line : LineString
        In the network's CRS.
    kind : str
        A kind of link or of crossing.
    delay_s : float, optional
        Seconds lost on it; those of the kind by default.

    Returns
    -------
    Gains

    Raises
    ------
    InputError
        With everything wrong with the line.
    """
    import numpy as np  # noqa: PLC0415 - heavy
    import shapely  # noqa: PLC0415

    from bykobling.links import ask_link, gains_by_home  # noqa: PLC0415
    from bykobling.links.live import MAX_SNAP_M  # noqa: PLC0415
    from bykobling.network.model import on_grid  # noqa: PLC0415

    if kind in DRAWN_CROSSINGS:
        from bykobling.worker.crossings import crossing_gains  # noqa: PLC0415 - beside its only use

        return crossing_gains(loaded, one, line, kind, delay_s=delay_s)
    network, demand = one.openings.network, one.demand
    # asked for nobody, it tells what is wrong with the line, and how long it takes
    told = ask_link(network, demand.take(np.empty(0, np.int64)), line, kind=kind, delay_s=delay_s)
    ends = network.snap(shapely.points([line.coords[0], line.coords[-1]]), max_snap_m=MAX_SNAP_M)
    start, stop = ends.take([0]), ends.take([1])
    link_s = float(on_grid(np.array([told.link_min * 60 - float(ends.access_s.sum())]))[0])
    homes = gains_by_home(network, demand, one.reached, start=start, stop=stop, link_s=link_s)
    return Gains(told.length_m, told.link_min, told.route_min, homes)


def crs_text(crs: CRS) -> str:
    """Write a CRS as QGIS reads it.

    Parameters
    ----------
    crs : CRS
        Any.

    Returns
    -------
    str
        A code such as ``EPSG:25832``, else WKT.
    """
    code = crs.to_authority()
    return ":".join(code) if code else str(crs.to_wkt())


def _points(value: object, params: Params) -> list[tuple[float, float]]:
    """Read the corners of a line; heights are left out."""
    remedy = "send [[x, y], [x, y], ...] with two corners or more"
    good = isinstance(value, list) and 2 <= len(value) <= _MOST_POINTS
    found: list[tuple[float, float]] = []
    for corner in value if good and isinstance(value, list) else []:
        if not (
            isinstance(corner, list) and len(corner) in {2, 3} and all(type(one) in {int, float} for one in corner)
        ):
            good = False
            break
        found.append((float(corner[0]), float(corner[1])))
    if not good:
        rule = "it is missing" if value is None else "it is not a list of two to 10,000 corners"
        params.fault("line", rule, remedy)
    return found


def _projected(points: list[tuple[float, float]], told: str | None, target: CRS) -> shapely.LineString:
    """Bring a line into the CRS of the network."""
    import numpy as np  # noqa: PLC0415 - heavy
    import shapely  # noqa: PLC0415
    from pyproj import CRS, Transformer  # noqa: PLC0415
    from pyproj.exceptions import CRSError, ProjError  # noqa: PLC0415

    if told is None or not told.strip():
        return shapely.LineString(points)
    try:
        crs = CRS.from_user_input(told)
        change = Transformer.from_crs(crs, target, always_xy=True)
        x, y = change.transform(*np.array(points, float).T)
    except (CRSError, ProjError) as error:
        remedy = 'send the CRS of the layer as "EPSG:25832" or WKT'
        raise InputError(Fault("link", "crs", f"{told[:60]!r} is not understood ({error})"[:300], remedy)) from error
    if not np.isfinite([x, y]).all():
        rule = f"the line does not lie where {crs.name} is used"
        raise InputError(Fault("link", "crs", rule, "send the CRS the line was drawn in"))
    return shapely.LineString(np.column_stack([x, y]))
