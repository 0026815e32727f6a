"""The views of the Activations page: which a network has, and what is said where it has none."""

from __future__ import annotations

from dashboard.components.activations.views import TABS
from tests.dashboard.components.component import on_view, texts


def test_a_network_without_attention_is_offered_all_other_views():
    app = on_view("activations.views")
    assert app.segmented_control[0].options == [
        tab.title for name, tab in TABS.items() if name != "attention"
    ]
    assert app.segmented_control[0].value == "forward"


def test_a_view_that_the_network_does_not_have_is_said():
    app = on_view("activations.views", address={"p.view": "attention"})
    assert any(
        "has no attention that could be shown; here is its forward pass." in text for text in texts(app.info)
    )
    assert "attention" in TABS and not app.warning


def test_names_of_another_page_are_no_mistake_and_others_are():
    assert not on_view("activations.views", address={"p.view": "spectrum"}).warning
    (warning,) = texts(on_view("activations.views", address={"p.view": "nothing"}).warning)
    assert warning.startswith("There is no view called 'nothing'; choose one of forward, layer, ")


def test_random_weights_are_told():
    app = on_view("activations.views", address={"model": "cnn-untrained"})
    assert texts(app.info)[0].startswith("This network is untrained")
