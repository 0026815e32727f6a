"""The tree, drawn, and the way of the photo through it."""

from __future__ import annotations

from dashboard.results import surrogate as results
from dashboard.wording.surrogate import outcome, steps
from tests.dashboard.components.component import alternatives, chart, drawn, made, texts
from tests.dashboard.components.surrogate.imitated import MLP, grown, imitation


def script(depth):
    from dashboard import session
    from dashboard.components.surrogate import drawing
    from tests.dashboard.components.surrogate.imitated import grown, imitation

    session.begin()
    drawing.draw(grown(), depth, imitation())


def test_the_way_of_the_photo_is_told_in_rules():
    app, surrogate, view = drawn(script, MLP, depth=3), grown(), imitation().view
    values = imitation().kind.values(made(results.photo(imitation())))
    way = list(dict.fromkeys(int(node) for node in surrogate.tree.walk(values)[0, :4]))
    rules = steps(surrogate.tree, way, values[0], view.classifier.classes)
    numbered = "\n".join(f"{number}. {rule}" for number, rule in enumerate(rules, 1))
    end = outcome(surrogate, 3, way[-1], view.prediction.winner, view.classifier.classes)
    assert texts(app.markdown) == [numbered, f"**{end}**"]
    assert texts(app.subheader) == ["The tree", f"The way of {view.picture.title}"]
    assert alternatives(app) == [f"{view.picture.title}, as the network sees it"]
    assert chart(app, "tree")["data"]
