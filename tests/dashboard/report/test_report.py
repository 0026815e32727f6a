"""A report says what the pages say, holds all it needs, and takes nobody's word for markup."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import re
from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest

from dashboard.jobs import Cancelled
from dashboard.known import KNOWN
from dashboard.navigation import PAGES
from dashboard.report import html
from dashboard.report.assembly import assemble, report_file, usual
from dashboard.report.chapters import CHAPTERS
from dashboard.report.contents import Chart, Numbers, Pictures, Report
from dashboard.results import network
from dashboard.selection import parse
from dashboard.wording import glossary
from tests.dashboard.report.subjects import HOSTILE, NETWORK, PICTURE, RUN, renamed, subject, whole

MOST_BYTES = 10 * 10**6


class Parsed(HTMLParser):
    """The elements of a file: tags with the names of their attributes, what the attributes say, and scripts."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.shape: list[tuple[str, ...]] = []
        self.values: list[tuple[str, str]] = []
        self.scripts: list[str] = []
        self.data: list[str] = []
        self.words: list[str] = []
        self._into: list[str] | None = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.shape.append((tag, *(name for name, _ in attrs)))
        self.values += [(name, value or "") for name, value in attrs]
        if tag == "script":
            self._into = self.data if ("type", "application/json") in attrs else self.scripts
            self._into.append("")

    def handle_endtag(self, tag):
        self._into = None

    def handle_data(self, text):
        if self._into is None:
            self.words.append(text)
        else:
            self._into[-1] += text


@pytest.fixture(scope="module")
def report() -> Report:
    return whole(subject())


@pytest.fixture(scope="module")
def file(report) -> bytes:
    return html.render(report)


@pytest.mark.slow
def test_every_view_is_there_with_its_finding_and_its_evidence(report):
    assert [section.name for section in report.sections] == list(CHAPTERS)
    # Only of a network that was trained here is it known what it learned from.
    assert [section.name for section in report.sections if section.refused] == ["learned"]
    by_name = {section.name: section for section in report.sections}
    assert report.title == "MLP 784-128-64-10 is above 99.9 % sure: 4."
    assert by_name["answer"].finding.startswith("The first answer is 4 (above 99.9 %), then come ")
    assert "lies in" in by_name["attribution"].finding
    assert "is right about 95.5 % of the 2,000 test pictures of MNIST 10k" in by_name["evaluation"].finding
    assert "pictures held out" in by_name["surrogate"].finding
    assert "go together" in by_name["training"].finding
    charts = {name: sum(isinstance(one, Chart) for one in by_name[name].blocks) for name in by_name}
    assert charts == {
        "answer": 0,
        "attribution": 0,
        "what_if": 0,
        "evaluation": 3,
        "learned": 0,
        "surrogate": 2,
        "training": 2,
        "architecture": 1,
        "activations": 0,
        "weights": 1,
    }
    said = " ".join(one.text for one in report.summary)
    assert by_name["evaluation"].finding in said and by_name["training"].finding in said
    assert "Of 2 maps of what the answer rests on: 2 passed every check." in said
    maps = next(one for one in by_name["attribution"].blocks if isinstance(one, Pictures))
    assert [picture.remarks[0].text for picture in maps.items] == ["No fault found", "No fault found"]


def test_numbers_are_those_of_the_pages(report):
    numbers = {
        name: value
        for section in report.sections
        for block in section.blocks
        if isinstance(block, Numbers)
        for name, value in block.items
    }
    assert (numbers["Accuracy"], numbers["Parameters"], numbers["Classes"]) == ("95.5 %", "109 k", "10")


def test_addresses_restore_the_views(report):
    paths = {page.path for page in PAGES}
    for section in report.sections:
        parts = urlsplit(section.address)
        assert parts.netloc == "localhost:8501" and parts.path.removeprefix("/") in paths
        selection, problems = parse(parse_qs(parts.query), KNOWN)
        assert not problems
        assert (selection.model, selection.image) == (NETWORK, PICTURE)
    by_name = {section.name: parse_qs(urlsplit(section.address).query) for section in report.sections}
    assert by_name["training"]["run"] == [RUN]
    assert len(by_name["attribution"]["method"]) == 2
    assert by_name["evaluation"]["p.part"] == ["test"]


def test_provenance_names_digests_versions_seeds_and_terms(report):
    rows = {title: dict(rows) for title, rows in report.provenance}
    one = subject()
    assert rows["Network"]["Weights (SHA-256)"] == one.view.classifier.weights.digest
    assert rows["Picture"]["Input (SHA-256)"] == one.view.seen.digest
    assert re.fullmatch("[0-9a-f]{64}", rows["Picture"]["Pixels (SHA-256)"])
    assert {"torch", "captum", "plotly", "python"} <= rows["Software"].keys()
    assert "not installed" not in rows["Software"].values()
    made = " ".join(rows["How each view was made"].values())
    assert "n_steps = " in made and "seed 0" in made and "depth" in made
    said = " ".join(report.credits)
    assert "CC BY-SA 3.0" in said and "plotly.js, MIT" in said and "arxiv.org" in said


def test_it_is_one_small_file_that_needs_no_other(file):
    assert len(file) < MOST_BYTES
    found = Parsed(file.decode())
    for name, value in found.values:
        if name in ("src", "href"):
            assert value.startswith(("data:", "#"))
    assert not {"link", "iframe", "object", "embed", "base", "form"} & {shape[0] for shape in found.shape}
    for figure in found.data[:-1]:
        assert {"data", "layout"} <= json.loads(figure).keys()


def test_only_its_own_scripts_may_run(file):
    found = Parsed(file.decode())
    policy = next(value for _, value in found.values if value.startswith("default-src"))
    allowed = set(re.findall(r"'sha256-([^']+)'", policy))
    assert allowed == {
        base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in found.scripts
    }
    assert len(found.scripts) == 2 and "default-src 'none'" in policy and "connect-src" not in policy


@pytest.mark.slow
def test_no_name_becomes_markup():
    """The same report with harmless and with hostile names has the same elements and attributes."""
    one = subject()
    harmless, hostile = (
        Parsed(html.render(whole(renamed(one, names))).decode())
        for names in (tuple(f"name {place}" for place in range(len(HOSTILE))), HOSTILE)
    )
    assert hostile.shape == harmless.shape
    assert len(hostile.scripts) == 2
    figures = [json.loads(data) for data in hostile.data[:-1]]
    # Plotly reads some markup in labels: there, names are escaped.
    assert not re.search(r"<(img|script|svg)|<b>bold", json.dumps(figures))
    assert "&lt;img" in json.dumps(figures)
    words = " ".join(hostile.words)
    assert all(name in words for name in HOSTILE[:4])
    assert "{{ 7*7 }}" in words


@pytest.mark.slow
def test_what_cannot_be_shown_is_a_sentence_with_its_reason():
    found = whole(subject("cnn-untrained", run=None), "training", "surrogate", "answer")
    by_name = {section.name: section for section in found.sections}
    assert by_name["training"].refused and "no run was chosen" in by_name["training"].finding
    assert by_name["surrogate"].refused and "untrained" in by_name["surrogate"].finding
    assert not by_name["answer"].refused
    assert found.title.startswith("Untrained, so this is a guess")
    assert (
        found.summary[-1].text == "Not shown, with the reason below: What it says in rules, How it learned."
    )
    assert "Nothing to show here" in html.render(found).decode()


def test_a_map_that_is_refused_is_told_and_not_drawn():
    found = whole(subject("cnn-untrained", run=None, methods=("attention_rollout",)), "attribution").sections[
        0
    ]
    assert "No map of" in found.finding
    assert any("not drawn" in getattr(block, "text", "") for block in found.blocks)
    assert not any(isinstance(block, Pictures) for block in found.blocks)


@pytest.mark.slow
def test_photos_of_a_network_for_photographs():
    found = whole(subject("squeezenet1_1", "giant_panda", run=None), "answer", "evaluation", "activations")
    refused = [section.name for section in found.sections if section.refused]
    assert refused == ["evaluation"]
    assert any("Aaron Logan" in line and "CC BY 1.0" in line for line in found.credits)
    assert len(html.render(found)) < MOST_BYTES


def test_the_glossary_has_the_terms_that_are_used_and_those_that_explain_them():
    names = [term.name for term in glossary.find_terms(["Its LOGITS, in one leaf"])]
    assert names == sorted({"Logit", "Leaf", "Softmax", "Decision tree"})
    assert glossary.find_terms(["Nothing of the field, weightless and unprecise"]) == ()


def test_every_term_that_a_report_uses_is_explained_and_no_other(report, file):
    names = {term.name for term in glossary.find_terms(report.texts())}
    assert {"Logit", "Fidelity", "Calibration error", "Loss", "Weights"} <= names
    small = {term.name for term in glossary.find_terms(whole(subject(run=None), "answer").texts())}
    assert small < names and "Fidelity" not in small
    shown = re.search(r'<dl class="glossary">(.*?)</dl>', file.decode(), re.DOTALL)
    assert shown is not None
    shown_names = re.findall("<dt>(.*?)</dt>", shown[1].replace("\u00a0", " "))
    assert {unescape(name) for name in shown_names} == names


def test_a_run_brings_its_curves_and_slow_views_are_asked_for():
    own = subject("run:example-healthy", run="example-healthy")
    assert "training" in usual(own) and "training" not in usual(subject())
    assert not {"evaluation", "surrogate"} & set(usual(subject()))


def test_it_joins_what_was_made_before_and_ends_when_nobody_wants_it():
    one = subject()
    made = report_file(one, ["activations"]).submit()
    assert made.wait(60)
    assert made.result().nbytes > 10**6
    assert network.forward(one.view).is_kept
    assert report_file(one, ["activations"]).submit() is made

    def unwanted(share: float) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        assemble(dataclasses.replace(one), list(CHAPTERS.values()), unwanted)
