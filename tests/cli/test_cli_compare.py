"""The command that sets two runs side by side."""

from __future__ import annotations

import pandas as pd
import pytest

from bykobling import cli

EFFECT, PLACES = "barrier_effect_walk_15min", "places_walk_15min"


def call(*arguments):
    return cli._guarded([str(argument) for argument in arguments])


def write(folder, effect, places, names=(EFFECT, PLACES)):
    folder.mkdir()
    areas = {"area_id": ["a", "b"], "name": ["Nord", "Syd"], "group": ["vulnerable", "rest"], "residents": [1, 1]}
    pd.DataFrame(areas | dict.fromkeys(names, 0.5)).to_csv(folder / "areas.csv", index=False)
    pd.DataFrame({"indicator": names, "gap_abs": [effect, places]}).to_csv(folder / "gaps.csv", index=False)
    return folder


@pytest.fixture
def before(tmp_path):
    return write(tmp_path / "before", 0.2, -20)


@pytest.fixture
def after(tmp_path):
    return write(tmp_path / "after", 0.05, -20.001)


def cells(out, name):
    """Return the numbers of one row of the table drawn."""
    row = next(line for line in out.splitlines() if name in line)
    return [cell.strip() for cell in row.strip(" │").split("│")]


def test_a_table_of_gaps_and_how_many_are_halved(before, after, capsys):
    assert call("compare", before, after) == 0
    out = capsys.readouterr().out
    assert cells(out, EFFECT) == [EFFECT, "share", "0.2", "0.05", "75%"]
    assert cells(out, PLACES) == [PLACES, "count", "-20", "-20", "0%"]
    assert out.rstrip().endswith("1 of 2 gaps halved")


def test_missing_gaps_and_gaps_not_to_close_are_a_dash(before, tmp_path, capsys):
    other = write(tmp_path / "other", None, 3)
    assert call("compare", other, before) == 0
    out = capsys.readouterr().out
    assert cells(out, EFFECT) == [EFFECT, "share", "-", "0.2", "-"]
    assert cells(out, PLACES) == [PLACES, "count", "3", "-20", "-"]
    assert f"1 gap is missing and not counted: {EFFECT}." in out
    assert "0 of 0 gaps halved" in out


def test_names_are_never_read_as_markup(tmp_path, capsys):
    one, other = (write(tmp_path / n, 1, 1, names=("[bold]x[/bold]", "[red]")) for n in ("one", "[other]"))
    assert call("compare", one, other) == 0
    assert "[bold]x[/bold]" in capsys.readouterr().out


@pytest.mark.parametrize("option", ["--output", "-o"])
def test_tables_are_written_where_asked(before, after, tmp_path, option, capsys):
    assert call("compare", before, after, option, tmp_path / "out") == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"comparison_areas.csv", "comparison_gaps.csv"}
    assert f"Tables: {tmp_path / 'out'}" in capsys.readouterr().out


def test_nothing_is_written_unless_asked(before, after, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert call("compare", before, after) == 0
    assert {path.name for path in tmp_path.iterdir()} == {"before", "after"}


def test_wrong_folders_are_inputs_to_mend(before, tmp_path, capsys):
    assert call("compare", before, tmp_path / "none") == 2
    captured = capsys.readouterr()
    assert captured.err.startswith(f"error: {tmp_path / 'none'}: there is no such folder. Remedy: ")
    assert captured.out == ""


def test_a_folder_that_cannot_be_written(before, after, capsys):
    assert call("compare", before, after, "-o", before / "areas.csv") == 1
    assert capsys.readouterr().out == ""
