"""What a report holds, in exact words."""

from __future__ import annotations

import pytest

from dashboard.wording.report import headline


@pytest.mark.parametrize(
    ("views", "size", "sentence"),
    [
        (1, 940_000, "Your report is ready: 1 view in one file of 940 kB, which opens offline."),
        (7, 12_345_678, "Your report is ready: 7 views in one file of 12.3 MB, which opens offline."),
        (0, 0, "Your report is ready: 0 views in one file of 0 B, which opens offline."),
    ],
)
def test_the_headline(views, size, sentence):
    assert headline(views, size) == sentence
