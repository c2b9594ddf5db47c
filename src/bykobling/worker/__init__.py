"""The door for QGIS: a resident engine that answers JSON-RPC 2.0 on stdin and stdout, one message a line.

`bykobling.worker.wire` moves lines, `rpc` turns them into requests and errors, `jobs` runs one long job at a time and
stops it, `server` brings them together; what can be asked stands in `methods`, `studies`, `links`.
"""

from __future__ import annotations

from bykobling.worker.server import main, serve

__all__ = ["main", "serve"]
