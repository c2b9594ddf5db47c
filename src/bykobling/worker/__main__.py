"""Run the worker: ``python -m bykobling.worker``."""

from __future__ import annotations

from bykobling.worker.server import main

if __name__ == "__main__":
    main()
