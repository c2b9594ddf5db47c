"""The words of the plug-in: all of them in Danish, with the same places to fill in; and help in both languages."""

import re
import sys
from pathlib import Path

import pytest

from conftest import PLUGINS

sys.path.insert(0, str(PLUGINS))
translations = pytest.importorskip("translations")
FIELD = re.compile(r"\{(\w*)\}")


def test_every_text_has_danish_with_the_same_fields():
    known = translations.danish()
    missing = [text for text in translations.texts_in() if not known.get(text)]
    assert not missing
    for text, danish in known.items():
        assert sorted(FIELD.findall(text)) == sorted(FIELD.findall(danish)), text
        assert text.strip() == text
        assert danish.strip() == danish
    gone = set(known) - set(translations.texts_in())
    assert not gone, "run: python qgis_plugin/translations.py update"


@pytest.fixture
def danish(qgis_app):
    from bykobling_qgis.i18n import install_translator, remove_translator

    translations.compile_into()
    assert install_translator("da")
    yield
    remove_translator()


def test_the_dock_speaks_danish(danish, no_engine, qgis_app, monkeypatch):
    from qgis.core import QgsApplication

    from bykobling_qgis.dock import BykoblingDock
    from bykobling_qgis.dock_steps.parts import number
    from dock_parts import EngineObject, Window

    monkeypatch.setattr(QgsApplication, "locale", staticmethod(lambda: "da"))
    window = Window()
    dock = BykoblingDock(window, EngineObject())
    assert [one.text() for one in dock.step_buttons] == ["1 Data", "2 Profil", "3 Tegn", "4 Sammenlign"]
    assert dock.draw.kind_buttons["bridge"].text() == "Bro"
    assert number(1234.5, 1) == "1.234,5"
    dock.close_down()
    dock.deleteLater()


def test_english_is_spoken_where_there_is_no_translation(qgis_app):
    from bykobling_qgis.i18n import install_translator, tr

    assert not install_translator("fi")
    assert tr("Bridge") == "Bridge"


@pytest.mark.parametrize("language", ["en", "da"])
def test_help_is_there_and_its_links_lead_somewhere(language):
    folder = PLUGINS / "bykobling_qgis" / "help"
    page = folder / f"index_{language}.html"
    text = page.read_text(encoding="utf-8")
    assert f'<html lang="{language}"' in text
    for link in re.findall(r'(?:href|src)="([^"#]+)"', text):
        if not link.startswith("http"):
            assert (folder / link).is_file(), link
    assert Path(page).stat().st_size < 20_000
