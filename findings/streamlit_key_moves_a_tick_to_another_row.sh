#!/usr/bin/env bash
# Streamlit 1.67.0: a ticked row of st.dataframe is a position. Without a key, other data make another table, whose ticks
# are gone; with a key it stays the same table, and the tick stays at its position, which another row has taken.
# Giving a table a key, as is advised for what should last, thus makes "delete what is ticked" delete something else as
# soon as a row comes in above, without an error. Keep the ids of what was ticked, and set the ticks from them.
# Seen: "old" is ticked, "new" comes in above: with a key "new" is ticked, in Chromium too; without one nothing is.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv environment
environment/bin/pip install --quiet streamlit==1.67.0

environment/bin/python - 2> /dev/null <<'EOF'
import streamlit
from streamlit.testing.v1 import AppTest

page = """
import streamlit as st

names = st.session_state.get("names", ["old"])
table = st.dataframe({"name": names}, key="table", on_select="rerun")
st.dataframe({"name": names}, on_select="rerun")
st.text(",".join(names[row] for row in table.selection.rows))
"""
app = AppTest.from_string(page).run()
# What the browser sends when the first row is ticked.
app.session_state["table"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
app.run()
before, ids = app.text[0].value, [table.proto.id for table in app.dataframe]
app.session_state["names"] = ["new", "old"]
app.run()
after, same = app.text[0].value, [table.proto.id for table in app.dataframe]
print("streamlit", streamlit.__version__)
print("ticked:", before)
print("expected when a row comes in above: old, or nothing")
print("seen:", after)
print("still the same table: with a key", ids[0] == same[0], "- without", ids[1] == same[1])
assert (before, after) == ("old", "new"), "the tick follows its row now"
assert ids[0] == same[0] and ids[1] != same[1]
EOF
