"""A row that is moved by sliders and put back, and what its columns count for."""

from __future__ import annotations

import pytest

from dashboard.inspection.table import TABLE_METHODS
from models.table import TABLE_SETS
from tests.dashboard.components.component import drawn, left, plain

IRIS = TABLE_SETS["iris"]


def script(name: str) -> None:
    import streamlit as st

    from dashboard import session
    from dashboard.components.table import row, why
    from models.networks import find_network
    from models.runtime.progress import silent

    session.begin()
    original, now = row.choose(find_network(name).load(silent))
    st.text(f"{int((original.row != now.row).sum())} {now.prediction.winner} {now.target}")
    why.draw(now)


def test_a_row_is_moved_and_put_back():
    app = drawn(script, {"p.tuple": "4"}, name="table_mlp-iris")
    rows = IRIS.load()
    assert {plain(slider.label): slider.value for slider in app.slider} == pytest.approx(
        dict(zip([field.name for field in rows.fields], rows.values["test"][4].tolist(), strict=True))
    )
    first = app.slider[0]
    first.set_value(first.max).run()
    assert app.text[0].value.startswith("1 ")
    app.button(key="put-row-back").click().run()
    assert app.text[0].value.startswith("0 ") and not app.exception
    app.selectbox(key="table-row").select_index(7).run()
    assert left(app)["p.tuple"] == "7" and app.text[0].value.startswith("0 ")


def test_another_class_is_explained():
    app = drawn(script, {"p.class": "2"}, name="table_linear-iris")
    assert app.text[0].value.endswith(" 2")
    assert plain(app.subheader[0].value) == f"What each column counts for: {IRIS.classes[2]}"
    assert (
        drawn(script, {"p.class": "99"}, name="table_linear-iris").text[0].value.split()[1:]
        == [app.text[0].value.split()[1]] * 2
    )


@pytest.mark.parametrize("method", TABLE_METHODS)
def test_every_method_has_its_bars(method):
    app = drawn(script, {"p.counts": method}, name="table_mlp-breast-cancer")
    assert len(app.get("plotly_chart")) == 1 and not app.error
    # Thirty columns: the eight that count most stand open, the rest is folded.
    assert len(app.slider) == 30


def test_of_very_many_rows_one_is_named_by_its_number(monkeypatch):
    from dashboard.components.table import row

    monkeypatch.setattr(row, "MOST_OFFERED", 10)
    app = drawn(script, {"p.tuple": "4"}, name="table_mlp-iris")
    number = app.number_input(key="table-row-number")
    assert number.value == 4 and number.label.startswith("Row: ")
    number.set_value(7).run()
    assert left(app)["p.tuple"] == "7" and not app.exception


def own_script(path: str) -> None:
    from pathlib import Path

    from dashboard import session
    from dashboard.components.table import row, views
    from models.networks import find_network
    from models.runtime.progress import silent
    from models.training import own_tables, runs
    from models.training.config import Config
    from models.training.session import train

    session.begin()
    if not runs.listing().runs:
        config = own_tables.settle(
            Config(
                model="table_linear",
                dataset="table",
                data=path,
                target=Path(path).stem,
                epochs=1,
                batch_size=8,
                threads=1,
                device="cpu",
            )
        )
        train(runs.create(config).path, config)
    network = find_network(f"run:{runs.listing().runs[0].id}").load(silent)
    _, now = row.choose(network)
    views.draw(now)


@pytest.mark.slow
@pytest.mark.parametrize("view", ["columns", "along", "turn", "needed", "groups", "tree"])
def test_what_a_person_named_becomes_no_markup(tmp_path, monkeypatch, view):
    monkeypatch.setenv("VITRINE_RUNS", str(tmp_path / "runs"))
    path = tmp_path / "label.csv"
    lines = [
        f"{place % 7},{('**loud**', ':red[x]')[place % 2]},{('', 3.5, 4.5)[place % 3]}" for place in range(80)
    ]
    answers = [("$no$", "<b>yes</b>")[place % 2] for place in range(80)]
    rows = "\n".join(f"{line},{answer}" for line, answer in zip(lines, answers, strict=True))
    path.write_text(f"[link](http://x),*kind*,_gap_,label\n{rows}\n")
    app = drawn(own_script, {"p.show": view}, path=str(path))
    labels = [widget.label for widget in (*app.slider, *app.selectbox, *app.toggle)]
    shown = [*labels, *(one.value for one in (*app.markdown, *app.subheader, *app.caption))]
    for mark in ("[link](", "*kind*", "_gap_ is", "**loud**", ":red[x]", "$no$", "<b>yes"):
        assert not any(mark in text for text in shown), (mark, [text for text in shown if mark in text])


def slider_script(low: float, high: float, value: float) -> None:
    import streamlit as st

    from dashboard.components.table.row import _control
    from models.table.columns import Column

    st.text(str(_control(Column("a", low, high, value, 1.0, whole=True), value, "key")))


@pytest.mark.parametrize(
    ("low", "high", "value"),
    [(0.0, 1e20, 5e19), (-1e300, 1e300, 3.0), (1e-300, 2e-300, 1.5e-300), (3.0, 3.0, 3.0), (0.0, 1.0, 0.0)],
)
def test_numbers_of_any_size_have_a_slider(low, high, value):
    app = drawn(slider_script, low=low, high=high, value=value)
    assert float(app.text[0].value) == pytest.approx(value)
