"""What code that is not ours may raise, and what it says then."""

from __future__ import annotations

import re

# What the code of a network may raise that does not fit what it is given.
FOREIGN = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


def own_words(error: BaseException) -> str:
    """The first line of an error as a clause: printable, without paths, at most 160 letters."""
    line = next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)
    line = "".join(letter if letter.isprintable() else " " for letter in line)
    line = re.sub(r"\S*[/\\]\S*[/\\]\S*", "a file", line)
    return " ".join(line.split())[:160].rstrip(". ")
