"""Where tree and network agree and differ, and what can be taken away."""

from __future__ import annotations

from dashboard.inspection.surrogate.tree import disagreements
from tests.dashboard.components.component import alternatives, chart, drawn, texts
from tests.dashboard.components.surrogate.imitated import MLP, grown


def script(part, depth):
    from dashboard import session
    from dashboard.components.surrogate import evidence
    from tests.dashboard.components.surrogate.imitated import grown, imitation

    session.begin()
    getattr(evidence, part)(grown(), depth, imitation())


def test_pictures_on_which_they_differ_come_with_both_answers():
    app = drawn(script, MLP, part="gallery", depth=2)
    differ = disagreements(grown(), 2)
    assert len(alternatives(app)) == min(12, len(differ))
    assert all("Tree: " in alt and "Network: " in alt for alt in alternatives(app))
    assert f"{len(differ):,} of {grown().held_out:,} pictures held out" in texts(app.caption)[0]


def test_agreement_is_drawn_for_each_answer():
    app = drawn(script, MLP, part="agreement", depth=2)
    assert texts(app.subheader) == ["Agreement by answer of the network"]
    assert chart(app, "by-class")["data"]


def test_the_rules_can_be_taken_away():
    app = drawn(script, MLP, part="fine_print", depth=2)
    assert [button.proto.label for button in app.get("download_button")] == ["Rules (text)", "Table (CSV)"]
    assert f"answers to {grown().grown:,} pictures" in texts(app.markdown)[0]
