"""Each note in `findings/` is a script that stands alone: pinned packages in a folder that goes away with it.

What the notes say of other people's libraries is not tried here: that takes a network and minutes.
"""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.paths import ROOT

FINDINGS = ROOT / "findings"
SCRIPTS = sorted(FINDINGS.iterdir())
HOST = re.compile(r"https?:|\b[\w-]+\.(?:com|org|net|io|ai|dev)\b|--(?:extra-)?index-url|--find-links")
LONGEST = 80


def faults(script: Path) -> list[str]:
    """What keeps a note from running anywhere, or from being understood."""
    text = script.read_text(encoding="utf-8")
    lines = text.splitlines()
    header = [line for line in lines[1:] if line.startswith("# ")]
    installs = re.findall(r"^.*\bpip\b.* install (.*)$|^.*\bpip install (.*)$", text, flags=re.MULTILINE)
    packages = [word for words in installs for word in " ".join(words).split() if not word.startswith("-")]
    parsed = subprocess.run(["bash", "-n", str(script)], capture_output=True, check=False)
    wrong = {
        "does not parse": parsed.returncode != 0,
        "is no executable script of bash": lines[0] != "#!/usr/bin/env bash"
        or not os.access(script, os.X_OK),
        "does not stop at an error": "set -euo pipefail" not in lines,
        "says too little or too much above": not 3 <= len(header) <= 8,
        "does not show what was seen": not any(line.startswith("# Seen: ") for line in header),
        "installs nothing": not packages,
        "installs what is not pinned": not all(re.fullmatch(r"[\w.-]+==\d[\w.]*", name) for name in packages),
        "has no folder of its own": "work=$(mktemp -d)" not in lines,
        "leaves its folder behind": "trap 'rm -rf \"$work\"' EXIT" not in lines,
        "names a host": HOST.search(text) is not None,
        "checks nothing": "assert " not in text,
        "is too long for a note": len(lines) > LONGEST,
    }
    return [fault for fault, is_so in wrong.items() if is_so]


def test_there_are_findings_and_nothing_else_beside_them():
    assert SCRIPTS
    assert {script.suffix for script in SCRIPTS} == {".sh"}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_finding_stands_alone(script):
    assert faults(script) == []


GOOD = """#!/usr/bin/env bash
# library 1.0 answers otherwise than expected.
# It matters because of this. Source: measured.
# Seen: 2 where 1 was expected.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
pip install --quiet library==1.0 other-library==2.0
python -c 'import library; assert library.answer() == 2'
"""
PLANTED = [
    ("does not parse", "python -c", "if python -c"),
    ("is no executable script of bash", "#!/usr/bin/env bash", "#!/bin/sh"),
    ("does not stop at an error", "set -euo pipefail", "set -e"),
    ("says too little or too much above", "# It matters because of this. Source: measured.\n", ""),
    ("says too little or too much above", "# It matters", "# More.\n" * 6 + "# It matters"),
    ("does not show what was seen", "# Seen: ", "# "),
    ("installs nothing", "pip install --quiet library==1.0 other-library==2.0\n", ""),
    ("installs what is not pinned", "library==1.0", "library"),
    ("installs what is not pinned", "other-library==2.0", "'other-library>=2.0'"),
    ("has no folder of its own", "work=$(mktemp -d)", "work=/tmp/folder"),
    ("leaves its folder behind", "trap 'rm -rf \"$work\"' EXIT\n", ""),
    ("names a host", "--quiet", "--quiet --index-url=simple"),
    ("names a host", "Source: measured.", "Source: https://example.org/issue."),
    ("names a host", "Source: measured.", "Source: packages.example.com."),
    ("checks nothing", "assert ", ""),
    ("is too long for a note", "set -euo pipefail\n", "set -euo pipefail\n" + "\n" * LONGEST),
]


def planted(folder: Path, text: str) -> Path:
    script = folder / "planted.sh"
    script.write_text(text, encoding="utf-8")
    script.chmod(0o755)
    return script


def test_a_good_script_passes(tmp_path):
    assert faults(planted(tmp_path, GOOD)) == []


@pytest.mark.parametrize(("fault", "good", "bad"), PLANTED)
def test_a_bad_script_is_caught(tmp_path, fault, good, bad):
    assert good in GOOD
    assert faults(planted(tmp_path, GOOD.replace(good, bad, 1))) == [fault]


def test_a_script_that_may_not_be_run_is_caught(tmp_path):
    script = planted(tmp_path, GOOD)
    script.chmod(0o644)
    assert faults(script) == ["is no executable script of bash"]
