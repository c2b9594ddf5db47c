"""bykobling: how cut off is each housing area, by which barrier, and what would reconnect it.

Everything public is importable from here and loaded when first used, so ``import bykobling`` is instant.

Examples
--------
>>> import bykobling as bk
>>> study = bk.read_study("study.toml")  # doctest: +SKIP
>>> results = bk.run_study(study)  # doctest: +SKIP
>>> bk.save_results(results, study)  # doctest: +SKIP
"""

from __future__ import annotations

import lazy_loader

__version__ = "0.1.0"

# names and their rooms stand in __init__.pyi, where type checkers find them too
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__all__ = sorted([*__all__, "__version__"])  # noqa: PLE0605 - made of names
