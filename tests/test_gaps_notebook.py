"""The notebook on gaps tells the published numbers, and where its data is not there it says so and ends."""

from pathlib import Path

import pytest

from tests.test_notebooks import execute, outputs, printed

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "bike_gaps.ipynb"
GOLDEN = Path(__file__).parents[2] / "shared" / "golden" / "copenhagen_bike_gaps"


def test_without_its_data_it_says_so_and_ends(tmp_path):
    source = NOTEBOOK.read_text(encoding="utf-8")
    assert source.count("copenhagen_bike_gaps") == 1
    elsewhere = tmp_path / NOTEBOOK.name
    elsewhere.write_text(source.replace("copenhagen_bike_gaps", "nowhere"), encoding="utf-8")
    notebook = execute(elsewhere, tmp_path)
    assert "nowhere, so the story ends here" in printed(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    told = [number for number, cell in enumerate(code) if cell.outputs]
    # the toy and the sentence; no cell after it does anything
    assert told == [2, 3]
    assert len(code) > 10
    assert not [output for output in outputs(notebook) if output.get("name") == "stderr"]


@pytest.mark.real
def test_it_tells_the_published_numbers(tmp_path):
    if not GOLDEN.exists():
        pytest.skip(f"{GOLDEN} is not there")
    text = printed(execute(NOTEBOOK, tmp_path))
    for number in (3827, 9924, 6603, 1199, 134):
        assert f" {number}\n" in text + "\n"
    for sentence in (
        "134 gaps, 47.85 km",
        "gaps on both lists: 134 of 134",
        "total length: 47.85 km, published 47.85 km",
        "streets whose use differs: 51 of 14,039, each by 0.5 pairs",
    ):
        assert sentence in text
    assert "Knippelsbro" in text
