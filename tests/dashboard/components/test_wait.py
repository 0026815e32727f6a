"""Waiting for a result: progress, a way to stop, and a way to begin again."""

from __future__ import annotations

from dashboard.jobs import GATE
from tests.dashboard.components.component import drawn, sound


def script(kind, function, slow=0.0, fails=False):
    import time

    import streamlit as st

    from dashboard import session
    from dashboard.components import wait
    from dashboard.results.result import FilesKey, Result
    from models.runtime.errors import UserError

    session.begin()

    def work(report):
        report(0.5)
        time.sleep(slow)
        if fails:
            raise UserError("It cannot be made.")
        return 42

    result = Result(FilesKey((kind,)), kind, (), work, "The answer")
    try:
        st.header(str(getattr(wait, function)(result)))
    except UserError as refusal:
        st.error(str(refusal))


def test_a_result_that_is_ready_shows_no_progress():
    app = drawn(script, kind="quick", function="wait")
    assert app.header[0].value == "42"
    assert not app.get("progress") and not app.button


def test_a_slow_result_is_waited_for_and_leaves_no_progress_behind():
    app = drawn(script, kind="slow", function="wait_unless_stopped", slow=0.6)
    assert app.header[0].value == "42"
    assert not app.get("progress") and not app.button


def test_what_the_work_raises_is_raised_here():
    assert drawn(script, kind="refused", function="wait", fails=True).error[0].value == "It cannot be made."


def stopped(function):
    import streamlit as st

    from dashboard import session
    from dashboard.components import wait
    from dashboard.results.result import FilesKey, Result

    session.begin()
    result = Result(FilesKey((function,)), "stopped", (), lambda report: 42, "The answer")
    if not st.session_state.setdefault("stopped", False):
        session.stop(result.key)
        st.session_state["stopped"] = True
    st.header(str(getattr(wait, function)(result)))


def test_what_was_stopped_is_said_and_begins_again_when_asked():
    app = drawn(stopped, function="wait_unless_stopped")
    assert (app.header[0].value, app.caption[0].value) == ("None", r"The answer was stopped\.")
    sound(app.button[0].click().run())
    assert app.header[0].value == "42"


def test_a_page_ends_where_its_result_was_stopped():
    app = drawn(stopped, function="wait_or_end")
    assert not app.header and app.caption[0].value == r"The answer: stopped\."
    sound(app.button[0].click().run())
    assert app.header[0].value == "42"
    assert GATE.kept_bytes >= 0
