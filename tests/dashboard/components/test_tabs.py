"""One table of views: which the address names, what can be chosen, and what is said of a name that is none."""

from __future__ import annotations

import pytest

from tests.dashboard.components.component import drawn, left, sound


def script(offered=None, default=None, elsewhere=()):
    import streamlit as st

    from dashboard import session
    from dashboard.components import tabs
    from dashboard.components.tabs import Tab
    from dashboard.parameters import SEE, SHEET

    table = {name: Tab(name.title(), st.header) for name in ("near", "far", "inside")}
    session.begin()
    tabs.pick(SEE, table, offered=offered, default=default, elsewhere=elsewhere, resets=[SHEET]).draw(
        SEE.text(session.settings()) or "nothing"
    )


@pytest.mark.parametrize(
    ("address", "kwargs", "shown", "warned"),
    [
        ({}, {}, "near", False),
        ({}, {"default": "far"}, "far", False),
        ({}, {"offered": ["inside", "far"]}, "far", False),
        ({"p.see": "inside"}, {"default": "far"}, "inside", False),
        ({"p.see": "inside"}, {"offered": ["near", "far"]}, "near", False),
        ({"p.see": "beyond"}, {}, "near", True),
        ({"p.see": "beyond"}, {"elsewhere": ("beyond",)}, "near", False),
    ],
)
def test_the_address_names_a_tab(address, kwargs, shown, warned):
    app = drawn(script, address, **kwargs)
    assert app.segmented_control[0].value == shown
    assert [warning.value for warning in app.warning] == [
        r"There is no view called 'beyond'; choose one of near, far, inside\."
    ] * warned


def test_only_what_is_offered_can_be_chosen():
    app = drawn(script, {"p.see": "beyond"}, offered=["near", "far"])
    assert app.segmented_control[0].options == ["Near", "Far"]
    assert app.warning[0].value == r"There is no view called 'beyond'; choose one of near, far\."


def test_a_choice_goes_into_the_address_and_resets_what_belonged_to_the_other():
    app = drawn(script, {"p.see": "far", "p.sheet": "3", "p.other": "x"})
    sound(app.segmented_control[0].set_value("inside").run())
    assert app.header[0].value == "inside"
    assert left(app) == {"p.see": "inside", "p.other": "x"}
