"""The section on noise: what was read or estimated is told, groups stand side by side, no name becomes markup."""

from __future__ import annotations

import dataclasses
import re
from string import Formatter

import numpy as np
import pytest

from bykobling.errors import OutputError
from bykobling.palette import NOISE_BELOW, NOISE_GRADES, NOISE_UNKNOWN
from bykobling.report import write_noise_picture
from bykobling.report.maps import noise_map
from bykobling.report.noise import noise_of
from bykobling.report.noise_texts import NOISE_TEXTS
from bykobling.report.page import render
from results_factory import make_results, with_noise

HOSTILE = "<script>alert(1)</script>\"'&{{7*7}}"


@pytest.fixture(scope="module")
def loud():
    return with_noise(make_results())


def test_without_noise_there_is_no_section():
    assert noise_of(make_results(), "en") is None
    assert "Traffic noise" not in render(make_results())


def test_bars_hold_everybody_once(loud):
    (source,) = noise_of(loud, "en").sources
    assert [bar.group for bar in source.bars] == ["Vulnerable areas", "Rest of the city"]
    for bar in source.bars:
        assert sum(part.share for part in bar.parts) == pytest.approx(1)
        assert {part.color for part in bar.parts} <= {g.color for g in (*NOISE_GRADES, NOISE_BELOW, NOISE_UNKNOWN)}
    labels = [part.label for bar in source.bars for part in bar.parts]
    assert any(label.startswith("under 53 dB") for label in labels)
    assert any(label.startswith("73 dB or more") for label in labels)
    assert any(label.startswith("not known") for label in labels)


def test_the_loudest_areas_come_first_and_the_average_last(loud):
    (source,) = noise_of(loud, "en").sources
    shares = [row.cells[0] for row in source.rows[:-1]]
    values = [float(text.split()[0]) for text in shares]
    assert values == sorted(values, reverse=True)
    assert source.rows[-1].name == "Average of all residents"
    known = loud.noise_exposure["road_lden_share_above_58"].dropna()
    people = loud.areas["residents"].reindex(known.index)
    mean = float(source.rows[-1].cells[0].split()[0])
    assert mean == pytest.approx(100 * np.average(known, weights=people), abs=0.5)


@pytest.mark.parametrize("language", ["en", "da"])
def test_an_estimate_is_marked_wherever_it_is_shown(language):
    tag = NOISE_TEXTS[language]["estimated_tag"]
    page = render(with_noise(make_results(), screening=True), language=language)
    assert page.count(tag) == 4  # heading, map, bars, table
    assert NOISE_TEXTS[language]["about_estimate"][:40] in page
    assert tag not in render(with_noise(make_results()), language=language)


def test_names_stay_text():
    page = render(with_noise(make_results(hostile=HOSTILE), hostile=HOSTILE))
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_map_is_the_same_every_time_and_fits(loud):
    picture = noise_map(loud, osm=True)
    assert picture == noise_map(loud, osm=True)
    assert len(picture.address) < 1_000_000
    assert noise_map(dataclasses.replace(loud, noise_grid=None), osm=True) is None


def test_a_picture_by_itself(loud, tmp_path):
    for language in ("en", "da"):
        write_noise_picture(loud.noise_grid, loud.areas, tmp_path / f"{language}.png", language=language)
    assert (tmp_path / "en.png").read_bytes()[:4] == b"\x89PNG"
    assert (tmp_path / "en.png").read_bytes() != (tmp_path / "da.png").read_bytes()
    with pytest.raises(OutputError, match="the picture cannot be written"):
        write_noise_picture(loud.noise_grid, loud.areas, tmp_path / "gone" / "en.png")


def test_both_languages_say_the_same():
    english, danish = NOISE_TEXTS["en"], NOISE_TEXTS["da"]
    assert set(english) == set(danish)
    for key, text in english.items():
        fields = [{name for _, name, _, _ in Formatter().parse(one) if name} for one in (text, danish[key])]
        assert fields[0] == fields[1], key
        assert not re.search(r"\s\s", text + danish[key])
