"""People in the noise, area by area: never averaged before they are counted."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bykobling.errors import InputError
from bykobling.exposure import (
    area_exposure,
    energy_mean_db,
    highly_annoyed_pct,
    home_levels,
    ihd_paf,
    residents_by_band,
    sbt_unconfirmed,
)
from tests.exposure.test_statistics import BANDS, written
from tests.exposure.towns import buildings, homes, street_map

NAME = "road_lden"


def table(rows, name=NAME, **columns):
    """Write rows of (kind, dB, people) as a table of homes."""
    found = written(rows)
    index = pd.RangeIndex(len(rows))
    people = {"residents": [float(row[2]) for row in rows], **columns}
    return pd.DataFrame(people, index=index).join(found.frame(name, index))


# area n: 1 below 50 | 2 at 52 | 4 at 60 | 8 at 70 | area s: 16 unknown, 1 at 58
TOWN = [("below", 0, 1), ("exact", 52, 2), ("exact", 60, 4), ("exact", 70, 8), ("unknown", 0, 16), ("exact", 58, 1)]
AREAS = ["n"] * 4 + ["s"] * 2


def test_one_area_by_hand():
    town = table(TOWN, area_id=AREAS)
    before = town.copy()
    found = area_exposure(town)
    pd.testing.assert_frame_equal(town, before)
    n = found.loc["n"]
    assert n["residents"] == 15
    assert n[f"{NAME}_unknown_share"] == 0
    assert n[f"{NAME}_below_lowest_share"] == pytest.approx(1 / 15)
    assert n[f"{NAME}_share_above_58"] == pytest.approx(12 / 15)
    assert n[f"{NAME}_share_above_68"] == pytest.approx(8 / 15)
    assert n[f"{NAME}_pop_weighted_mean_db"] == pytest.approx((50 + 104 + 240 + 560) / 15)
    assert n[f"{NAME}_energy_mean_db"] == pytest.approx(energy_mean_db([50, 52, 60, 70], [1, 2, 4, 8]))
    assert n[[f"{NAME}_p{p}_db" for p in (10, 50, 90)]].tolist() == [52, 70, 70]
    annoyed = (np.array([2, 4, 8]) * highly_annoyed_pct([52, 60, 70], "road")).sum() / 100
    assert n[f"{NAME}_highly_annoyed"] == pytest.approx(annoyed)
    assert n[f"{NAME}_highly_annoyed_pct"] == pytest.approx(100 * annoyed / 15)
    assert n[f"{NAME}_ihd_paf"] == pytest.approx(ihd_paf([0, 52, 60, 70], [1, 2, 4, 8]))
    s = found.loc["s"]
    assert s[f"{NAME}_unknown_share"] == pytest.approx(16 / 17)
    assert s[f"{NAME}_share_above_58"] == 1
    notes = found.attrs["notes"]
    assert any("below the lowest level mapped are taken to be at it" in note for note in notes)
    assert any("nothing is known" in note for note in notes)
    # 1 in n is below 50, so above 53 all can be told
    assert not any("cannot be told" in note for note in notes)


def test_a_limit_below_the_map_cannot_be_told():
    town = table([("below", 0, 3), ("exact", 60, 1)], area_id="n")
    found = area_exposure(town, thresholds_db={NAME: (45, 50, 58)})
    assert math.isnan(found.loc["n", f"{NAME}_share_above_45"])
    assert found.loc["n", f"{NAME}_share_above_50"] == 0.25
    assert any("share above 45 dB cannot be told" in note for note in found.attrs["notes"])


def test_a_limit_that_cuts_a_band_cannot_be_told():
    town = table([("band", 55, 3), ("band", 60, 1)], area_id="n")
    found = area_exposure(town, thresholds_db={NAME: (55, 58, 60)}).loc["n"]
    assert found[f"{NAME}_share_above_55"] == 1
    assert math.isnan(found[f"{NAME}_share_above_58"])
    assert found[f"{NAME}_share_above_60"] == 0.25


def test_an_unknown_area_has_no_numbers():
    found = area_exposure(table([("unknown", 0, 5)], area_id="n")).loc["n"]
    assert found[f"{NAME}_unknown_share"] == 1
    numbers = found.drop(["residents", f"{NAME}_unknown_share"])
    assert numbers.isna().all()


def test_sources_and_metrics_stand_side_by_side():
    town = table(TOWN, area_id=AREAS)
    rail = table(TOWN[::-1], "rail_lnight").drop(columns="residents")
    found = area_exposure(town.join(rail))
    alone = area_exposure(town)
    pd.testing.assert_frame_equal(found[alone.columns], alone)
    assert "rail_lnight_share_above_44" in found
    assert "rail_lnight_highly_sleep_disturbed_pct" in found
    assert "rail_lnight_ihd_paf" not in found
    assert not [column for column in found if "total" in column]


def test_averaging_first_would_hide_people():
    # half at 50, half at 70: nobody lives at the mean, half live above 68, and more are annoyed than at the mean
    town = table([("exact", 50, 1), ("exact", 70, 1)], area_id="n")
    found = area_exposure(town).loc["n"]
    assert found[f"{NAME}_share_above_68"] == 0.5
    at_mean = float(highly_annoyed_pct(found[f"{NAME}_pop_weighted_mean_db"], "road"))
    assert found[f"{NAME}_highly_annoyed_pct"] > at_mean + 1


def test_dwellings_are_counted_too():
    town = table(TOWN, area_id=AREAS, dwellings=[1.0, 1, 1, 2, 3, 1])
    by_people, by_homes = area_exposure(town), area_exposure(town, weight="dwellings")
    assert by_homes.loc["n", f"{NAME}_share_above_58"] == pytest.approx(3 / 5)
    # dwellings are not annoyed; the index is that of dwellings whoever is counted
    assert f"{NAME}_highly_annoyed" not in by_homes
    want = float(sbt_unconfirmed([60.0, 70.0]) @ [1, 2])
    for found in (by_people, by_homes):
        assert found.loc["n", f"{NAME}_sbt_unconfirmed"] == pytest.approx(want)
        assert any("unconfirmed" in note for note in found.attrs["notes"])
    assert f"{NAME}_sbt_unconfirmed" not in area_exposure(table(TOWN, area_id=AREAS))


def test_everybody_at_once_and_homes_in_no_area():
    town = table(TOWN, area_id=[*AREAS[:4], None, None])
    assert area_exposure(town).index.tolist() == ["n"]
    whole = area_exposure(town, by=None)
    assert whole.index.tolist() == ["all"]
    assert whole.loc["all", "residents"] == 32


@settings(max_examples=30)
@given(BANDS, st.lists(st.sampled_from("abc"), min_size=12, max_size=12))
def test_bands_sum_to_the_population(rows, areas):
    rows = [row for row in rows if row[0] != "band"]
    if not rows:
        return
    town = table(rows, area_id=areas[: len(rows)])
    found = residents_by_band(town)
    people = town.groupby("area_id")["residents"].sum()
    pd.testing.assert_series_equal(found.groupby("area_id")["residents"].sum(), people)
    share = found.groupby("area_id")["share"].sum()
    assert share[people > 0].to_numpy() == pytest.approx(1.0)
    for (area, band), number in found.set_index(["area_id", "band"])["residents"].items():
        here = [row for row, one in zip(rows, areas, strict=False) if one == area]
        lo, hi = {
            "53-58": (53, 58), "58-63": (58, 63), "63-68": (63, 68), "68-73": (68, 73), ">73": (73, 99),
            "below_lowest": (0, 53), "unknown": (0, 0),
        }[band]  # fmt: skip
        want = sum(p for kind, db, p in here if kind == "exact" and lo <= db < hi)
        want += sum(p for kind, _, p in here if (kind, band) in {("below", "below_lowest"), ("unknown", "unknown")})
        assert number == want


def test_bands_of_the_map_are_kept():
    town = table([("band", 55, 3), ("band", 65, 1), ("below", 0, 2), ("unknown", 0, 4)], area_id="n")
    found = residents_by_band(town)
    assert found["band"].tolist() == ["below_lowest", "55-60", "65-70", "unknown"]
    assert found["residents"].tolist() == [2, 3, 1, 4]
    coarse = residents_by_band(town, edges_db={NAME: (50, 60)})
    assert coarse.set_index("band")["residents"].to_dict() == {
        "below_lowest": 2, "50-60": 3, ">60": 1, "unknown": 4,
    }  # fmt: skip
    with pytest.raises(InputError, match="it cuts the band 55-60 dB"):
        residents_by_band(town, edges_db={NAME: (58,)})
    with pytest.raises(InputError, match="do not rise"):
        residents_by_band(town, edges_db={NAME: (60, 55)})
    with pytest.raises(InputError, match="its bands overlap"):
        residents_by_band(table([("band", 55, 3), ("band", 57, 1)], area_id="n"))


def test_from_map_to_area(tmp_path):
    town = homes().join(home_levels(street_map(tmp_path, lowest=50), homes(), buildings()))
    found = area_exposure(town)
    assert found["residents"].to_dict() == {"north": 7, "south": 24}
    assert found[f"{NAME}_tier"].to_dict() == {"north": "T2", "south": "T2, T2 point"}
    assert found.loc["south", f"{NAME}_share_above_64"] == pytest.approx(16 / 24)
    assert found.loc["north", f"{NAME}_quiet_facade_share"] == 1


def test_bad_input():
    town = table(TOWN, area_id=AREAS)
    with pytest.raises(InputError, match="it has no levels"):
        area_exposure(town[["residents", "area_id"]])
    with pytest.raises(InputError, match="column area"):
        area_exposure(town, by="area")
    with pytest.raises(InputError, match="must not be negative"):
        area_exposure(town.assign(residents=-1.0))
    with pytest.raises(InputError, match="perhaps you mean 'road_lden'"):
        area_exposure(town, thresholds_db={"road_ldn": (58,)})
    with pytest.raises(InputError, match="are not levels"):
        area_exposure(town, thresholds_db={NAME: (math.nan,)})
