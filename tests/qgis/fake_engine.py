#!/usr/bin/env python3
"""An engine that speaks the protocol and does nothing: what the plug-in makes of good and bad answers."""

import json
import os
import sys
import threading
import time

METHODS = ["hello", "sample", "make_study", "check", "load_study", "assess_link", "run", "find", "assess", "isochrone"]
out = threading.Lock()
stopped = set()


def say(message):
    with out:
        sys.stdout.buffer.write(json.dumps(message).encode("utf-8") + b"\n")
        sys.stdout.buffer.flush()


def answer(call, **fields):
    say({"jsonrpc": "2.0", "id": call, **fields})


def work(call, params):
    """Count to a hundred; may be told to be deaf, to die, to fail."""
    for step in range(100):
        if call in stopped and not params.get("deaf"):
            answer(call, error={"code": -32800, "message": "cancelled"})
            return
        if params.get("die") and step == 3:
            sys.stderr.write("the floor gave way\n")
            sys.stderr.flush()
            os.kill(os.getpid(), 9)
        say(
            {"jsonrpc": "2.0", "method": "progress", "params": {"id": call, "share": step / 100, "message": "counting"}}
        )
        time.sleep(params.get("pause", 0.002))
    if params.get("fault"):
        fault = {
            "file": "områder.gpkg", "where": "row 3", "rule": "the geometry is empty", "remedy": "draw it",
            "severity": "error",
        }  # fmt: skip
        data = {"kind": "InputError", "faults": [fault]}
        answer(call, error={"code": -32000, "message": "1 thing to mend", "data": data})
        return
    answer(call, result={"params": params, "pid": os.getpid(), "home": os.environ.get("PYTHONHOME", "")})


def main():
    """Answer line by line until nobody speaks any more."""
    if os.environ.get("FAKE_ENGINE") == "broken":
        sys.exit("ModuleNotFoundError: No module named 'geopandas'")
    protocol = int(os.environ.get("FAKE_PROTOCOL", "1"))
    for line in sys.stdin.buffer:
        message = json.loads(line)
        method, params = message["method"], message.get("params", {})
        if method == "hello":
            result = {"bykobling": "0.0.9", "protocol": protocol, "methods": METHODS, "python": "3.11"}
            answer(message["id"], result=result)
        elif method == "cancel":
            stopped.add(params["id"])
        elif method == "garbage":
            with out:
                sys.stdout.buffer.write(b"this is no JSON\n\xff\xfe\n[1]\n")
            answer(message["id"], result={"after": "garbage"})
        else:
            threading.Thread(target=work, args=(message["id"], params), daemon=True).start()


main()
