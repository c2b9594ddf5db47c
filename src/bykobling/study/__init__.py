"""Studies: read study.toml, check its inputs, run the whole chain, compare two runs."""

from __future__ import annotations

import lazy_loader

# who runs a study need not load what assesses a proposal: names stand in the stub beside this file
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
