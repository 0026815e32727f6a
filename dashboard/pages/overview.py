"""Overview: what the network says about one photo, where it looks, and what it is."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.charts import maps
from dashboard.components import answer, contract, facts, say
from dashboard.components.attribution import explain
from dashboard.components.look import look
from dashboard.components.picture import show
from dashboard.components.wait import slot, wait_unless_stopped
from dashboard.inspection.attribution import METHODS
from dashboard.navigation import PAGES
from dashboard.wording import answer as wording
from dashboard.wording import attribution

view = look(session.visit().selection)
prediction, seen = view.prediction, view.seen
method = next(method for method in METHODS.values() if method.refusal(view.survey) is None)

answer.headline(view)
finding = slot()
contract.caveat(view)
answer.caution(view)

picture, numbers = st.columns(2, gap="large")
with picture:
    map_place = st.container()
with numbers:
    st.subheader(wording.terms(prediction).heading(len(prediction.classes)))
    answer.kind(prediction)
    answer.classes(prediction, explained=view.target)
    st.subheader("What the network saw")
    whole, crop = st.columns(2)
    show(
        maps.whole_with_crop(seen.whole, seen.size, seen.box),
        caption=f"Whole picture, {seen.size[0]:,} x {seen.size[1]:,} pixels",
        alt="The whole picture with what the network does not read darkened",
        place=whole,
    )
    show(
        maps.input_picture(seen.crop),
        caption=f"Its input, {seen.crop.shape[1]} x {seen.crop.shape[0]} pixels",
        alt="The part of the picture that the network reads, at its size",
        place=crop,
    )

facts.draw(view)
contract.draw(view)
st.subheader("Go on")
others = [page for page in PAGES if page.path]
# Row by row, so that they keep their order where columns stack.
for row in (others[first : first + 3] for first in range(0, len(others), 3)):
    for column, page in zip(st.columns(3), row, strict=False):
        with column.container(border=True):
            st.page_link(page.file, label=page.title, icon=page.icon, query_params=session.address())
            st.caption(page.summary)

with map_place:
    st.subheader(f"Where it looks: {say.plain(view.title)}")
    subject = explain.subject(view)
    result = wait_unless_stopped(explain.map_of(method, subject))
    if result is not None:
        explain.draw(
            result,
            subject,
            limit=maps.scale_limit([result]),
            strength=explain.strength(),
            key="overview",
        )
        explain.fine_print(method, [result], view)
# Of a network that answers at random, or of what it was not made for, no share of the picture says anything.
if result is not None and result.values is not None and result.outcome.telling and not answer.doubts(view):
    finding.markdown(say.plain(attribution.focus(result.values, view.title, method.title)))
