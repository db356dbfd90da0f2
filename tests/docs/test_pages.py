"""The documentation is true: its code runs, its output is what comes out, its links lead somewhere."""

import contextlib
import io
import re
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
import yaml

from constructs_lattice.guarantees import Deployment, parse_guarantees

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]
YAML = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```(python|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)\)")


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_the_code_of_a_page_runs(page: Path) -> None:
    """Block after block in one namespace; a block of text is the output of the block before it."""
    app = cdk.App()
    namespace: dict[str, Any] = {"app": app, "stack": _stack(app)}
    printed = ""
    for language, content in BLOCK.findall(page.read_text()):
        if language == "text":
            assert printed == content
            continue
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            exec(compile(content, _name(page), "exec"), namespace)  # noqa: S102 - our own pages
        printed = output.getvalue()
    assembly = namespace["app"].synth()
    _check(page, Path(assembly.directory))


def _check(page: Path, assembly: Path) -> None:
    """Files of guarantees that a page shows are about the application that it makes."""
    for content in YAML.findall(page.read_text()):
        read, *_ = yaml.safe_load_all(content)
        if "guarantees" in read:
            file = parse_guarantees(read, page)
            results = Deployment.of([file]).checker(assembly).check(file.guarantees)
            assert [each.lines() for each in results if not each.holds] == []


def _stack(app: cdk.App) -> cdk.Stack:
    return cdk.Stack(app, "Shop", env=cdk.Environment(region="eu-west-1"))


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_the_links_of_a_page_lead_somewhere(page: Path) -> None:
    """To files that are there."""
    missing = [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()]
    assert missing == []


def test_every_page_is_listed() -> None:
    """A page that nothing leads to is read by nobody."""
    linked = {(page.parent / link).resolve() for page in PAGES for link in LINK.findall(page.read_text())}
    assert [_name(page) for page in PAGES[1:] if page.resolve() not in linked] == []
