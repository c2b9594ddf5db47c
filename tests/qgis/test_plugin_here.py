"""Says, in the ordinary test run, that the plug-in is tested elsewhere."""

import pytest

from conftest import qgis_is_here


@pytest.mark.skipif(not qgis_is_here(), reason="no QGIS in this Python: `tests/qgis/run` tests the plug-in")
def test_qgis_is_here():
    from qgis.core import Qgis

    assert Qgis.QGIS_VERSION_INT >= 32200
