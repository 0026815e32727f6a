"""A report from a terminal: `python -m dashboard.report --model cnn --image mnist-10k/test/0 -o report.html`.

An image is a sample, a dataset's picture, or a file. All that an address of the app can say can be said here.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from models.runtime.errors import UserError
from models.runtime.terminal import run_command

if TYPE_CHECKING:
    from dashboard.report.chapter import Reported
    from dashboard.selection import Selection
    from models.classifier import ReadyNetwork

# Whose pictures these are: whoever sits at the terminal.
OWNER = "terminal"


def main(arguments: list[str] | None = None) -> int:
    """Make a report and write it; 0 if it was made."""
    options = _parser().parse_args(arguments)
    return run_command(lambda: _report(options))


def _parser() -> argparse.ArgumentParser:
    from dashboard.report.chapters import CHAPTERS_OF

    known = {name: chapter for chapters in CHAPTERS_OF.values() for name, chapter in chapters.items()}
    parser = argparse.ArgumentParser(
        prog="python -m dashboard.report",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--model", help="a network of the zoo, of a library, or run:<id>; default: the app's")
    parser.add_argument(
        "--image", help="a sample, a dataset's picture, or a file; default: the network's first"
    )
    parser.add_argument("-o", "--out", type=Path, required=True, help="the HTML file to write")
    parser.add_argument("--target", help="index of the class that is explained; default: the prediction")
    parser.add_argument("--versus", help="index of a class that it is explained rather than")
    parser.add_argument("--layer", help="that maps read which need one")
    parser.add_argument("--method", action="append", default=[], help="of attribution; may be repeated")
    parser.add_argument("--run", action="append", default=[], help="whose curves are shown; may be repeated")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="a setting, p.NAME in an address"
    )
    views = ", ".join(f"{chapter.name} ({chapter.title.lower()})" for chapter in known.values())
    parser.add_argument(
        "--view",
        action="append",
        default=[],
        choices=[*known, "all"],
        metavar="VIEW",
        help=f"what goes in, may be repeated: all, {views}; default: all that take no pass over many pictures",
    )
    parser.add_argument(
        "--address",
        default="",
        metavar="URL",
        help="of the app as readers can open it, for the links; default: none, which names views without it",
    )
    return parser


def _report(options: argparse.Namespace) -> None:
    from tqdm import tqdm

    from dashboard.report.assembly import report_file, usual
    from dashboard.report.chapters import chapters_of
    from models.runtime import files
    from models.runtime.threads import use_threads

    use_threads()
    started = time.monotonic()
    subject = _subject(options)
    names = list(chapters_of(subject)) if "all" in options.view else options.view or usual(subject)
    for name in names:
        if name not in chapters_of(subject):
            raise UserError(
                f"There is no view {name} of such a network; choose from {', '.join(chapters_of(subject))}."
            )
    result = report_file(subject, names)
    job = result.submit()
    # None: no bar where nobody sees it move.
    with tqdm(total=100, unit="%", disable=None, bar_format="{desc} {percentage:.0f} %|{bar}|") as bar:
        bar.set_description(result.what)
        while not job.wait(0.2):
            bar.n = round(100 * job.progress)
            bar.refresh()
    file = job.result()
    files.write(options.out, file.html)
    views = len(file.report.sections)
    print(
        f"{options.out}: {views} view{'s' * (views != 1)}, {len(file.html) / 1e6:.1f} MB, "
        f"in {time.monotonic() - started:.0f} s"
    )
    for section in file.report.sections:
        if section.refused:
            print(f"{section.title}: {section.finding}")


def _subject(options: argparse.Namespace) -> Reported:
    from dashboard.known import KNOWN
    from dashboard.report.chapter import ReportSubject, home, runs_of
    from dashboard.selection import parse
    from dashboard.view import build_view
    from models.kinds import PICTURES
    from models.networks import find_network
    from models.runtime.progress import silent

    selection, problems = parse(_query(options), KNOWN)
    if problems:
        raise UserError(" ".join(problems))
    model = find_network(selection.model)
    if model.reads != PICTURES:
        return _of_input(selection, model.load(silent), home(options.address))
    view = build_view(selection, model, model.load(silent), OWNER)
    if view.problems:
        raise UserError(" ".join(view.problems))
    return ReportSubject(view, runs_of(view), owner=OWNER, home=home(options.address))


def _of_input(selection: Selection, reader: ReadyNetwork, home: str) -> Reported:
    """A report on the row, the text or the history that the settings name."""
    from dashboard.report.inputs import history_report, row_report, text_report
    from models.history.classifier import Recommender
    from models.table.classifier import TableClassifier
    from models.text.classifier import TextClassifier

    if isinstance(reader, TableClassifier):
        return row_report(selection, reader, owner=OWNER, home=home)
    if isinstance(reader, Recommender):
        return history_report(selection, reader, owner=OWNER, home=home)
    assert isinstance(reader, TextClassifier), "every kind of input has its report"
    return text_report(selection, reader, owner=OWNER, home=home)


def _query(options: argparse.Namespace) -> dict[str, list[str]]:
    """The options as an address says them."""
    single = {name: getattr(options, name) for name in ("model", "target", "versus", "layer")}
    query = {name: [text] for name, text in single.items() if text is not None}
    if options.image is not None:
        query["image"] = [_image(options.image)]
    for setting in options.set:
        name, equals, text = setting.partition("=")
        if not equals:
            raise UserError(f"A setting is written NAME=VALUE, as in n_steps=50; {setting[:40]!r} is not.")
        query.setdefault(f"p.{name}", []).append(text)
    return query | {"method": options.method, "run": options.run}


def _image(name: str) -> str:
    """The address of an image; a file gets one as if it was dropped on the app."""
    from dashboard import pictures

    file = Path(name)
    try:
        return pictures.find(name).address
    except UserError:
        if not file.is_file():
            raise
    try:
        return pictures.UPLOADS.put(file.read_bytes(), file.name, OWNER).address
    except OSError as error:
        raise UserError(f"{file.name} cannot be read ({error.strerror}).") from error


if __name__ == "__main__":
    sys.exit(main())
