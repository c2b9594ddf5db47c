"""Vector layers of the user's -> tables.

Every reader takes `faults`, a list that collects warnings and row errors instead of raising; see `read_areas`.
"""

from __future__ import annotations

import lazy_loader

# who needs one name need not load the others: names stand in the stub beside this file
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
