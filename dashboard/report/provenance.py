"""Where everything in a report comes from: digests, settings, versions, terms."""

from __future__ import annotations

import hashlib
import platform
import sys
from collections.abc import Sequence
from importlib import metadata

from dashboard import pictures
from dashboard.view import View
from models.classifier import ReadyNetwork
from models.runtime.threads import use_threads

Rows = tuple[tuple[str, str], ...]
SOFTWARE = ("vitrine", "torch", "torchvision", "captum", "timm", "scikit-learn", "numpy", "pillow", "plotly")


def picture_origins(view: View) -> tuple[tuple[str, Rows], ...]:
    """Where a network for pictures and its picture come from: title -> names and values."""
    reads = view.classifier.preprocessing
    height, width = reads.size
    read = (
        "Reads",
        f"{width} x {height} x {reads.channels}, mean {_numbers(reads.mean)}, deviation {_numbers(reads.std)}",
    )
    return (
        ("Network", (*network_rows(view.model.title, view.classifier), read)),
        ("Picture", _picture(view)),
    )


def network_rows(title: str, classifier: ReadyNetwork) -> Rows:
    """Names of a network, and digest and source of its weights."""
    return (
        ("Title", title),
        ("Name in the address", classifier.name),
        ("Weights (SHA-256)", classifier.weights.digest),
        ("Weights from", classifier.weights.source),
    )


def _picture(view: View) -> Rows:
    seen = view.seen
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


def software() -> Rows:
    """Names and versions of what computed it, and the machine."""
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
