"""A proposal: an ordered list of modifications, checked, then applied to a copy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bykobling._check import settle
from bykobling.errors import CrsError, Fault
from bykobling.scenario.building import build
from bykobling.scenario.faults import Where
from bykobling.scenario.modifications import STREET_CHANGES, TIMETABLE_CHANGES, TRAFFIC_CHANGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    import numpy as np
    import pyproj
    from numpy.typing import NDArray

    from bykobling.network import Network
    from bykobling.scenario.building import Site
    from bykobling.scenario.modifications import Modification, StreetChange
    from bykobling.timetable import Timetable


@dataclass(frozen=True)
class Scenario:
    """What a proposal changes, in the order it is built.

    Parameters
    ----------
    modifications : tuple of modification
        See `bykobling.scenario.modifications`.
    name : str
        What to call the proposal.
    crs : pyproj.CRS, optional
        CRS of its lines and points; needed to place new stops, and compared with that of the network.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString
    >>> from bykobling.network import Network
    >>> lines = [LineString([(0, 0), (200, 0)]), LineString([(0, 50), (200, 50)])]
    >>> streets = {"u": [1, 3], "v": [2, 4], "walk": True, "length_m": 200.0}
    >>> network = Network.from_streets(gpd.GeoDataFrame(streets, geometry=lines, crs=25832))
    >>> from bykobling.scenario import AddLink, Scenario
    >>> bridge = AddLink(LineString([(100, 2), (100, 50)]), kind="bridge", name="New bridge")
    >>> proposal = Scenario((bridge,), name="A")
    >>> proposal.check(network)
    []
    >>> proposal.apply(network).edge_length_m.tolist()
    [100.0, 100.0, 100.0, 100.0, 50.0]
    """

    modifications: tuple[Modification, ...] = ()
    name: str = ""
    crs: pyproj.CRS | None = None

    def __post_init__(self) -> None:
        """Take any sequence of modifications."""
        object.__setattr__(self, "modifications", tuple(self.modifications))

    @property
    def changes_streets(self) -> bool:
        """Whether anything in it changes streets."""
        return any(isinstance(each, STREET_CHANGES) for each in self.modifications)

    @property
    def changes_timetable(self) -> bool:
        """Whether anything in it changes public transport."""
        return any(isinstance(each, TIMETABLE_CHANGES) for each in self.modifications)

    @property
    def changes_traffic(self) -> bool:
        """Whether anything in it changes motor traffic, which is heard."""
        return any(isinstance(each, TRAFFIC_CHANGES) for each in self.modifications)

    def where(self, number: int) -> Where:
        """Tell a modification for messages.

        Parameters
        ----------
        number : int
            From 1.

        Returns
        -------
        Where
        """
        return Where(self.name, number, self.modifications[number - 1].name)

    def check(
        self,
        networks: Network | Sequence[Network] | Mapping[str, Network],
        timetable: Timetable | None = None,
        *,
        barriers: gpd.GeoDataFrame | None = None,
        buildings: gpd.GeoDataFrame | None = None,
    ) -> list[Fault]:
        """Find everything wrong with the scenario, and change nothing.

        Parameters
        ----------
        networks : Network, or several
            Streets of each mode. What fits one mode and not another is a warning.
        timetable : Timetable, optional
            Without it, ids of stops, routes and trips are not looked up.
        barriers : GeoDataFrame, optional
            Barriers with footprints (`make_barriers`): what a link should cross, and what not at grade.
        buildings : GeoDataFrame, optional
            What a link should not run through.

        Returns
        -------
        list of Fault
            Errors and warnings, by modification.
        """
        from bykobling.scenario.check import check_scenario  # noqa: PLC0415 - check reads Scenarios

        return check_scenario(self, networks, timetable, barriers=barriers, buildings=buildings)

    def apply(
        self, network: Network, *, barriers: gpd.GeoDataFrame | None = None, faults: list[Fault] | None = None
    ) -> Network:
        """Build the street changes into a copy of a network.

        Old nodes keep their numbers, new ones follow; edges are numbered anew, and nothing snaps onto a new link.

        Parameters
        ----------
        network : Network
            Left as it is; returned itself where nothing in it changes.
        barriers : GeoDataFrame, optional
            Barriers with footprints: how a crossing told by a point lies across its road.
        faults : list of Fault, optional
            A collector: with it, what cannot be built for this mode is told in it and left out.

        Returns
        -------
        Network

        Raises
        ------
        InputError
            Without a collector: with everything that cannot be built.
        """
        site = self._built(network, barriers)
        settle([each.fault for each in site.found], faults)
        return site.network

    def touched_nodes(self, network: Network, *, barriers: gpd.GeoDataFrame | None = None) -> NDArray[np.int64]:
        """List the nodes at the ends of what changes.

        Every way that is new, gone, or priced anew passes one of them, and comes to the first of them over streets
        that are as before.

        Parameters
        ----------
        network : Network
            The network before, as given to `apply`.
        barriers : GeoDataFrame, optional
            As given to `apply`.

        Returns
        -------
        array of int64
            Nodes of the network `apply` returns, ascending; none without a street.
        """
        return self._built(network, barriers).touched_nodes

    def apply_timetable(self, timetable: Timetable, *, crs: pyproj.CRS | None = None) -> Timetable:
        """Build the changes of public transport into a copy of a timetable.

        Parameters
        ----------
        timetable : Timetable
            Left as it is; returned itself where nothing changes it.
        crs : pyproj.CRS, optional
            CRS of the places of new stops, where the scenario itself tells none.

        Returns
        -------
        Timetable

        Raises
        ------
        InputError
            With every modification that names what is not there.
        """
        from bykobling.scenario.timetables import apply_to_timetable  # noqa: PLC0415 - timetables reads Scenarios

        changed, found = apply_to_timetable(self, timetable, crs)
        settle([each.fault for each in found], None)
        return changed

    def _built(self, network: Network, barriers: gpd.GeoDataFrame | None) -> Site:
        """Build the street changes, once they are known to be in the CRS of the network."""
        if self.crs is not None and self.changes_streets and self.crs != network.crs:
            rule = f"it is drawn in {self.crs.to_string()}, the network is in {network.crs.to_string()}"
            raise CrsError(Fault(self.name or "scenario", "", rule, "read it with the CRS of the network"))
        return build(network, self.street_changes(), barriers=barriers)

    def street_changes(self) -> list[tuple[Where, StreetChange]]:
        """List the modifications of streets, each with its place.

        Returns
        -------
        list of (Where, modification)
        """
        return [
            (self.where(number), each)
            for number, each in enumerate(self.modifications, start=1)
            if isinstance(each, STREET_CHANGES)
        ]
