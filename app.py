"""Vitrine's door: `streamlit run app.py` imports it to serve, and runs it for each look at a page."""

from pathlib import Path

import streamlit as st

from dashboard import serving, sign_in
from dashboard.components import door
from dashboard.navigation import PAGES, find_page
from models.runtime import memory, settings

ASSETS = Path(__file__).parent / "assets"

if __name__ == "__main__":
    # A file of our own: the browser would fetch a Material icon for its tab from the network.
    st.set_page_config(page_title="Vitrine", page_icon=ASSETS / "icon.png", layout="wide")
    st.html(ASSETS / "style.css")
    st.logo(ASSETS / "logo.svg", size="large")
    pages = {
        st.Page(
            entry.file,
            title=entry.title,
            icon=entry.icon,
            url_path=entry.path,
            help=entry.summary,
            default=not entry.path,
        ): entry.summary
        for entry in PAGES
    }
    is_locked = sign_in.is_required() and sign_in.person() is None
    page = st.navigation(list(pages), position="hidden" if is_locked else "sidebar", expanded=True)
    if wrong := (*settings.problems(), *sign_in.problems()):
        st.error("\n\n".join(wrong))
        st.stop()
    if is_locked:
        door.ask()
        st.stop()
    st.html(f'<h1 class="page-title">{page.title}</h1>')
    top = st.container(horizontal=True, vertical_alignment="center", key="top")
    top.caption(pages[page])
    slots = st.empty(), st.sidebar.empty()
    # Behind the first words on the screen: this reads the photo, and then waits for torch.
    from dashboard.components import opening

    opening.draw(*slots, reads=find_page(page.url_path).reads)
    serving.load()
    from dashboard.components import frame
    from dashboard.components.report import link

    is_shown = frame.draw(top, page.url_path)
    for slot in slots:
        slot.empty()
    if link.is_presenting():
        from dashboard.components.report import stage

        stage.present(page.url_path)
    elif is_shown:
        page.run()
    memory.freeze_objects()
else:
    app = st.App(__file__, lifespan=serving.warm_up, routes=serving.routes(), middleware=serving.middleware())
