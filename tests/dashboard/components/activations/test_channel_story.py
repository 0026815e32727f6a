"""One channel over many pictures: what it reads, what excites it, and what it adds to each class."""

from __future__ import annotations

import numpy as np

from dashboard.results import activations as results
from dashboard.results.pools import pool
from dashboard.wording.activations import channel_headline
from tests.dashboard.components.component import (
    alternatives,
    chart,
    drawn,
    left,
    made,
    numbers,
    sound,
    texts,
    view_of,
)


def script():
    from dashboard import session
    from dashboard.components.activations import channel_story
    from dashboard.components.look import look

    session.begin()
    view = look(session.visit().selection)
    call = view.survey.find("relu2")
    assert call is not None
    channel_story.draw(view, call)


def test_the_story_is_that_of_the_pass():
    view = view_of({"model": "mlp"})
    call = view.survey.find("relu2")
    assert call is not None
    channels = made(results.layer_maps(view, call))
    over = made(results.layer_over_data(view, call, pool(view)))
    app = drawn(script, {"model": "mlp", "image": "mnist-10k/test/17", "unit": "3", "p.of": "class"})
    assert texts(app.header) == [channel_headline("unit", over, 3, pool(view))]
    assert texts(app.subheader)[-2:] == ["Excite it most", "Excite it least"]
    effects = chart(app, "effects")["data"][0]
    np.testing.assert_allclose(
        sorted(numbers(effects["x"])), sorted(channels.influence[:, 3].tolist()), rtol=1e-6
    )
    most = [pool(view).items[index].title for index in over.most[3] if index >= 0]
    assert alternatives(app)[0].startswith(most[0])


def test_it_leads_to_what_the_channel_looks_for():
    app = drawn(script, {"model": "mlp", "image": "mnist-10k/test/17", "unit": "3", "p.of": "class"})
    sound(app.button[0].click().run())
    assert (left(app)["p.view"], left(app)["unit"], left(app)["layer"]) == ("looks_for", "3", "relu2")
    assert "p.of" not in left(app)
