"""Where everything in a report comes from: digests, settings, versions, terms."""

from __future__ import annotations

import hashlib
import platform
import sys
from collections.abc import Sequence
from importlib import metadata

from dashboard import pictures
from dashboard.report.chapter import ReportSubject
from dashboard.report.contents import Section
from models.runtime.threads import use_threads

Rows = tuple[tuple[str, str], ...]
SOFTWARE = ("vitrine", "torch", "torchvision", "captum", "timm", "scikit-learn", "numpy", "pillow", "plotly")
PLOTLY = "Charts: plotly.js, MIT licence, copyright Plotly, Inc."


def provenance(subject: ReportSubject, sections: Sequence[Section]) -> tuple[tuple[str, Rows], ...]:
    """Title -> names and values."""
    return (
        ("Network", _network(subject)),
        ("Picture", _picture(subject)),
        ("How each view was made", tuple(row for section in sections for row in section.provenance)),
        (
            "Addresses that restore each view"
            if subject.home
            else "What restores each view, behind the address of Vitrine",
            tuple((section.title, section.address) for section in sections if section.address),
        ),
        ("Software", _software()),
    )


def credits_of(subject: ReportSubject, sections: Sequence[Section]) -> tuple[str, ...]:
    """Whom and what to thank, and under which terms."""
    view = subject.view
    source, picture = view.classifier.provenance, view.picture
    lines = [
        f"Network: {view.model.title}, {source.source}. Licence of the weights: {source.licence}",
        f"Picture: {picture.title}, {picture.credit}"
        if picture.credit
        else f"Picture: {picture.title}, brought by whoever made this report; its terms are theirs",
        *(line for section in sections for line in section.credits),
        PLOTLY,
    ]
    return tuple(dict.fromkeys(lines))


def _network(subject: ReportSubject) -> Rows:
    view, classifier = subject.view, subject.view.classifier
    reads = classifier.preprocessing
    height, width = reads.size
    return (
        ("Title", view.model.title),
        ("Name in the address", view.model.name),
        ("Weights (SHA-256)", classifier.weights.digest),
        ("Weights from", classifier.weights.source),
        (
            "Reads",
            f"{width} x {height} x {reads.channels}, mean {_numbers(reads.mean)}, deviation {_numbers(reads.std)}",
        ),
    )


def _picture(subject: ReportSubject) -> Rows:
    view, seen = subject.view, subject.view.seen
    width, height = seen.size
    box = seen.box
    whole = (box.left, box.top, box.right, box.bottom) == (0, 0, width, height)
    return (
        ("Title", view.picture.title),
        ("Name in the address", view.picture.address),
        ("Pixels (SHA-256)", digest(view.picture.address)),
        ("Input (SHA-256)", seen.digest),
        ("Size", f"{width:,} x {height:,} pixels"),
        (
            "Part that is read",
            ("all of it" if whole else f"from {box.left:g}, {box.top:g} to {box.right:g}, {box.bottom:g}")
            + (", turned into a digit" if view.digit else ""),
        ),
    )


def digest(address: str) -> str:
    """SHA-256 over mode, size and pixels of a picture, upright, hexadecimal."""
    picture = pictures.find(address).open()
    content = hashlib.sha256(f"{picture.mode}:{picture.width}x{picture.height};".encode())
    content.update(picture.tobytes())
    return content.hexdigest()


def _software() -> Rows:
    rows = [(name, _version(name)) for name in SOFTWARE]
    threads = use_threads()
    machine = f"{platform.system()} {platform.machine()}, {threads} processor thread{'s' * (threads > 1)}"
    return (*rows, ("python", sys.version.split()[0]), ("machine", machine))


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"


def _numbers(numbers: Sequence[float]) -> str:
    return ", ".join(f"{number:.4g}" for number in numbers)
