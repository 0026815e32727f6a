"""README says what is so."""

from __future__ import annotations

import contextlib
import io
import re

import pytest

from dashboard.inspection.attribution import METHODS
from models.checkpoints.keras.layers import GROUPS, OPERATIONS
from models.checkpoints.onnx.operators import GROUPS as OPERATOR_GROUPS
from models.checkpoints.onnx.operators import SPLIT
from models.photos.limits import Limits
from tests.paths import ROOT

README = (ROOT / "README.md").read_text()


@pytest.mark.slow
def test_the_example_from_python_runs(monkeypatch):
    monkeypatch.chdir(ROOT)
    example = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert example is not None
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(example[1], {})
    assert printed.getvalue().startswith("giant panda Outcome(kind='clean'")


def test_the_limits_of_a_photo_are_those_that_are_enforced():
    limits = Limits()
    megabytes, megapixels = limits.max_bytes // 1024**2, limits.max_pixels // 10**6
    said = f"{megabytes} MB, {megapixels} megapixels and {limits.max_side:,} pixels a side"
    assert said in README.replace("\n", " ")


def test_every_setting_is_documented_and_none_is_made_up():
    sources = [path for folder in ("dashboard", "models") for path in (ROOT / folder).rglob("*.py")]
    read = {name for path in sources for name in re.findall(r"VITRINE_[A-Z_]+", path.read_text())}
    assert read == set(re.findall(r"VITRINE_[A-Z_]+", README))


def test_pictures_and_links_are_there():
    targets = re.findall(r"\]\(((?!http)[^)]+)\)", README)
    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []


@pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method.name)
def test_every_method_is_named(method):
    assert f" {method.title}" in " ".join(README.split())


def _rows() -> list[str]:
    """The table of layers that are read, made of the tables that read them."""
    groups = {**GROUPS, "Operations (`x * 2`, `keras.ops`)": OPERATIONS}
    names = {title: ", ".join(f"`{kind}`" for kind in kinds) for title, kinds in groups.items()}
    return ["| They | layers |", "|---|---|", *(f"| {title} | {kinds} |" for title, kinds in names.items())]


def test_operators_of_onnx_that_are_read_are_those_of_the_table():
    groups = {
        title: [*kinds, *([SPLIT] if title == "Shape" else [])] for title, kinds in OPERATOR_GROUPS.items()
    }
    rows = (f"| {title} | {', '.join(f'`{kind}`' for kind in kinds)} |" for title, kinds in groups.items())
    assert "\n".join(("| They | operators |", "|---|---|", *rows)) in README


def test_layers_of_keras_that_are_read_are_those_of_the_tables():
    assert "\n".join(_rows()) in README
