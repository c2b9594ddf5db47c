"""Names that one QGIS or another does not know, and words the repository's scan or the house does not allow."""

import ast
import re

import pytest

from conftest import PLUGINS

FILES = sorted((PLUGINS / "bykobling_qgis").rglob("*.py"))
ids = [str(one.relative_to(PLUGINS / "bykobling_qgis")) for one in FILES]

# Classes of Qt and QGIS whose capitalised attributes are enumerations, which QGIS 4 knows by their scope alone.
SCOPED = re.compile(r"(Q[A-Z]\w+|Qgs[A-Z]\w+|Qt|Qgis)$")
NOT_ENUMERATIONS = {
    # nested classes, and constants that are no enumerations
    "SaveVectorOptions", "ProviderOptions", "LayerDetails", "ColorRampItem",
    "Rule", "Match", "QGIS_VERSION_INT", "QGIS_VERSION", "NULL",
}  # fmt: skip
# New spellings that QGIS 3.22 does not know.
TOO_NEW = {
    "GeometryType", "WkbType", "ProcessingSourceType", "LayerFilter", "ProcessingParameterFlag", "MessageLevel",
    "FieldDomainType", "ProcessingFieldParameterDataType", "ProcessingNumberParameterType",
}  # fmt: skip


# What enumerations are called; none of their members that we use ends so.
ENUMERATION = re.compile(r"(Type|Types|State|Flag|Flags|Error|Status)$")


def dotted(node):
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return [*reversed([*parts, node.id])] if isinstance(node, ast.Name) else []


def chains(tree):
    """Every a.b.c as a list, the longest of each alone."""
    inner = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and id(node) not in inner and (found := dotted(node)):
            yield node.lineno, found


def unscoped(text):
    """Find members of enumerations without their scope, and spellings QGIS 3.22 does not know."""
    wrong = []
    for line, names in chains(ast.parse(text)):
        for place, name in enumerate(names[:-1]):
            member = names[place + 1]
            if not SCOPED.fullmatch(name) or not member[0].isupper() or member in NOT_ENUMERATIONS:
                continue
            # an enumeration alone may be given another name, asked for a member, or be a type
            if len(names) < place + 3 and not ENUMERATION.search(member):
                wrong.append(f"line {line}: {'.'.join(names)}")
            if name == "Qgis" and member in TOO_NEW:
                wrong.append(f"line {line}: {'.'.join(names)} is not known to QGIS 3.22")
            break
    return wrong


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_every_enumeration_is_spelled_with_its_scope(path):
    assert unscoped(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "line",
    [
        "dock(Qt.RightDockWidgetArea)",
        "x = Qt.AlignLeft",
        "sink.addFeature(f, QgsFeatureSink.FastInsert)",
        "a = [QgsProcessing.TypeVectorLine]",
        "k = Qgis.GeometryType.Line",
        "if layer.geometryType() == QgsWkbTypes.LineGeometry: pass",
    ],
)
def test_what_has_no_scope_is_found(line):
    assert unscoped(line)


@pytest.mark.parametrize(
    "line",
    [
        "dock(Qt.DockWidgetArea.RightDockWidgetArea)",
        "kind = QgsProcessingParameterNumber.Type",
        "Qgis.QGIS_VERSION_INT",
    ],
)
def test_what_has_its_scope_is_not(line):
    assert unscoped(line) == []


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_nothing_is_imported_that_a_qgis_may_lack(path):
    wrong = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [f"{node.module}.{one.name}" for one in node.names]
        for name in names:
            top = name.split(".")[0]
            if top in {"PyQt5", "PyQt6", "numpy", "pandas", "geopandas", "requests", "urllib", "subprocess", "pickle"}:
                wrong.append(name)
            if name == "qgis.PyQt.QtGui.QAction" and path.name != "compat.py":
                wrong.append(f"{name}: take it from compat")
            if name in {"random", "xml.etree", "qgis.PyQt.QtCore.QRegExp", "tomllib"}:
                wrong.append(name)
    assert wrong == []


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_no_word_that_is_gone_in_qt6_or_not_allowed(path):
    text = path.read_text(encoding="utf-8")
    for word in (
        r"\.exec_\(",
        r"\bQRegExp\b",
        r"\.width\(.*fontMetrics",
        r"\bassert ",
        r"except:\s",
        r"\beval\(",
        r'"/tmp',
    ):
        assert not re.search(word, text), word


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_it_is_python_of_the_oldest_qgis(path):
    """QGIS 3.22 brings Python 3.9 on Windows."""
    ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 9))
    code = path.read_text(encoding="utf-8")
    assert "from __future__ import annotations" in code or "def " not in code


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_files_are_not_to_be_run(path):
    assert not path.stat().st_mode & 0o111
