"""The What if page: what it says of a painted picture, and what it keeps in the address."""

from __future__ import annotations

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.records.mask import write_cells
from tests.dashboard.pages.app import address, page, said, sound

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning:streamlit")]
ALL = write_cells(np.ones((28, 28), bool))


def opened(**query: str) -> AppTest:
    return page("what-if", **{"model": "cnn", "image": "mnist-10k/test/17", **query})


def test_what_is_painted_changes_the_answer_and_stays_in_the_address():
    app = opened(p_mask=ALL)
    assert said(app.header).startswith("Without all of the picture, Small CNN ")
    assert address(app)["p.mask"] == [ALL]
    before = said(app.header)
    sound(app.segmented_control(key="fill").set_value("white").run())
    assert address(app)["p.fill"] == ["white"] and said(app.header) != before
    sound(app.segmented_control(key="fill").set_value("photo").run())
    sound(app.selectbox(key="fill-photo").set_value("mnist-10k/test/3").run())
    assert address(app)["image"] == ["mnist-10k/test/17", "mnist-10k/test/3"]
    names = [button.proto.label for button in app.get("download_button")]
    assert names == ["PNG", "npz", "Table (CSV)"]


def test_a_region_is_found_and_put_on_the_board():
    app = opened(p_region="changes")
    assert "enough to lose the answer (7)" in said(app.markdown)
    sound(app.button(key="region-paint").click().run())
    assert said(app.header).startswith("Without ") and "no longer 7" in said(app.header)
    assert "mask" in " ".join(address(app))


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"p_mask": "AAAA"}, "does not fit this network's picture, so nothing is painted"),
        ({"p_mask": "A" * 600}, "p.mask"),
        ({"p_fill": "jam"}, "There is no fill called 'jam'"),
        ({"p_region": "best"}, "There is no region called 'best'"),
        ({"p_what": "magic"}, "There is no view called 'magic'"),
    ],
)
def test_what_an_address_names_wrongly_gets_one_sentence(query, sentence):
    app = opened(**query)
    assert sentence in said(app.warning)
    assert "sure: 7" in said(app.header)


def test_an_attack_says_what_was_found_and_what_was_tried():
    app = opened(p_what="attack", p_eps="8", model="mlp", image="mnist-10k/test/8")
    assert "255" in said(app.header)
    assert "Is the way hidden?" in said(app.markdown)
    assert "strength" in said(app.markdown) and not app.error and not app.warning
    names = [button.proto.label for button in app.get("download_button")]
    assert names == ["PNG", "npz", "Table (CSV)"]
    sound(app.selectbox(key="aim").set_value(3).run())
    assert address(app)["p.aim"] == ["3"]
    sound(app.slider(key="eps").set_value(0).run())
    assert "stays as it is" in said(app.caption) and "sure" in said(app.header)


def test_concepts_are_held_against_random_ones():
    app = opened(p_what="concepts", model="mlp")
    assert "for 7" in said(app.header)
    assert "399 concepts drawn from pictures of the same kind" in said(app.markdown)
    sound(app.segmented_control(key="concept").set_value("dots").run())
    assert address(app)["p.concept"] == ["dots"]
    sound(app.segmented_control(key="concepts").set_value("own").run())
    assert "Drop a folder of at least 30 pictures" in said(app.info)


def test_photographs_have_too_few_and_see_an_example():
    app = page("what-if", p_what="concepts")
    assert said(app.header).startswith("No concept can be held against giant panda here.")
    assert "there are none that fit EfficientNet-Lite0" in said(app.info)
    assert "An example, not EfficientNet-Lite0" in said(app.subheader)
