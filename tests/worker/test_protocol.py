"""Whatever comes down the line, the worker answers in JSON-RPC 2.0 and goes on."""

from __future__ import annotations

import json
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bykobling import __version__
from bykobling.worker import rpc, wire
from bykobling.worker.rpc import RpcError, read_request


def test_hello_tells_who_answers(worker):
    told = worker.result("hello", client="QGIS 3.40")
    assert told["bykobling"] == __version__
    assert told["protocol"] == 1
    assert {"hello", "ping", "shutdown", "run", "assess_link", "make_study"} <= set(told["methods"])
    assert worker.result("ping") == {}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"garbage", -32700),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "pi', -32700),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "ping", "params": {"x": NaN}}', -32700),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "ping", "params": {"x": 1e999}}', -32700),
        (b"\xff\xfe\x00", -32700),
        (b"[" * 100_000, -32700),
        (b'{"jsonrpc": "2.0", "id": 1' + b"0" * 5000 + b', "method": "ping"}', -32700),
        (b"[]", -32600),
        (b"17", -32600),
        (b'{"jsonrpc": "1.0", "id": 3, "method": "ping"}', -32600),
        (b'{"jsonrpc": "2.0", "id": 3}', -32600),
        (b'{"jsonrpc": "2.0", "id": {}, "method": "ping"}', -32600),
        (b'{"jsonrpc": "2.0", "id": true, "method": "ping"}', -32600),
        (b'{"jsonrpc": "2.0", "id": 3, "method": "ping", "params": [1]}', -32602),
    ],
)
def test_what_is_no_request_is_refused_and_the_next_is_answered(worker, line, code):
    worker.write(line + b"\n")
    answer = worker.next()
    assert answer["error"]["code"] == code
    assert answer["id"] == (3 if b'"id": 3' in line else None)
    assert worker.result("ping") == {}


def test_a_huge_line_is_refused_and_the_next_is_answered(worker):
    worker.write(
        b'{"jsonrpc": "2.0", "id": 1, "method": "ping", "params": {"x": "' + b"x" * wire.LONGEST_BYTES + b'"}}\n'
    )
    answer = worker.next()
    assert answer["error"]["code"] == -32700
    assert "longer" in answer["error"]["message"]
    assert worker.result("ping") == {}


def test_a_line_in_pieces_and_several_in_one_piece(worker):
    for piece in (b'\xef\xbb\xbf{"jsonrpc": "2.0", "id": "\xc3', b'\xa6", "meth', b'od": "ping"}\r', b"\n\n \n"):
        worker.write(piece)
    assert worker.next() == {"jsonrpc": "2.0", "id": "æ", "result": {}}
    worker.write(b"".join(b'{"jsonrpc": "2.0", "id": %d, "method": "ping"}\n' % one for one in range(900, 950)))
    assert [worker.next()["id"] for _ in range(50)] == list(range(900, 950))


def test_unknown_method_names_the_known_ones(worker):
    error = worker.error("walk_the_dog")
    assert error["code"] == -32601
    assert "run" in error["data"]["methods"]


def test_every_wrong_param_is_told_at_once(worker):
    error = worker.error("find", studi="a", min_detour="far", steps=1.5, street_gaps=1, mode="swim")
    assert error["code"] == -32602
    told = {fault["where"]: fault for fault in error["data"]["faults"]}
    assert set(told) == {"study", "studi", "min_detour", "steps", "street_gaps", "mode"}
    assert "study" in told["studi"]["remedy"]
    assert all(fault["rule"] and fault["remedy"] and fault["severity"] == "error" for fault in told.values())
    error = worker.error("assess_link", study_id="x", kind="tunnel", line=[[0, 0]], layer="here.gpkg")
    assert {fault["where"] for fault in error["data"]["faults"]} == {"kind", "line", "layer"}


def test_notifications_are_never_answered(worker):
    worker.notify("ping")
    worker.notify("nonsense")
    worker.notify("run")
    worker.notify("cancel", id=123456)
    assert worker.result("ping") == {}


def test_errors_of_ours_carry_faults(worker, tmp_path):
    error = worker.error("run", study=str(tmp_path / "nowhere" / "study.toml"))
    assert error["code"] == -32000
    assert error["data"]["kind"] == "StudyError"
    assert "no such file" in error["data"]["faults"][0]["rule"]
    error = worker.error("assess_link", study_id="study-99", kind="bridge", line=[[0, 0], [1, 1]])
    assert "load_study" in error["data"]["faults"][0]["remedy"]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=60))
def test_any_line_is_a_request_or_an_error(line):
    told = None
    try:
        read_request(line)
    except RpcError as error:
        told = json.loads(rpc.error_line(error.ident, error))["error"]["code"]
    # sixty bytes of chance are hardly ever a request
    assert told in {-32700, -32600, -32602} or b"jsonrpc" in line


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.binary(max_size=30).filter(lambda one: b"\n" not in one)),
    st.binary(max_size=9).filter(bytes.isalnum) | st.just(b""),
)
def test_lines_come_as_they_were_sent(sent, rest):
    source, target = os.pipe()
    os.write(target, b"".join(one + b"\n" for one in sent) + rest)
    os.close(target)
    came = list(wire.lines(source))
    os.close(source)
    assert came[: len(sent)] == sent
    assert len(came) == len(sent) + (rest != b"")
    assert all(isinstance(one, wire.HalfLine) for one in came[len(sent) :])


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=80, deadline=None)
@given(JSON)
def test_every_result_is_one_line_of_json_without_nan(value):
    line = rpc.result_line(1, {"value": value})
    assert b"\n" not in line

    def never(name):
        raise AssertionError(name)

    json.loads(line.decode("utf-8"), parse_constant=never)


def test_values_of_tables_become_plain():
    import numpy as np
    import pandas as pd

    row = {
        "a": np.float64("nan"),
        "b": np.int64(3),
        "c": pd.NA,
        "d": pd.NaT,
        "e": np.array([1.0, np.inf]),
        "f": "\ud800",
    }
    told = json.loads(rpc.result_line(None, row))["result"]
    assert told == {"a": None, "b": 3, "c": None, "d": None, "e": [1.0, None], "f": "\ud800"}
