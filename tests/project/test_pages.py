# SPDX-License-Identifier: Apache-2.0
"""The pages keep their promises: examples run and print what is said, links and pictures are there."""

import re
from importlib import import_module
from pathlib import Path

import pytest

import synth
from synth import factory_bank

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = sorted(DOCS.glob("*.md"))


def promised(code):
    """What comments say a line prints."""
    return re.findall(r"# prints: (.+)$", code, re.MULTILINE)


def sections(page):
    """Heading and Python of each section that has some."""
    for section in re.split(r"^## ", page.read_text(encoding="utf-8"), flags=re.MULTILINE):
        code = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
        if code:
            yield section.partition("\n")[0], code


EXAMPLES = {f"{page.name}, {heading}": code for page in PAGES for heading, code in sections(page)}


@pytest.mark.parametrize("section", EXAMPLES)
def test_the_examples_run(section, tmp_path, monkeypatch, capsys):
    code = EXAMPLES[section]
    for package in ("jax", "matplotlib"):
        if re.search(rf"\b{package}\b|\.plot\(", "".join(code)):
            pytest.importorskip(package)
    factory_bank().save(tmp_path / "bank.syx")
    monkeypatch.chdir(tmp_path)
    names = {}
    for number, block in enumerate(code, 1):
        exec(compile(block, f"{section}, example {number}", "exec"), names)  # the pages are ours
        lines = capsys.readouterr().out.splitlines()
        assert [line for line in lines if line in promised(block)] == promised(block)
        if "to_svg" in block:
            drawn = (DOCS / "graph.svg").read_text(encoding="utf-8")
            assert names["svg"] == drawn, "python tools/pictures.py makes it anew"


@pytest.mark.parametrize("module", ["dexed", "operator_graph", "patch", "preset"])
def test_the_examples_of_modules_run(module):
    example = re.findall(r"^    (.*)$", import_module(f"synth.{module}").__doc__, re.MULTILINE)
    assert example
    exec("\n".join(example), {name: getattr(synth, name) for name in synth.__all__})


def test_there_are_examples_to_run():
    assert len(EXAMPLES) >= 6
    assert promised("".join(map("".join, EXAMPLES.values())))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_links_to_exists(page):
    text = page.read_text(encoding="utf-8")
    found = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    headings = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}
    for target in re.findall(r"\]\(([^)]+)\)", text):
        if target.startswith("#"):
            assert target[1:] in headings
        elif "://" not in target:
            assert (DOCS / target.partition("#")[0]).exists(), target
