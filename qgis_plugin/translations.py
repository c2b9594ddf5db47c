"""Keep the Danish words of the plug-in: find texts in the code, and compile them for Qt.

``python translations.py update`` adds every ``tr("...")`` of the code to ``i18n/bykobling_da.ts`` (new ones are
"unfinished"); ``check`` tells what has no Danish; ``compile`` makes ``bykobling_da.qm`` with Qt's ``lrelease``.
"""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET  # our own file
from pathlib import Path

PLUGIN = Path(__file__).parent / "bykobling_qgis"
CONTEXT = "bykobling"


def texts_in(plugin: Path = PLUGIN) -> list[str]:
    """List the texts of the plug-in's code, each once, in the order of files and lines.

    Parameters
    ----------
    plugin : Path
        Folder of the plug-in.

    Returns
    -------
    list of str
        Arguments of ``tr("...")`` and strings listed in a tuple or dict marked by ``tr_later(...)``.
    """
    found: dict[str, None] = {}
    for file in sorted(plugin.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name not in {"tr", "tr_later"} or not node.args:
                continue
            text = node.args[0]
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                found[text.value] = None
            elif isinstance(text, ast.JoinedStr):
                raise SystemExit(f"{file}:{node.lineno}: fill placeholders in after tr(), with format()")
    return list(found)


def danish(plugin: Path = PLUGIN) -> dict[str, str]:
    """Read the Danish of each text; empty where there is none yet."""
    file = plugin / "i18n" / "bykobling_da.ts"
    if not file.is_file():
        return {}
    return {
        one.findtext("source", ""): one.findtext("translation", "") for one in ET.parse(file).getroot().iter("message")
    }


def update(plugin: Path = PLUGIN) -> int:
    """Bring the ``.ts`` file up to the code; what is no longer said is dropped.

    Returns
    -------
    int
        How many texts have no Danish.
    """
    return write(danish(plugin), plugin)


def write(known: dict[str, str], plugin: Path = PLUGIN) -> int:
    """Write the ``.ts`` file with the Danish that is known, and count what is missing."""
    root = ET.Element("TS", version="2.1", language="da_DK", sourcelanguage="en_GB")
    context = ET.SubElement(root, "context")
    ET.SubElement(context, "name").text = CONTEXT
    missing = 0
    for text in texts_in(plugin):
        message = ET.SubElement(context, "message")
        ET.SubElement(message, "source").text = text
        told = ET.SubElement(message, "translation")
        told.text = known.get(text, "")
        if not told.text:
            told.set("type", "unfinished")
            missing += 1
    ET.indent(root, " ")
    body = ET.tostring(root, encoding="unicode")
    file = plugin / "i18n" / "bykobling_da.ts"
    file.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{body}\n', encoding="utf-8")
    return missing


def compile_into(plugin: Path = PLUGIN) -> list[Path]:
    """Make a ``.qm`` beside each ``.ts`` of a plug-in folder.

    Parameters
    ----------
    plugin : Path
        Folder of the plug-in, or the copy of it that is packed.

    Returns
    -------
    list of Path
        The files made.
    """
    lrelease = next((found for name in ("lrelease", "lrelease-qt5", "lrelease6") if (found := shutil.which(name))), "")
    if not lrelease:
        raise SystemExit("lrelease is missing. Remedy: apt-get install qttools5-dev-tools")
    made = []
    for source in sorted((plugin / "i18n").glob("*.ts")):
        target = source.with_suffix(".qm")
        subprocess.run([lrelease, "-silent", str(source), "-qm", str(target)], check=True)
        made.append(target)
    return made


def main(arguments: list[str]) -> int:
    """Run ``update``, ``check`` or ``compile``."""
    wanted = arguments[0] if arguments else "check"
    if wanted == "update":
        sys.stdout.write(f"{update()} texts have no Danish\n")
        return 0
    if wanted == "compile":
        sys.stdout.writelines(f"{file}\n" for file in compile_into())
        return 0
    known = danish()
    missing = [text for text in texts_in() if not known.get(text)]
    sys.stdout.writelines(f"no Danish: {text}\n" for text in missing)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
