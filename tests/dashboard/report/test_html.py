"""The file: nothing in it becomes markup or ends a script."""

from __future__ import annotations

import base64
import json

import pytest

from dashboard.report import html
from dashboard.report.contents import Picture, Report, Section, Words
from tests.dashboard.pages.app import png

HOSTILE = "</script><script>alert(1)</script>\u2028<!-- & -->"


def test_data_reads_the_same_and_ends_no_element():
    written = str(html.data(json.dumps({"name": HOSTILE})))
    assert json.loads(written) == {"name": HOSTILE}
    assert not set("<>&\u2028") & set(written)


@pytest.mark.parametrize(("content", "kind"), [(png("teal"), "image/png"), (b"\xff\xd8rest", "image/jpeg")])
def test_a_picture_is_an_address_that_holds_it(content, kind):
    head, _, rest = html.address(content).partition(",")
    assert head == f"data:{kind};base64" and base64.b64decode(rest) == content


def test_texts_stay_texts():
    report = Report(
        title=HOSTILE,
        about="",
        cover=Picture(png("teal"), HOSTILE),
        time="today",
        summary=(Words(HOSTILE),),
        sections=(Section("a", HOSTILE, HOSTILE, blocks=(Words(HOSTILE),)),),
        provenance=(("Network", (("Title", HOSTILE),)),),
        credits=(HOSTILE,),
    )
    for file in (html.render(report), html.render_slides(report)):
        text = file.decode()
        assert "alert(1)" in text and "<script>alert(1)" not in text
        assert "default-src &#39;none&#39;" in text or "default-src 'none'" in text


def test_no_number_parts_from_its_unit():
    said = Words("97 % of 4.65 M in 12 ms, 3 melons")
    report = Report("A photo", "", Picture(png("teal"), "A photo"), "", (said,), (), (), ())
    assert "97\u00a0% of 4.65\u00a0M in 12\u00a0ms, 3 melons" in html.render(report).decode()
