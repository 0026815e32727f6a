"""Numbers that stand out."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def test_they_stand_side_by_side_each_in_a_frame_and_what_is_not_known_is_left_out():
    def script():
        from dashboard.components import key_figures
        from dashboard.components.key_figures import KeyFigure

        key_figures.draw(
            KeyFigure("Accuracy", "93 %", "14 of 15", "+2.0 points"), None, KeyFigure("F1", "0.9")
        )

    first, second = AppTest.from_function(script).run().metric
    assert (first.label, first.value, first.delta, first.help) == (
        "Accuracy",
        "93 %",
        "+2.0 points",
        "14 of 15",
    )
    assert (second.label, second.value, second.delta) == ("F1", "0.9", "")
    assert first.proto.show_border and second.proto.show_border
