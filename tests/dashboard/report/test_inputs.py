"""Reports on a text and on a row of a table: what they say, of what, and that every number in them is the page's."""

from __future__ import annotations

import dataclasses

import pytest

from dashboard.report import html
from dashboard.report.assembly import assemble, report_file, usual
from dashboard.report.chapters import chapters_of
from dashboard.report.contents import Chart, Table
from dashboard.report.inputs import history_report, row_report, text_report
from dashboard.report.slides import slides
from dashboard.results import table, table_rows
from dashboard.selection import Selection
from dashboard.wording.table import headline
from models.kinds import HISTORY, TABLE, TEXT
from models.networks import find_network, on_board
from models.runtime.progress import silent


def row(name="table_mlp-iris", **parameters):
    return row_report(
        Selection(name, (), parameters=parameters), find_network(name).load(silent), home="http://here"
    )


def text(name="text_cnn", own=None, **parameters):
    return text_report(Selection(name, (), parameters=parameters), find_network(name).load(silent), own)


def history(**parameters):
    name = on_board(HISTORY)[0]
    return history_report(Selection(name, (), parameters=parameters), find_network(name).load(silent))


def made(subject):
    return assemble(subject, list(chapters_of(subject).values()))


def result(wanted):
    job = wanted.submit()
    assert job.wait(60)
    return job.result()


def test_a_row_is_reported_as_its_page_shows_it():
    subject = row(tuple="4")
    report = made(subject)
    looked_at = subject.subject
    assert report.title == headline("Table MLP (Iris)", looked_at.prediction)
    assert report.about == "Table MLP (Iris) · row 4 of the test rows of Iris" and report.cover is None
    assert [section.name for section in report.sections] == list(chapters_of(subject))
    # No column of iris is one of categories: that is a reason, not a hole.
    assert [section.name for section in report.sections if section.refused] == ["groups"]
    answer = report.sections[0]
    cells = next(block for block in answer.blocks if isinstance(block, Table))
    names = looked_at.classifier.columns.names
    assert cells.rows == tuple(
        (name, f"{value:.4g}") for name, value in zip(names, looked_at.row.tolist(), strict=True)
    )
    turned = result(table.counterfactual(looked_at, frozenset()))
    assert all(names[place] in report.sections[2].finding for place in turned.columns)
    needed = result(table_rows.importance(looked_at.classifier))
    assert names[needed.ranking[0]] in report.sections[4].finding
    assert any("logistic regression" in words.text for words in report.summary)
    told = dict(report.provenance)
    assert dict(told["Row"])["Values (SHA-256)"] == looked_at.digest
    assert "Fisher, UCI, 1936" in " ".join(report.credits)
    assert all("http://here/table?" in section.address for section in report.sections)


def test_settings_of_the_address_hold():
    first = row(**{"class": "2"})
    assert first.subject.target == 2
    along = made(row(by="2")).sections[3]
    assert "sepal width" in along.finding
    assert made(row(counts="ablation")).sections[1].provenance[0][0] == "Ablation"
    # What the address does not know is passed over.
    assert row(tuple="9999", **{"class": "99"}).subject.target == row(tuple="9999").subject.prediction.winner


def test_a_text_is_reported_as_its_page_shows_it():
    subject = text(text="3")
    report = made(subject)
    assert report.title.startswith("Text CNN calls this text ")
    assert "text 3 of the test texts of " in report.about
    assert not any(section.refused for section in report.sections)
    assert isinstance(report.sections[1].blocks[0], Chart)
    assert report.sections[2].finding.startswith(("Without “", "No words turn"))


def test_a_text_of_ones_own_has_no_name_of_a_set():
    subject = text(own="free money now")
    assert subject.input_title == "a text of your own" and "brought by whoever" in subject.credit()
    written = html.render(made(subject)).decode()
    assert "free money now" in written


def test_what_a_person_writes_becomes_no_markup():
    written = html.render(made(text(own="<script>alert(1)</script> <b>free</b>"))).decode()
    assert "<script>alert(1)" not in written and "<b>free</b>" not in written


@pytest.mark.parametrize("subject", [row(), text(), history()], ids=["row", "text", "history"])
def test_slides_have_no_picture_to_begin_with(subject):
    report = made(subject)
    first, *others = slides(report)
    assert first.block is None and len(others) == sum(not section.refused for section in report.sections)
    assert report.title.split(":")[0] in html.render_slides(report).decode().replace("\u2060", "")


def test_the_same_report_is_made_once_and_another_rows_is_another():
    subject = row(tuple="1")
    names = usual(subject)
    assert names == [name for name in chapters_of(subject) if name != "groups"]
    key = report_file(subject, names).key
    assert key == report_file(row(tuple="1"), names).key
    assert key != report_file(row(tuple="2"), names).key
    assert key != report_file(dataclasses.replace(subject, owner="me"), names).key


def test_a_history_is_reported_as_its_page_shows_it_and_is_said_to_be_made_up():
    subject = history(person="3")
    report = made(subject)
    assert report.title.endswith("to made-up person 3.") and not any(one.refused for one in report.sections)
    films = next(block for block in report.sections[0].blocks if isinstance(block, Table))
    titles = subject.subject.network.catalogue.titles
    assert [row[0] for row in films.rows] == [titles[film] for film in subject.subject.recommended.films]
    assert "made up" in report.summary[1].text
    # What training counts, chosen films among the ten, is not what Evaluation counts: one number is enough.
    assert "right for" not in report.summary[0].text and "43.5" in report.summary[2].text
    assert " was chosen." in report.sections[1].finding
    # Of nothing that was chosen there is no because.
    empty = made(history(films=""))
    assert [section.refused for section in empty.sections] == [False, True]
    own = history(films="3.5.99")
    assert own.subject.history == (3, 5, 99) and own.subject.person is None


@pytest.mark.slow
@pytest.mark.parametrize("name", [*on_board(TABLE), *on_board(TEXT)])
def test_every_network_on_board_has_a_report(name):
    subject = row(name) if name.startswith("table") else text(name)
    job = report_file(subject, list(chapters_of(subject))).submit()
    assert job.wait(120)
    assert len(job.result().html) > 10**6
