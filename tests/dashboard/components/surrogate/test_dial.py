"""The depth of the tree, and how well a tree of that depth imitates."""

from __future__ import annotations

import pytest

from dashboard.inspection.surrogate.verdict import knee
from dashboard.wording.numbers import percent
from dashboard.wording.surrogate import shortfall
from tests.dashboard.components.component import chart, drawn, left, sound, texts
from tests.dashboard.components.surrogate.imitated import MLP, grown


def script():
    from dashboard import session
    from dashboard.components.surrogate import dial
    from tests.dashboard.components.surrogate.imitated import grown

    session.begin()
    surrogate = grown()
    dial.draw(surrogate, dial.depth(surrogate))


@pytest.mark.parametrize(("text", "depth"), [(None, None), ("3", 3), ("0", None), ("99", None), ("x", None)])
def test_the_depth_of_the_address_or_the_usual_one(text, depth):
    app = drawn(script, MLP | ({"p.depth": text} if text else {}))
    wanted = depth or knee(grown())
    assert app.slider[0].value == wanted
    fidelity = grown().fidelity[wanted]
    values = {metric.label: metric.value for metric in app.metric}
    assert values["Fidelity"] == percent(fidelity.held_out)
    assert values["Leaves"] == f"{fidelity.leaves:,}"
    assert chart(app, "fidelity")["data"]
    said = [warning for warning in texts(app.warning) if warning.startswith("A depth is a number")]
    assert bool(said) is (text is not None and depth is None)


def test_a_shallow_tree_is_said_to_explain_nothing_and_the_dial_is_in_the_address():
    app = drawn(script, MLP | {"p.depth": "1"})
    assert shortfall(grown(), 1) in texts(app.warning)
    sound(app.slider[0].set_value(4).run())
    assert left(app)["p.depth"] == "4"
