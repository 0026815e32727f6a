"""The app's colours for a file that no app draws."""

from __future__ import annotations

import re

import plotly.graph_objects as go

from dashboard.report import theme


def test_both_schemes_have_all_colours_and_differ():
    light, dark = theme.tokens("light"), theme.tokens("dark")
    for tokens in (light, dark):
        assert all(re.fullmatch(r"#[0-9a-fA-F]{6}", colour) for colour in vars(tokens).values())
    assert light.ground != dark.ground and light.ink != dark.ink
    assert theme.ink() == light.ink


def test_a_figure_takes_the_colours_where_it_names_none():
    figure = theme.apply_theme(go.Figure(go.Scatter(x=[0], y=[0])))
    assert list(figure.layout.template.layout.colorway) == theme.categories()
    assert figure.layout.template.layout.font.color == theme.ink()
    assert figure.data[0].line.color is None
