"""What the documents lead to: files, headings, and names in the code."""

import ast
import re
from pathlib import Path

import pytest

from tests.support.documents import DOCUMENTS, ROOT, Link, anchors, links, prose, read

OURS = [
    link for document in DOCUMENTS for link in links(document) if not link.target.startswith("http")
]
PATH = r"(?:\.ci|\.github|autoconfig|benchmarks|deploy|docs|templates|tests)/[\w./-]*"


def leads_to(link: Link) -> Path:
    """The file of a link."""
    path = link.target.partition("#")[0]
    return (ROOT / link.document).parent / path if path else ROOT / link.document


@pytest.mark.parametrize("link", OURS, ids=" ".join)
def test_link_leads_to_a_file_and_a_heading_of_it(link: Link) -> None:
    file = leads_to(link).resolve()
    assert file.exists()
    assert file.is_relative_to(ROOT)
    heading = link.target.partition("#")[2]
    if heading:
        assert heading in anchors(str(file.relative_to(ROOT)))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_files_that_a_document_names_exist(document: str) -> None:
    named = re.findall(rf"`({PATH})`", prose(document))
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_document_is_reached_from_the_readme(document: str) -> None:
    reached, todo = {"README.md"}, ["README.md"]
    while todo:
        here = todo.pop()
        files = {leads_to(link).resolve() for link in OURS if link.document == here}
        names = {str(file.relative_to(ROOT)) for file in files} & set(DOCUMENTS)
        todo += names - reached
        reached |= names
    assert document in reached


def defined(module: Path) -> set[str]:
    """The names of a module's functions, classes and constants, methods after their class."""
    names = set()
    for node in ast.parse(module.read_text()).body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                names.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                names.add(name)
            case ast.ClassDef(name=name, body=body):
                names |= {name, *(f"{name}.{m.name}" for m in body if hasattr(m, "name"))}
    return names


NAMED = [
    (document, *pair)
    for document in DOCUMENTS
    for pair in re.findall(r"`([\w.]+)` in `(autoconfig/[\w/]+\.py)`", read(document))
]


@pytest.mark.parametrize(("document", "name", "module"), NAMED)
def test_name_that_a_document_finds_in_a_module_is_there(
    document: str, name: str, module: str
) -> None:
    assert name in defined(ROOT / module)


def test_architecture_walks_through_the_code() -> None:
    assert len([each for each in NAMED if each[0] == "docs/architecture.md"]) > 20
