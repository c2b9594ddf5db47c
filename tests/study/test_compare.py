"""Two folders of results side by side."""

from __future__ import annotations

import dataclasses
import json
import math
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bykobling.errors import InputError, OutputError
from bykobling.export import write_results
from bykobling.study.compare import compare_results, write_comparison

EFFECT, PLACES, WATER = "barrier_effect_walk_15min", "places_walk_15min", "barrier_effect_water_walk_15min"


def tables():
    """Two areas of 10 and 30 residents.        vulnerable  rest     gap
    effect (lower is better)        0.4     0.2     0.2
    places (higher is better)       10      30      -20
    water  (lower is better)        0.0     0.1     -0.1: nothing to close
    """
    areas = pd.DataFrame(
        {"area_id": ["007", "008"], "name": ["NA", "Åparken, nord"], "group": ["vulnerable", "rest"],
         "residents": [10.0, 30.0], EFFECT: [0.4, 0.2], PLACES: [10.0, 30.0], WATER: [0.0, 0.1]}
    )  # fmt: skip
    gaps = pd.DataFrame({"indicator": [EFFECT, PLACES, WATER], "vulnerable": [0.4, 10, 0.0], "rest": [0.2, 30, 0.1],
                         "gap_abs": [0.2, -20.0, -0.1]})  # fmt: skip
    return areas, gaps


RUN = {"crs": "EPSG:25832", "versions": {"bykobling": "0.1.0"}, "parameters": {"title": "Toy", "walk": {"kmh": 4.8}}}


def write(folder, areas=None, gaps=None, run=RUN):
    folder.mkdir(exist_ok=True)
    usual = tables()
    for name, table, other in (("areas", areas, usual[0]), ("gaps", gaps, usual[1])):
        (other if table is None else table).to_csv(folder / f"{name}.csv", index=False, encoding="utf-8-sig")
    if run is not None:
        (folder / "run.json").write_text(json.dumps(run), encoding="utf-8")
    return folder


def after_tables():
    """The effect gap falls to 0.05, a quarter; the places gap to 15, three quarters."""
    areas, gaps = tables()
    return areas.assign(**{EFFECT: [0.25, 0.2], PLACES: [15.0, 30.0]}), gaps.assign(gap_abs=[0.05, -15.0, -0.1])


@pytest.fixture
def before(tmp_path):
    return write(tmp_path / "before")


@pytest.fixture
def after(tmp_path):
    return write(tmp_path / "after", *after_tables())


def test_gaps_and_changes_by_hand(before, after):
    found = compare_results(before, after)
    assert (found.n_halved, found.n_comparable) == (1, 2)
    assert found.gaps.index.tolist() == [EFFECT, PLACES, WATER]
    assert found.gaps["gap_closed"].tolist() == pytest.approx([0.75, 0.25, 0.0])
    assert found.gaps["comparable"].tolist() == [True, True, False]
    assert list(found.areas.columns) == ["area_id", "area", "indicator", "before", "after", "change"]
    first = found.areas.iloc[0].to_dict()
    # an id keeps its zeros, and an area may be called NA
    assert first == {"area_id": "007", "area": "NA", "indicator": EFFECT, "before": 0.4, "after": 0.25,
                     "change": pytest.approx(-0.15)}  # fmt: skip
    assert len(found.areas) == 6
    assert found.areas["change"].tolist() == pytest.approx([-0.15, 5, 0, 0, 0, 0])
    assert found.sentences == (
        f"In 1 indicator there was no gap to close, since vulnerable areas were as well or better off: {WATER}.",
    )


def test_a_run_and_itself(before):
    found = compare_results(before, before)
    assert (found.areas["change"] == 0).all()
    assert found.n_halved == 0
    assert "Both are the same folder, so nothing changes." in found.sentences


def test_what_a_run_writes_can_be_compared(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(Path(__file__).parents[1])
    from results_factory import make_results

    results = make_results()
    areas, gaps = results.areas.copy(), results.gaps.copy()
    column = "barrier_effect_walk_15min"
    areas[column] = areas[column] / 2
    gaps.loc[column, "gap_abs"] = gaps.loc[column, "gap_abs"] / 2
    write_results(results, tmp_path / "one")
    write_results(dataclasses.replace(results, areas=areas, gaps=gaps), tmp_path / "other")
    found = compare_results(tmp_path / "one", tmp_path / "other")
    assert found.gaps.loc[column, "gap_closed"] == pytest.approx(0.5)
    assert found.n_halved == 1
    mine = found.areas[found.areas["indicator"] == column].set_index("area_id")
    expected = results.areas[column]
    assert mine["before"].to_numpy() == pytest.approx(expected.to_numpy(), nan_ok=True)
    assert mine["change"].to_numpy() == pytest.approx(-expected.to_numpy() / 2, nan_ok=True)
    assert mine["area"].tolist() == results.areas["name"].tolist()


def test_only_what_both_have_is_compared_and_the_rest_is_told(before, tmp_path):
    areas, gaps = after_tables()
    more = areas.iloc[[1]].assign(area_id="009", name="Ny")
    areas = pd.concat([more, areas.iloc[[1]]]).assign(noise=1.0).drop(columns=PLACES)
    gaps = pd.concat([gaps[gaps["indicator"] != PLACES], gaps.iloc[[0]].assign(indicator="noise")])
    found = compare_results(before, write(tmp_path / "after", areas, gaps))
    assert set(found.areas["area_id"]) == {"008"}
    assert found.gaps.index.tolist() == [EFFECT, WATER]
    text = " ".join(found.sentences)
    assert f"1 area is in {before} alone and not compared, but counts in its gaps: NA." in text
    assert f"1 area is in {tmp_path / 'after'} alone and not compared, but counts in its gaps: Ny." in text
    assert f"1 indicator is in {before} alone and not compared: {PLACES}." in text
    assert f"1 indicator is in {tmp_path / 'after'} alone and not compared: noise." in text


def test_rows_may_come_in_another_order(before, tmp_path):
    areas, gaps = after_tables()
    found = compare_results(before, write(tmp_path / "after", areas.iloc[::-1], gaps.iloc[::-1]))
    assert found.areas["change"].tolist() == pytest.approx([-0.15, 5, 0, 0, 0, 0])
    assert found.gaps["gap_closed"].tolist() == pytest.approx([0.75, 0.25, 0.0])


def test_what_moves_the_gaps_by_itself_is_told(before, tmp_path):
    areas, gaps = after_tables()
    areas = areas.assign(residents=[10.0, 31.0], group=["rest", "rest"])
    run = {
        "crs": "EPSG:25832",
        "versions": {"bykobling": "0.2.0"},
        "parameters": {"title": "Other", "walk": {"kmh": 5}},
    }
    text = " ".join(compare_results(before, write(tmp_path / "after", areas, gaps, run)).sentences)
    assert "1 area has changed group, which moves the gaps by itself: NA." in text
    assert "1 area has another number of residents" in text
    assert "bykobling 0.1.0 and 0.2.0" in text
    assert "settings of walk." in text
    assert "title" not in text


def test_missing_and_endless_numbers_stay_so(before, tmp_path):
    areas, gaps = after_tables()
    areas[EFFECT], areas[PLACES] = [math.nan, math.inf], [math.inf, 30.0]
    gaps["gap_abs"] = [math.nan, -5.0, -0.1]
    found = compare_results(before, write(tmp_path / "after", areas, gaps))
    assert np.array_equal(found.areas["change"].iloc[[0, 1, 3]], [np.nan, np.inf, np.inf], equal_nan=True)
    assert (found.n_halved, found.n_comparable) == (1, 1)
    assert f"1 gap is missing and not counted: {EFFECT}." in found.sentences
    endless = write(tmp_path / "endless", areas, gaps)
    assert math.isnan(compare_results(endless, endless).areas["change"].iloc[1])


def test_without_provenance_the_crs_is_told_to_be_unknown(before, tmp_path):
    found = compare_results(before, write(tmp_path / "after", *after_tables(), run=None))
    assert any("run.json tells no CRS" in sentence for sentence in found.sentences)


@pytest.mark.parametrize("run", [{"crs": None, "versions": 3, "parameters": []}, {}])
def test_odd_provenance_is_no_crash(before, tmp_path, run):
    assert compare_results(before, write(tmp_path / "after", *after_tables(), run=run)).n_halved == 1


def test_one_crs_under_two_names(before, tmp_path):
    import pyproj

    run = RUN | {"crs": pyproj.CRS(25832).to_wkt()}
    assert compare_results(before, write(tmp_path / "after", *after_tables(), run=run)).n_halved == 1


def cut(table, **columns):
    return table.assign(**columns)


AREAS, GAPS = tables()
BAD = {
    "another crs": ({"run": RUN | {"crs": "EPSG:25833"}}, "its CRS is EPSG:25833, that of"),
    "a crs nobody knows": ({"run": RUN | {"crs": "no such"}}, "its CRS is no such"),
    "other ids": ({"areas": cut(AREAS, area_id=["x", "y"])}, "no area_id of it is in"),
    "other indicators": (
        {"gaps": GAPS.iloc[[0]].assign(indicator="z"), "areas": cut(AREAS, z=1.0)},
        "no indicator of it is in",
    ),
    "one id twice": ({"areas": cut(AREAS, area_id="x")}, "rows 1, 2: area_id is not unique: x"),
    "no id": ({"areas": cut(AREAS, area_id=["", "y"])}, "row 1: area_id is empty"),
    "one indicator twice": ({"gaps": cut(GAPS, indicator=EFFECT)}, "indicator is not unique"),
    "a gap without its column": ({"areas": AREAS.drop(columns=EFFECT)}, f"column {EFFECT}: there is no such column"),
    "no such column": ({"gaps": GAPS.drop(columns="gap_abs")}, "column gap_abs: there is no such column"),
    "words for numbers": ({"areas": cut(AREAS, **{EFFECT: ["a lot", 1]})}, f"column {EFFECT}, row 1: "),
    "words for gaps": ({"gaps": cut(GAPS, gap_abs=["?", "1", "2"])}, "column gap_abs, row 1: "),
    "no row": ({"areas": AREAS.iloc[:0]}, "there is no row in it"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_folders_are_told_with_file_and_remedy(before, tmp_path, case):
    options, words = BAD[case]
    other = write(tmp_path / "after", **options)
    with pytest.raises(InputError, match="Remedy") as caught:
        compare_results(before, other)
    assert words in str(caught.value)
    assert str(other) in str(caught.value)


@pytest.mark.parametrize("name", ["areas.csv", "gaps.csv"])
@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe\x00\x01", b'"', b"a,b\n1,2,3,4\n1\n"])
def test_files_that_are_missing_or_no_table(before, after, name, content):
    if content is None:
        (after / name).unlink()
    else:
        (after / name).write_bytes(content)
    with pytest.raises(InputError, match="Remedy") as caught:
        compare_results(before, after)
    assert all(fault.file == str(after / name) for fault in caught.value.faults)


@pytest.mark.parametrize("content", ["{", "[1]"])
def test_provenance_that_is_broken(before, after, content):
    (after / "run.json").write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"run\.json"):
        compare_results(before, after)


def test_both_folders_are_told_at_once(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(InputError) as caught:
        compare_results(tmp_path / "none", tmp_path / "file")
    assert [fault.rule for fault in caught.value.faults] == ["there is no such folder", "it is a file, not a folder"]


def test_the_folder_above_is_told_from_the_results(before, tmp_path):
    study = tmp_path / "study"
    study.mkdir()
    shutil.copytree(before, study / "results")
    with pytest.raises(InputError, match="perhaps you mean") as caught:
        compare_results(before, study)
    assert str(study / "results") in str(caught.value)


def test_what_is_written_can_be_read_and_replaces_an_earlier_one(before, after, tmp_path):
    found = compare_results(before, after)
    target = tmp_path / "out" / "deep"
    for _ in range(2):
        write_comparison(found, target)
    assert {path.name for path in target.iterdir()} == {"comparison_areas.csv", "comparison_gaps.csv"}
    areas = pd.read_csv(target / "comparison_areas.csv", dtype={"area_id": str}, keep_default_na=False)
    pd.testing.assert_frame_equal(areas, found.areas, check_dtype=False)
    gaps = pd.read_csv(target / "comparison_gaps.csv", index_col="indicator")
    pd.testing.assert_frame_equal(gaps, found.gaps, check_dtype=False, check_index_type=False)


def test_names_that_a_spreadsheet_would_run_stay_disarmed(tmp_path):
    areas, _ = tables()
    folder = write(tmp_path / "one", cut(areas, name=["=1+1", "x"]))
    write_comparison(compare_results(folder, folder), tmp_path / "out")
    assert "'=1+1" in (tmp_path / "out" / "comparison_areas.csv").read_text(encoding="utf-8-sig")


def test_a_folder_that_cannot_be_written_leaves_nothing(before, after, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="Remedy"):
        write_comparison(compare_results(before, after), tmp_path / "file")
