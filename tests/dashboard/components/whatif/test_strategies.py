"""Strategies: groups of maps with their pictures, as many as the eigenvalues or the person say."""

from __future__ import annotations

import pytest

from tests.dashboard.components.component import alternatives, left, on_view, sound, texts

pytestmark = pytest.mark.slow


def test_groups_stand_with_their_mean_map_and_pictures():
    app = on_view("whatif.strategies", address={"model": "mlp"})
    assert "decides for 7 in" in texts(app.header)[0]
    assert "largest gap is behind number" in " ".join(texts(app.caption))
    sound(app.number_input(key="groups").set_value(2).run())
    assert left(app)["p.groups"] == "2"
    assert [text[:9] for text in texts(app.markdown) if "Group" in text] == ["**Group 1", "**Group 2"]
    said = alternatives(app)
    assert sum(alt.startswith("Mean map of group") for alt in said) == 2 and len(said) == 14
    assert [button.proto.label for button in app.get("download_button")] == ["Table (CSV)", "npz"]


def test_photographs_have_none_and_see_an_example():
    app = on_view("whatif.strategies", address={"model": "squeezenet1_1", "image": "cat_chelsea"})
    assert texts(app.header)[0].endswith("is decided for cannot be told here.")
    assert texts(app.subheader)[0].startswith("An example, not SqueezeNet")
