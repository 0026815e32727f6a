"""Plain values of other modules become texts and records of ours."""

from __future__ import annotations

import pathlib

from models.checkpoints.stand_ins import PATHS, STAND_INS, Settings


def test_a_path_becomes_the_text_that_it_is():
    for path in (pathlib.PurePosixPath("/data/birds"), pathlib.PureWindowsPath(r"C:\data\birds")):
        name = type(path).__name__
        join = PATHS[f"pathlib.{name}"]
        assert join(*path.parts) == str(path)
        assert join is PATHS[f"pathlib._local.{name}"]
        assert join is PATHS[f"pathlib.{name.removeprefix('Pure')}"]


def test_nothing_stands_in_for_more_than_settings_and_paths():
    assert {name for _, name in STAND_INS} == {"argparse.Namespace", *PATHS}
    assert len(PATHS) == 8
    assert vars(Settings()) == {}
