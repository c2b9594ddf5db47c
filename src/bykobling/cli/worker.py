"""The door for QGIS: the engine that stays."""

from __future__ import annotations

from bykobling.cli.app import app


@app.command
def worker() -> None:
    """Answer JSON-RPC 2.0 on stdin and stdout, one message a line, until stdin closes: the engine of the QGIS plug-in.

    What can be asked stands in docs/worker.md.
    """
    from bykobling.worker import main  # noqa: PLC0415 - beside its only use

    main()
