"""The form that starts a run: its fields are those of the configuration."""

from __future__ import annotations

from models.training import runs
from models.training.config import Config, settings
from tests.dashboard.components.component import drawn, sound


def script():
    from types import SimpleNamespace

    import streamlit as st

    from dashboard import session
    from dashboard.components.training import form
    from models.training import launcher

    session.begin()
    launched = st.session_state.setdefault("launched", [])

    def launch(config, *, by=""):
        launched.append(config)
        return SimpleNamespace(id="example-healthy")

    launch, launcher.launch = launcher.launch, launch
    try:
        form.start_form(expanded=True)
    finally:
        launcher.launch = launch
    for config in launched:
        st.text(f"{config.model} {config.epochs}")


def test_every_setting_that_belongs_to_a_group_has_its_field():
    app = drawn(script)
    labels = {field.label for field in (*app.selectbox, *app.number_input)}
    assert labels == {
        setting.label
        for setting in settings().values()
        if setting.group and setting.name not in ("data", "target")
    }


def test_a_zero_stands_for_nothing_but_zero():
    app = drawn(script)
    words = {
        f"new-{name}": setting.zero for name, setting in settings().items() if setting.zero and setting.group
    }
    assert len(words) == 8
    for key, word in words.items():
        field = app.number_input(key=key)
        assert (field.value, field.min, field.proto.placeholder) == (None, 1, word)
    assert app.number_input(key="new-dropout").value == 0
    assert not any("0 " in setting.help.replace("0.", "") and setting.zero for setting in settings().values())
    sound(app.button[0].click().run())
    assert [text.value for text in app.text] == ["cnn 8"]


def test_what_is_started_is_what_the_form_says():
    app = drawn(script)
    app.selectbox(key="new-model").set_value("mlp")
    app.number_input(key="new-epochs").set_value(3)
    sound(app.button[0].click().run())
    assert [text.value for text in app.text] == ["mlp 3"]
    assert app.query_params["run"] in ("example-healthy", ["example-healthy"])
    assert app.session_state["visit"].starts == 1, "the page comes to its top"


def test_a_run_is_started_beside_the_one_that_is_looked_at(tmp_path, monkeypatch):
    """Also where nobody chose it: the page shows the newest."""
    monkeypatch.setenv("VITRINE_RUNS", str(tmp_path))
    newest = runs.create(Config(model="mlp"))
    app = drawn(script)
    sound(app.button[0].click().run())
    assert app.query_params["run"] == ["example-healthy", newest.id]
