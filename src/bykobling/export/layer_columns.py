"""What styles are made of: the columns of each layer, and no more; another process may make them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bykobling.results import Results

STYLES = "bykobling.export.qml:layer_styles"
"""As a second process is asked for them."""

_STYLED = (
    "areas", "residents", "noise", "barriers", "entries", "stops", "crossings", "lines", "severance", "streets",
    "unlinked",
)  # fmt: skip


def layer_columns(results: Results) -> dict[str, list[str]]:
    """List the columns of each layer that has a style.

    Parameters
    ----------
    results : Results
        What a run found.

    Returns
    -------
    dict of str to list of str
        Without layers that were not measured.
    """
    layers = {layer: getattr(results, layer) for layer in _STYLED}
    return {layer: [str(name) for name in frame.columns] for layer, frame in layers.items() if frame is not None}
