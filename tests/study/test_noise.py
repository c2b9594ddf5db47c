"""Noise in a study: read from a map of the user's, or estimated from traffic; wrong maps told before anything runs."""

from __future__ import annotations

import json
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from tests.study.test_run import COLUMNS, TOML, place, town
from tests.study.test_run import areas as toy_areas

from bykobling.errors import InputError, StudyError
from bykobling.exposure import home_levels
from bykobling.raster import read_noise
from bykobling.scenario import ChangeTraffic, Scenario
from bykobling.study import assess_study, check_study, read_study, run_study, save_results
from bykobling.study.noise import LIMITS_DB, beside_streets
from bykobling.study.noise_maps import screened_maps, sounding_streets
from bykobling.study.noise_settings import NoiseScreening
from bykobling.study.screen import screen_study
from bykobling.study.traffic import BigRoads

ROADS = town().replace('v="residential"', 'v="primary"', 1)
"""The first street is a main road: the rest is quieter."""


def study_in(folder, more="", *, osm=ROADS):
    (folder / "town.osm").write_text(osm, encoding="utf-8")
    toy_areas().to_file(folder / "areas.geojson")
    (folder / "study.toml").write_text(TOML + more, encoding="utf-8")
    return folder


def contours(folder, *, name="noise.gpkg", bands=("Lden5559", "Lden6569")):
    """The west is quiet, the east loud; a strip between them is in no band."""
    west, east = place(5.5, 0)[0], place(COLUMNS, 0)[0]
    low, high = place(0, -3)[1], place(0, 9)[1]
    shapes = [shapely.box(place(-3, 0)[0], low, west, high), shapely.box(west + 0.0002, low, east + 0.01, high)]
    gpd.GeoDataFrame({"category": list(bands)}, geometry=shapes, crs=4326).to_file(folder / name)


@pytest.fixture(scope="module")
def mapped(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mapped")
    contours(folder)
    study = read_study(study_in(folder, '[[noise]]\nfile = "noise.gpkg"\nsource = "road"\nmetric = "lden"\n'))
    return study, run_study(study)


@pytest.fixture(scope="module")
def estimated(tmp_path_factory):
    study = read_study(study_in(tmp_path_factory.mktemp("estimated"), "[noise_screening]\nheight_m = 1.5\n"))
    return study, run_study(study)


def test_shares_above_the_limits_are_those_of_the_map(mapped):
    _, results = mapped
    areas = results.areas
    # 55-59 in the west cannot tell who is above 58; 65-69 in the east can for 58 and not for 68
    assert areas.loc["w", "noise_road_lden_above_53db_share"] == pytest.approx(1)
    assert np.isnan(areas.loc["w", "noise_road_lden_above_58db_share"])
    assert areas.loc["e", "noise_road_lden_above_58db_share"] == pytest.approx(1)
    assert np.isnan(areas.loc["e", "noise_road_lden_above_68db_share"])
    assert areas.loc["w", "noise_road_lden_pop_weighted_mean_db"] == pytest.approx(57)
    assert areas.loc["e", "noise_road_lden_pop_weighted_mean_db"] == pytest.approx(67)
    assert {"noise_road_lden_pop_weighted_mean_db_percentile", "noise_road_highly_annoyed_share_gap"} <= set(areas)
    assert results.gaps.loc["noise_road_lden_pop_weighted_mean_db", "gap_abs"] == pytest.approx(-10)


def test_bands_hold_every_resident_once(mapped):
    _, results = mapped
    counted = results.noise_bands.groupby("area_id")["residents"].sum()
    pd.testing.assert_series_equal(
        counted, results.areas["residents"].sort_index(), check_names=False, check_index_type=False
    )


def test_homes_have_the_level_the_library_tells(mapped):
    study, results = mapped
    levels = read_noise(study.noise[0].file, metric="lden", source="road")
    told = home_levels(levels, results.noise[["residents", "area_id", "geometry"]])
    # no band ends within the 10 m that homes on a street are moved
    np.testing.assert_array_equal(results.noise["road_lden_db"], told["road_lden_db"])
    assert set(results.noise["road_lden_tier"]) == {"T2 point"}


def test_where_levels_are_from_is_told(mapped, estimated):
    told = " ".join(note.text for note in mapped[1].notes)
    assert "Noise, road Lden: noise.gpkg." in told
    assert "10 m from the middle" in told
    assert mapped[1].run["noise"]["screening"] == []
    guess = [note for note in estimated[1].notes if "screening estimate" in note.text]
    assert guess
    assert all(note.kind == "assumed" for note in guess)
    assert estimated[1].run["noise"]["screening"] == ["road_lden", "road_lnight"]


def test_without_a_map_the_profile_says_so(tmp_path):
    results = run_study(read_study(study_in(tmp_path)))
    assert any("traffic noise is missing" in note.text for note in results.notes)
    assert results.noise is None
    assert not [name for name in results.areas.columns if name.startswith("noise_")]


def test_an_estimate_is_loudest_along_the_main_road(estimated):
    _, results = estimated
    homes = results.noise
    # the main road is the southernmost street of the west
    west = homes[homes["area_id"] == "w"]
    loud = west["road_lden_db"].to_numpy(float)
    order = np.argsort(west.geometry.y.to_numpy())
    assert loud[order[:5]].mean() > loud[order[-5:]].mean() + 5
    assert (homes["road_lnight_db"] < homes["road_lden_db"]).all()
    assert results.noise_grid.screening
    assert np.nanmax(results.noise_grid.level_db) > 60


def test_everything_is_written_with_its_section_in_the_report(mapped, tmp_path):
    study, results = mapped
    folder = save_results(results, study, folder=tmp_path / "out")
    assert {"noise_exposure.csv", "noise_bands.csv"} <= {path.name for path in folder.iterdir()}
    exposure = pd.read_csv(folder / "noise_exposure.csv", dtype={"area_id": str}).set_index("area_id")
    assert exposure.loc["w", "road_lden_pop_weighted_mean_db"] == pytest.approx(57)
    layer = gpd.read_file(folder / "results.gpkg", layer="noise")
    assert len(layer) == len(results.noise)
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "Traffic noise" in page
    assert "noise.gpkg" in page
    assert json.loads((folder / "run.json").read_text(encoding="utf-8"))["noise"]["maps"] == {"road_lden": "noise.gpkg"}


def test_check_tells_of_a_map_that_cannot_be_read(tmp_path):
    (tmp_path / "noise.tif").write_bytes(b"II*\x00broken")
    study = read_study(study_in(tmp_path, '[[noise]]\nfile = "noise.tif"\n'))
    faults = [fault for fault in check_study(study) if fault.file == "noise.tif"]
    assert [fault.severity for fault in faults] == ["error"]
    with pytest.raises(StudyError, match=r"noise\.tif"):
        run_study(study)


def test_a_map_elsewhere_is_an_error_and_no_silence(tmp_path):
    far = gpd.GeoDataFrame({"category": ["Lden5559"]}, geometry=[shapely.box(1.0, 1.0, 1.1, 1.1)], crs=4326)
    far.to_file(tmp_path / "noise.gpkg")
    study = read_study(study_in(tmp_path, '[[noise]]\nfile = "noise.gpkg"\n'))
    with pytest.raises(InputError, match=r"noise\.gpkg"):
        run_study(study)


@pytest.mark.parametrize(
    ("section", "rule"),
    [
        ('[[noise]]\nfile = "gone.tif"\n', r"gone\.tif.* is not there"),
        ('[[noise]]\nfile = "areas.geojson"\nsource = "cars"\n', "'cars'.* is not one of road, rail"),
        ('[[noise]]\nfile = "areas.geojson"\nmetric = "dB"\n', "is not one of lden, lnight"),
        ('[[noise]]\nfile = "areas.geojson"\nbands = { 1 = ["a"] }\n', "no edges of a band"),
        ('[[noise]]\nfile = "areas.geojson"\nbands = 3\n', "no table of codes"),
        ('[[noise]]\nfile = "areas.geojson"\ncolumn = ["a", "b", "c"]\n', "neither a column nor two"),
        ('[[noise]]\nfile = "areas.geojson"\nband = 1.5\n', "not a whole number"),
        ('[[noise]]\nfile = "areas.geojson"\n[[noise]]\nfile = "areas.geojson"\n', "another map of road lden"),
        ('[[noise]]\nfile = "areas.geojson"\n[noise_screening]\n', "nothing need be estimated"),
        ('[noise_screening]\nhours = "france"\n', "'france'.* is not one of end, denmark"),
        ("[noise_screening]\nreach_m = 9000\n", "between 50 and 2000"),
        ("[noise_screening]\n[profile]\nenabled = false\n", "part of the profile, which is not measured"),
    ],
)
def test_a_study_file_is_told_what_is_wrong_with_it(tmp_path, section, rule):
    with pytest.raises(StudyError, match=rule):
        read_study(study_in(tmp_path, section))


def test_bands_of_a_raster_are_read_as_written(tmp_path):
    text = '[[noise]]\nfile = "areas.geojson"\nbands = { 1 = [55, 60], 2 = [60] }\nband = 2\nlowest_db = 55\n'
    (layer,) = read_study(study_in(tmp_path, text)).noise
    assert layer.bands == {1.0: (55.0, 60.0), 2.0: (60.0, None)}
    assert (layer.band, layer.lowest_db) == (2, 55.0)


def test_a_screening_map_feeds_the_next_run(tmp_path):
    study = read_study(study_in(tmp_path))
    made = screen_study(study, tmp_path / "maps", cell_m=20.0)
    with rasterio.open(made.lden) as file:
        assert "screening" in json.dumps(file.tags())
        assert file.crs is not None
        assert np.nanmax(file.read(1, masked=True)) > 60
    (tmp_path / "study.toml").write_text(TOML + made.study_lines(), encoding="utf-8")
    results = run_study(read_study(tmp_path))
    assert results.run["noise"]["screening"] == ["road_lden", "road_lnight"]
    assert set(results.noise["road_lden_tier"]) == {"T4 point"}


def test_known_levels_correct_a_class_of_road(tmp_path):
    study = read_study(study_in(tmp_path))
    plain = screen_study(study, tmp_path / "plain", cell_m=25.0)
    rng = np.random.default_rng(3)
    at = [place(c, r) for c, r in zip(rng.uniform(0, 12, 60), rng.uniform(0, 6, 60), strict=True)]
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*zip(*at, strict=True)), crs=4326)
    levels = home_levels(read_noise(plain.lden, metric="lden", source="road"), points.to_crs(25832))
    points["lden"] = levels["road_lden_db"].to_numpy() + 4.0
    points.dropna().to_file(tmp_path / "known.gpkg")
    fitted = screen_study(study, tmp_path / "fitted", cell_m=25.0, known_levels=tmp_path / "known.gpkg")
    assert fitted.calibration.n >= 30
    assert fitted.calibration.rmse_after_db < fitted.calibration.rmse_before_db
    assert all(2 < offset < 6 for offset in fitted.calibration.offsets_db.values())


def test_known_levels_that_are_a_map_are_refused(tmp_path):
    contours(tmp_path)
    study = read_study(study_in(tmp_path))
    with pytest.raises(InputError, match="levels are compared at points"):
        screen_study(study, tmp_path / "maps", cell_m=50.0, known_levels=tmp_path / "noise.gpkg")


def test_limits_are_those_of_the_catalogue():
    from bykobling.indicators import INDICATORS

    told = {one.name for one in INDICATORS}
    for name in ("road_lden", "road_lnight", "rail_lden", "rail_lnight"):
        assert {f"noise_{name}_above_{limit}db_share" for limit in LIMITS_DB[name]} <= told


def test_homes_on_a_street_have_their_facade_beside_it():
    street = gpd.GeoSeries([shapely.LineString([(0, 0), (100, 0), (100, 100)])], crs=25832)
    on, near, corner, far = (30, 0), (60, 4), (100, 0), (50, 40)
    points = gpd.GeoSeries(shapely.points([on, near, corner, far]), crs=25832)
    moved = beside_streets(points, street)
    assert moved.iloc[0].equals_exact(shapely.Point(30, 10), 1e-9)
    assert moved.iloc[1].equals_exact(shapely.Point(60, 10), 1e-9)
    assert moved.iloc[2].distance(shapely.Point(100, 0)) == pytest.approx(10)
    assert moved.iloc[3] == points.iloc[3]
    assert beside_streets(points, street.iloc[:0]).equals(points)
    shifted = gpd.GeoSeries(shapely.points([(1, 0), on]), crs=25832)
    assert beside_streets(shifted, street).iloc[1].y == pytest.approx(-10)  # every other on the other side


def proposals(tmp_path):
    """A quieter main road, a path beside it, and a road on the other side of the town."""
    lines = {
        "Quieter": ("traffic", [place(0, 0), place(5, 0)], 200.0),
        "Path": ("path", [place(1, 3.5), place(2, 3.5)], np.nan),
        "Road": ("road", [place(0, 6.3), place(5, 6.3)], 12_000.0),
    }
    table = gpd.GeoDataFrame(
        {
            "proposal": list(lines),
            "kind": [kind for kind, _, _ in lines.values()],
            "aadt": [aadt for _, _, aadt in lines.values()],
        },
        geometry=[shapely.LineString(line) for _, line, _ in lines.values()],
        crs=4326,
    )
    table.to_file(tmp_path / "proposals.gpkg")
    return tmp_path / "proposals.gpkg"


def test_a_proposal_is_heard_where_it_changes_traffic_and_a_path_is_not(tmp_path):
    study = read_study(study_in(tmp_path, "[noise_screening]\n[bike]\nenabled = false\n"))
    found = assess_study(study, [proposals(tmp_path)], combinations=False)
    mean = found.areas[found.areas["indicator"] == "noise_road_lden_pop_weighted_mean_db"]
    change = mean.set_index(["proposal", "area_id"])["change"]
    assert change["Quieter", "w"] < -0.5
    assert change["Road", "w"] > 0.5
    assert "Path" not in set(mean["proposal"])
    told = " ".join(note.text for note in found.notes)
    assert "200 vehicles a day" in told
    assert "differences of two estimates" in told
    again = run_study(study)
    before = mean[(mean["proposal"] == "Road") & (mean["area_id"] == "w")]["before"].iloc[0]
    assert before == again.areas.loc["w", "noise_road_lden_pop_weighted_mean_db"]


def test_traffic_of_a_proposal_needs_an_estimate_and_a_street(tmp_path):
    path = proposals(tmp_path)
    with pytest.raises(StudyError, match=r"the study estimates no noise.*noise_screening"):
        assess_study(read_study(study_in(tmp_path)), [path], combinations=False)
    far = ChangeTraffic(shapely.LineString([(0, 0), (50, 0)]), aadt=5)
    study = read_study(study_in(tmp_path, "[noise_screening]\n"))
    with pytest.raises(StudyError, match="no street with motor traffic runs along it"):
        assess_study(study, [Scenario((far,), name="Far")], combinations=False)


def own_roads(lines, **columns):
    told = {"name": "Ringvej", "aadt": np.nan, "maxspeed_kmh": np.nan, "highway": "primary"} | columns
    table = gpd.GeoDataFrame(geometry=lines, crs=25832).assign(**told)
    return BigRoads(np.zeros(1, bool), np.zeros(1, bool), table)


def one_street(**columns):
    told = {"highway": "motorway", "drive": True, "oneway": True, "tunnel": False, "maxspeed_kmh": 90.0,
            "lanes": 2.0, "name": "Ringvej", "walk": True}  # fmt: skip
    table = gpd.GeoDataFrame([told | columns], geometry=[shapely.LineString([(0, 0), (500, 0)])], crs=25832)
    return SimpleNamespace(streets=table, source="town.osm", extent=table.geometry.iloc[0].buffer(900), buildings=None)


def test_a_road_of_the_users_along_a_street_gives_it_its_count_and_nothing_else():
    along = own_roads([shapely.LineString([(0, 3), (500, 3)])], aadt=[30_000.0])
    heard = sounding_streets(one_street(), along)
    assert len(heard) == 1
    assert heard[["highway", "maxspeed_kmh", "oneway"]].iloc[0].tolist() == ["motorway", 90.0, True]
    assert heard["aadt"].iloc[0] == 30_000
    # without a count it changes nothing
    assert "aadt" not in sounding_streets(one_street(), own_roads(along.own.geometry.to_list()))


def test_a_road_that_osm_lacks_is_heard_and_an_area_is_not():
    elsewhere = [shapely.LineString([(0, 200), (500, 200)]), shapely.box(0, 300, 500, 320)]
    heard = sounding_streets(one_street(), own_roads(elsewhere, tunnel=[None, None]))
    assert len(heard) == 2
    assert heard["maxspeed_kmh"].iloc[1] == 50
    assert heard["drive"].all()
    assert heard.geometry.iloc[1].equals(elsewhere[0])


def test_an_extract_without_motor_streets_is_no_silence():
    with pytest.raises(StudyError, match=r"town\.osm: it holds no street with motor traffic"):
        screened_maps(NoiseScreening(), one_street(), one_street(drive=False).streets)
