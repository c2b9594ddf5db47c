import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bykobling.errors import InputError, ReadError
from bykobling.links.kinds import LINK_KINDS, LinkKind, cost_dkk, link_kind_table, read_link_kinds

HEADER = "kind,dkk_fixed,dkk_per_m,extra_s,max_length_m"


def written(tmp_path, text, name="kinds.csv"):
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def faults_of(path):
    with pytest.raises(InputError) as caught:
        read_link_kinds(path)
    return [(fault.where, fault.rule) for fault in caught.value.faults]


def test_every_default_is_marked_as_assumed_and_could_be_built():
    for name, each in LINK_KINDS.items():
        assert each.kind == name
        assert each.assumed
        assert each.max_length_m > 0
        assert min(each.dkk_fixed, each.dkk_per_m, each.extra_s) >= 0


def test_cost_is_fixed_plus_metres():
    own = {"bridge": LinkKind("bridge", 1_000, 10, 0, 50), "path": LinkKind("path", 0, 2, 0, 50)}
    assert cost_dkk(["bridge", "path", "bridge"], [10, 10, 0], own).tolist() == [1_100, 20, 1_000]
    assert cost_dkk("bridge", [1.0, 2.0], own).tolist() == [1_010, 1_020]
    assert cost_dkk([], [], own).tolist() == []


@given(st.sampled_from(list(LINK_KINDS)), st.floats(0, 1_000), st.floats(0, 1_000))
def test_a_longer_one_is_never_cheaper(kind, one, more):
    low, high = cost_dkk(kind, [one, one + more])
    assert low <= high


def test_a_bridge_costs_more_than_a_path_of_its_length():
    assert cost_dkk("bridge", 50)[0] > 10 * cost_dkk("path", 50)[0]


def test_the_table_can_be_written_edited_and_read_again(tmp_path):
    table = link_kind_table()
    table.loc["path", "dkk_per_m"] = 9_000.0
    path = tmp_path / "kinds.csv"
    table.to_csv(path)
    read = read_link_kinds(path)
    expected = {**LINK_KINDS, "path": dataclasses.replace(LINK_KINDS["path"], dkk_per_m=9_000.0)}
    assert read == expected
    assert link_kind_table(read).equals(table)


def test_rows_of_the_user_are_not_assumed_and_others_keep_their_values(tmp_path):
    read = read_link_kinds(written(tmp_path, f"{HEADER}\nbridge,1,2,3,4\n"))
    assert read["bridge"] == LinkKind("bridge", 1, 2, 3, 4, assumed=False)
    assert read["path"] is LINK_KINDS["path"]
    # a Danish spreadsheet writes semicolons and a mark
    semicolons = written(tmp_path, f"\ufeff{HEADER}\nbridge,1,2,3,4\n".replace(",", ";"), "danish.csv")
    assert read_link_kinds(semicolons) == read


def test_toml_gives_the_same(tmp_path):
    text = "[bridge]\ndkk_fixed = 1\ndkk_per_m = 2.0\nextra_s = 3\nmax_length_m = 4\n"
    assert read_link_kinds(written(tmp_path, text, "kinds.toml"))["bridge"] == LinkKind(
        "bridge", 1, 2, 3, 4, assumed=False
    )


def test_every_fault_is_told_at_once_with_its_row(tmp_path):
    rows = ["brigde,1,1,1,1", "path,-5,x,1,0", "ramp,1,1,nan,10", "ramp,1,1,1,10"]
    found = faults_of(written(tmp_path, "\n".join([HEADER, *rows])))
    assert found == [
        ("row 1", "'brigde' is no kind of link"),
        ("row 2", "dkk_fixed is -5, which is negative"),
        ("row 2", "dkk_per_m is 'x', which is no finite number"),
        ("row 2", "max_length_m is 0, so none would ever be built"),
        ("row 3", "extra_s is 'nan', which is no finite number"),
        ("row 4", "'ramp' is there twice"),
    ]


def test_missing_and_unknown_columns(tmp_path):
    found = faults_of(written(tmp_path, "kind,dkk_fixed,dkk_per_m,extra_s,width\npath,1,1,1,1\n"))
    assert [where for where, _ in found] == ["column max_length_m", "column width"]
    flag = faults_of(written(tmp_path, f"{HEADER},assumed\npath,1,1,1,1,perhaps\n"))
    assert flag == [("row 1", "assumed is 'perhaps', which is neither true nor false")]


def test_a_key_left_out_of_a_toml_table_and_a_loose_key(tmp_path):
    text = "bridge = 5\n[path]\ndkk_fixed = true\ndkk_per_m = 1\nextra_s = 1\nmax_length_m = 9\n"
    found = faults_of(written(tmp_path, text, "kinds.toml"))
    assert ("[path]", "dkk_fixed is True, which is no finite number") in found
    assert sum(where == "[bridge]" for where, _ in found) == 4


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("kinds.xlsx", b"PK"),
        ("kinds.csv", b""),
        ("kinds.csv", b"\xff\xfe\x00"),
        ("kinds.csv", b"kind\0,a"),
        ("kinds.csv", b"kind,dkk_fixed,dkk_per_m,extra_s,max_length_m\npath,1,1,1,1,1\n"),
        ("kinds.csv", b"kind,kind\npath,bridge\n"),
        ("kinds.csv", b'kind,dkk_fixed\n"path'),
        ("kinds.csv", b"a" * 1_000_001),
        ("kinds.toml", b"[bridge\n"),
    ],
)
def test_what_is_no_table_is_a_read_error(tmp_path, name, content):
    with pytest.raises(ReadError, match="Remedy"):
        read_link_kinds(written(tmp_path, content, name))


def test_a_missing_file_is_a_read_error(tmp_path):
    with pytest.raises(ReadError, match=r"none\.csv"):
        read_link_kinds(tmp_path / "none.csv")


def test_the_table_has_one_type_a_column():
    table = link_kind_table()
    assert table.index.name == "kind"
    assert (table.dtypes[:-1] == np.float64).all()
    assert table["assumed"].dtype == bool
