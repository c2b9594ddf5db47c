"""The notebooks run from a fresh kernel, and what they print is what the study gives."""

import dataclasses
import json
import re
from pathlib import Path

import nbformat
import pytest

import bykobling as bk

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
TIMEOUT_S = 300
FIGURES = {"first_story": 7}

STRICT = "import warnings; warnings.simplefilter('error')"
PROBE = """
import json
warnings.resetwarnings()  # the kernel itself warns when it is shut down
print(json.dumps({
    "areas": {area: list(row) for area, row in zip(by_area.index, by_area.to_numpy().tolist())},
    "cutoffs_min": list(by_area.columns), "worst": worst_id,
    "shares": shares.barrier_share.to_dict(), "detours": detours.crossing_detour.dropna().sum(),
}))
"""


def execute(path, folder, extra=()):
    """Run a notebook in a fresh kernel started from a folder, every warning being an error."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(STRICT))
    notebook.cells += [nbformat.v4.new_code_cell(source) for source in extra]
    resources = {"metadata": {"path": str(folder)}}
    client = NotebookClient(notebook, timeout=TIMEOUT_S, kernel_name="python3", resources=resources)
    try:
        client.execute()
    except CellExecutionError as error:
        pytest.fail(f"{path.name} failed in a cell:\n{error}", pytrace=False)
    return notebook


def outputs(notebook):
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def printed(notebook):
    """Join what was printed or shown as text."""
    return "\n".join(
        output["text"] if output.output_type == "stream" else output.get("data", {}).get("text/plain", "")
        for output in outputs(notebook)
    )


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Execute each notebook once, from a folder that is not the repository's."""
    done = {}

    def run(name):
        if name not in done:
            path = next(path for path in NOTEBOOKS if path.stem == name)
            extra = [PROBE] if name == "first_story" else []
            done[name] = execute(path, tmp_path_factory.mktemp(name), extra)
        return done[name]

    return run


@pytest.fixture(scope="module")
def results():
    study = bk.read_study(bk.demo_folder())
    # the notebook walks; cycling would only take time
    return bk.run_study(dataclasses.replace(study, bike=dataclasses.replace(study.bike, enabled=False)))


def test_there_is_a_first_story():
    assert "first_story" in [path.stem for path in NOTEBOOKS]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_committed_without_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.outputs for cell in code] == [[]] * len(code), f"clear the outputs of {path.name} before committing"
    assert {cell.execution_count for cell in code} == {None}
    assert path.stat().st_size < 100_000


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_runs_without_a_warning_and_draws_its_figures(path, ran):
    notebook = ran(path.stem)
    errors = [output["text"] for output in outputs(notebook) if output.get("name") == "stderr"]
    assert errors == []
    figures = [output for output in outputs(notebook) if "image/png" in output.get("data", {})]
    assert len(figures) >= FIGURES.get(path.stem, 1)


def test_first_story_tells_what_the_study_gives(ran, results):
    notebook = ran("first_story")
    told = json.loads(notebook.cells[-1].outputs[0]["text"])
    columns = [f"barrier_effect_walk_{minutes:g}min" for minutes in told["cutoffs_min"]]
    assert set(told["areas"]) == set(results.areas.index)
    for area, values in told["areas"].items():
        assert values == pytest.approx(results.areas.loc[area, columns].to_list(), abs=1e-9, nan_ok=True)
    top = results.areas["barrier_effect_walk_15min"].idxmax()
    assert told["worst"] == top
    mine = results.shares.query("area_id == @top and mode == 'walk' and cutoff_min == 15")
    mine = mine[mine["barrier_id"].map(results.barriers["headline"])].set_index("barrier_id")["barrier_share"]
    assert told["shares"] == pytest.approx(mine.to_dict(), abs=1e-9)
    assert told["detours"] == pytest.approx(results.severance["crossing_detour"].sum(), rel=1e-9)


def test_first_story_prints_the_same_in_words(ran, results):
    text = printed(ran("first_story"))
    worst = results.areas.loc[results.areas["barrier_effect_walk_15min"].idxmax()]
    assert f"{worst['name']} loses {worst['barrier_effect_walk_15min']:.1%} of the places" in text
    table = text[text.index("lost in 5 min") :]
    for row in results.areas.itertuples():
        shown = f"{100 * row.barrier_effect_walk_5min:.1f}"
        assert re.search(rf"{re.escape(str(row.name))}.*\s{re.escape(shown)}\b", table), row.name
    assert re.search(rf"{re.escape(str(worst['top_barrier']))}\s+\d+\s+{100 * worst['top_barrier_share']:.1f}\b", text)
