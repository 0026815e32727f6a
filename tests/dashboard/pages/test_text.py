"""The Text page: its answer on top, also for a text without words and with a network that reads pictures."""

from __future__ import annotations

import pytest

from models.kinds import TEXT
from models.networks import find_network, on_board
from tests.dashboard.pages.app import page, said

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning:streamlit")]


def test_a_network_that_reads_pictures_gives_way_to_the_first_that_reads_texts():
    app = page("text", model="mlp")
    assert said(app.header).startswith(
        f"{find_network(on_board(TEXT)[0]).title.partition(' (')[0]} calls this text"
    )
    assert "Tf-idf with logistic regression is right about 98.9 %" in said(app.markdown)
    app.text_area(key="own-text").input("?").run()
    assert not app.exception
