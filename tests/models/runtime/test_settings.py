"""Settings are read when asked for; a wrong one is one sentence with its name, and nothing breaks before it is said."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from models.runtime import settings
from models.runtime.errors import UserError
from tests.paths import ROOT

FOLDERS = (settings.IMAGES, settings.LOGS, settings.RUNS, settings.DATA)


@pytest.fixture(autouse=True)
def unset(monkeypatch):
    for variable in (*settings.NUMBERS, *FOLDERS):
        monkeypatch.delenv(variable.name, raising=False)


@pytest.mark.parametrize("number", settings.NUMBERS, ids=lambda number: number.name)
def test_a_number_is_read_within_its_bounds(number, monkeypatch):
    assert number.value() == number.default
    monkeypatch.setenv(number.name, "")
    assert number.value() == number.default
    for bound in (number.low, number.high):
        monkeypatch.setenv(number.name, str(bound))
        assert number.value() == bound
        assert type(number.value()) is type(number.default)


@pytest.mark.parametrize("number", settings.NUMBERS, ids=lambda number: number.name)
@pytest.mark.parametrize("text", ["lots", "-1", "1e99", "nan", "\N{ARABIC-INDIC DIGIT ONE}"])
def test_what_is_no_number_within_the_bounds_is_one_sentence_with_its_name(number, text, monkeypatch):
    monkeypatch.setenv(number.name, text)
    with pytest.raises(UserError) as refusal:
        number.value()
    kind = "whole number" if isinstance(number.default, int) else "number"
    assert str(refusal.value) == (
        f"{number.name} is {text!r}; set it to a {kind} from {number.low:,} to {number.high:,}."
    )
    assert settings.problems() == (str(refusal.value),)


def test_a_whole_number_has_no_fraction(monkeypatch):
    monkeypatch.setenv("VITRINE_THREADS", "1.5")
    with pytest.raises(
        UserError, match=r"VITRINE_THREADS is '1\.5'; set it to a whole number from 0 to 1,024\."
    ):
        settings.THREADS.value()
    monkeypatch.setenv("VITRINE_UPLOAD_HOURS", "1.5")
    assert settings.UPLOAD_HOURS.value() == 1.5


def test_megabytes_are_counted_in_bytes(monkeypatch):
    monkeypatch.setenv("VITRINE_RESULTS_MB", "3")
    assert settings.RESULTS_MB.bytes() == 3 * 1024 * 1024


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_folder_is_absolute_or_none(folder, monkeypatch, tmp_path):
    assert folder.path() is None
    monkeypatch.setenv(folder.name, "")
    assert folder.path() is None
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(folder.name, "photos")
    assert folder.path() == tmp_path / "photos"


def test_each_variable_has_one_name():
    names = [variable.name for variable in (*settings.NUMBERS, *FOLDERS)]
    assert len(names) == len(set(names)) == 13
    assert all(name.startswith("VITRINE_") for name in names)


def test_what_the_operator_has_set_is_kept(monkeypatch):
    monkeypatch.delenv("SOME_LIBRARYS", raising=False)
    assert not settings.is_set("SOME_LIBRARYS")
    monkeypatch.setenv("SOME_LIBRARYS", "theirs")
    settings.set_default("SOME_LIBRARYS", "ours")
    assert settings.child_environment({})["SOME_LIBRARYS"] == "theirs"
    assert settings.child_environment({"SOME_LIBRARYS": "a child's"})["SOME_LIBRARYS"] == "a child's"
    assert settings.is_set("SOME_LIBRARYS")


def test_the_page_says_what_is_set_wrongly(monkeypatch):
    """All of it, in the place of a page; that nothing breaks before is tests/test_portability.py's."""
    for number in settings.NUMBERS:
        monkeypatch.setenv(number.name, "lots")
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert [error.value for error in app.error] == ["\n\n".join(settings.problems())]
    assert len(settings.problems()) == len(settings.NUMBERS)
    assert not app.exception
    assert not app.markdown
