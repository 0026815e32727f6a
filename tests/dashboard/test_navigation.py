"""The list of pages: each with a script, an icon, a sentence and an address of its own."""

from __future__ import annotations

from pathlib import Path

from dashboard.navigation import PAGES, find_page


def test_every_page_has_a_script_that_is_there_and_no_script_is_forgotten():
    scripts = [Path(page.file) for page in PAGES]
    assert all(script.is_file() for script in scripts)
    assert {script.name for script in scripts} == {
        path.name for path in scripts[0].parent.glob("*.py") if path.name != "__init__.py"
    }


def test_addresses_are_different_and_one_page_opens_first():
    paths = [page.path for page in PAGES]
    assert paths.count("") == 1 and paths[0] == "" and len(set(paths)) == len(paths)
    assert [find_page(path) for path in paths] == [*PAGES]
    assert all(page.summary.endswith(".") and page.icon.startswith(":material/") for page in PAGES)
