"""Where everything comes from: digests, versions, terms."""

from __future__ import annotations

import hashlib

import numpy as np
from PIL import Image

from dashboard.report.assembly import credits_of, provenance
from dashboard.report.chapter import ReportSubject
from dashboard.report.contents import Section
from dashboard.report.provenance import digest
from models.datasets import find_dataset
from tests.dashboard.components.component import view_of


def test_a_pictures_digest_is_that_of_its_pixels():
    picture = find_dataset("mnist-10k").picture("test", 17)[0]
    content = f"{picture.mode}:28x28;".encode() + np.asarray(Image.Image.copy(picture)).tobytes()
    assert digest("mnist-10k/test/17") == hashlib.sha256(content).hexdigest()


def test_network_picture_sections_and_software_are_told():
    view = view_of()
    sections = [
        Section(
            "a", "First", "", address="http://here/a", provenance=(("Steps", "50"),), credits=("Thanks.",)
        ),
        Section("b", "Second", ""),
    ]
    told = dict(provenance(ReportSubject(view, home="http://here"), sections))
    assert dict(told["Network"])["Weights (SHA-256)"] == view.classifier.weights.digest
    assert dict(told["Picture"])["Input (SHA-256)"] == view.seen.digest
    assert told["How each view was made"] == (("Steps", "50"),)
    assert told["Addresses that restore each view"] == (("First", "http://here/a"),)
    assert "What restores each view, behind the address of Vitrine" in dict(
        provenance(ReportSubject(view), sections)
    )
    assert {"torch", "python", "machine"} <= {name for name, _ in told["Software"]}
    lines = credits_of(ReportSubject(view), sections)
    assert "Thanks." in lines and view.picture.credit in " ".join(lines)
    assert len(set(lines)) == len(lines)
