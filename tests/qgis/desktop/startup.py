"""Run by QGIS when it has started: tells the story that BYKOBLING_STORY names, writes what it found, and leaves."""

import faulthandler
import json
import os
import subprocess
import sys
import threading
import time
import traceback
from pathlib import Path

from qgis.core import QgsProject
from qgis.PyQt.QtCore import QTimer
from qgis.utils import iface

sys.path.insert(0, os.environ["BYKOBLING_HERE"])


def watch(seconds):
    """Photograph a window that waits for something nobody does, shortly before it is ended."""
    time.sleep(seconds)
    faulthandler.dump_traceback(all_threads=True)
    picture = Path(os.environ["BYKOBLING_SHOTS"]) / "stuck.png"
    subprocess.run(["import", "-window", "root", str(picture)], check=False)


def main():
    import stories

    found = {}
    try:
        found = getattr(stories, os.environ["BYKOBLING_STORY"])()
    except BaseException as error:  # noqa: BLE001 - told to whoever started QGIS
        traceback.print_exc()
        found["problem"] = f"{type(error).__name__}: {error}"
        stories.shot("problem")
    Path(os.environ["BYKOBLING_OUT"]).write_text(
        json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
    QgsProject.instance().setDirty(False)
    stories.leave()


watcher = threading.Thread(target=watch, args=(float(os.environ["BYKOBLING_TIMEOUT"]) - 20,), daemon=True)
watcher.start()
QTimer.singleShot(1500, main)
assert iface is not None
