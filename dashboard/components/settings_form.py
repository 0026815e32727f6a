"""The controls of the settings of methods: each field of their records is one."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from functools import partial

import streamlit as st

from dashboard import session
from dashboard.components import choice
from dashboard.inspection.attribution.method import Parameters
from dashboard.parameters import Text


def draw(settings: Iterable[Parameters]) -> None:
    """One control for each setting; settings of one name are one control."""
    drawn: set[str] = set()
    for current in settings:
        for field in dataclasses.fields(current):
            if field.name not in drawn:
                _draw_field(field, getattr(current, field.name))
            drawn.add(field.name)


def _draw_field(field: dataclasses.Field[object], value: int | str) -> None:
    key, about = f"p-{field.name}", field.metadata
    choose = partial(session.choose_parameter, Text(field.name))
    if "choices" in about:
        choice.select(about["label"], about["choices"], value, choose, key=key, text=about["help"])
    else:
        st.number_input(
            about["label"],
            about["low"],
            about["high"],
            key=session.control(key, value),
            on_change=lambda: choose(session.entry(key)),
            help=about["help"],
        )
