"""Where visitors must sign in: what stands instead of a page, and in the frame who is here."""

from __future__ import annotations

import streamlit as st

from dashboard import sign_in
from dashboard.components import say


def ask() -> None:
    """Ask who is there, instead of a page."""
    st.html('<h1 class="page-title">Sign in</h1>')
    st.header("Sign in to look at networks here.")
    st.markdown("Photos and checkpoints that you bring, and reports that you make, are then yours alone.")
    for name in sign_in.providers():
        st.button(
            "Sign in" if name == "default" else f"Sign in with {say.plain(name)}",
            key=f"sign-in-{name}",
            type="primary",
            icon=":material/login:",
            on_click=st.login,
            args=(name,),
        )


def leave() -> None:
    """Who is here, and the way out; nothing where nobody is asked."""
    person = sign_in.person() if sign_in.is_required() else None
    if person is None:
        return
    st.caption(f"Signed in as {say.plain(person.name)}")
    st.button("Sign out", key="sign-out", icon=":material/logout:", on_click=st.logout)
