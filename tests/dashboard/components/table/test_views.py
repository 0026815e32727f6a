"""What would turn a row, with what cannot change in the address."""

from __future__ import annotations

from tests.dashboard.components.component import drawn, left, plain


def script(name: str) -> None:
    from dashboard import session
    from dashboard.components.table import views
    from dashboard.results.table import subject
    from models.networks import find_network
    from models.runtime.progress import silent
    from models.table import TABLE_SETS

    session.begin()
    network = find_network(name).load(silent)
    views.draw(subject(network, TABLE_SETS[network.fits].load().values["test"][0]))


def test_a_column_that_cannot_change_gives_way_to_another():
    app = drawn(script, {"p.show": "turn"}, name="table_mlp-iris")
    assert plain(app.subheader[0].value).startswith("With another petal length (cm) it would be ")
    assert list(app.dataframe[0].value["Column"]) == ["petal length (cm)"]
    app.multiselect(key="held").select(2).run()
    assert left(app)["p.held"] == "2"
    assert "petal length" not in app.subheader[0].value


def test_where_nothing_may_change_nothing_is_found_and_a_wrong_address_is_passed_over():
    app = drawn(script, {"p.show": "turn", "p.held": "0.1.2.3.99.x"}, name="table_mlp-iris")
    assert plain(app.subheader[0].value).startswith("No few changes turn the answer")
    assert "That is a finding" in app.caption[0].value
    # What is real is there all the same.
    assert plain(app.subheader[1].value) == "The nearest real row with another answer"
    assert len(app.dataframe) == 1


def test_the_answer_is_followed_along_a_column():
    app = drawn(script, {"p.show": "along"}, name="table_mlp-breast-cancer")
    assert plain(app.subheader[0].value).startswith("Along ")
    app.selectbox(key="by-column").select_index(0).run()
    assert left(app)["p.by"] == "1" and "mean radius" in app.subheader[0].value
    # Radius, perimeter and area of one cell are one thing.
    assert any("goes with mean perimeter (correlation 1.00)" in plain(one.value) for one in app.markdown)
    assert len(app.get("plotly_chart")) == 1


def test_all_rows_say_which_columns_are_needed():
    app = drawn(script, {"p.show": "needed"}, name="table_mlp-iris")
    assert plain(app.subheader[0].value).startswith("It needs petal")
    assert any("say nearly the same" in one.value for one in app.markdown)
    assert len(app.get("plotly_chart")) == 1


def test_groups_by_a_column_have_rates_and_claim_no_causes():
    app = drawn(script, {"p.show": "groups"}, name="table_mlp-breast-cancer")
    assert plain(app.subheader[0].value).startswith("Called ")
    app.selectbox(key="groups-by").select_index(1).run()
    assert left(app)["p.by"] == "2" and "mean texture" in plain(app.subheader[0].value)
    assert "not why" in app.caption[-1].value and len(app.get("plotly_chart")) == 1
    other = drawn(script, {"p.show": "groups", "p.rate": "missed"}, name="table_mlp-iris")
    assert not other.exception


def test_a_tree_on_columns_imitates_the_network():
    app = drawn(script, {"p.show": "tree"}, name="table_mlp-breast-cancer")
    assert "answers like Table MLP" in plain(app.subheader[0].value)
    assert len(app.get("plotly_chart")) == 2
    rules = next(one.value for one in app.markdown if one.value.startswith("1. "))
    assert "rows are left" in plain(rules)


def test_columns_stand_as_a_waterfall():
    app = drawn(script, {"p.drawn": "waterfall"}, name="table_mlp-iris")
    assert len(app.get("plotly_chart")) == 1 and not app.error
