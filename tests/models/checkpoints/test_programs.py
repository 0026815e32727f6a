"""Programs are told from checkpoints by the names inside."""

from __future__ import annotations

import pytest

from models.checkpoints.limits import RefusalError
from models.checkpoints.programs import EXPORT, SCRIPT, kind, kind_of_file, tensors
from tests.models.checkpoints import files


@pytest.mark.parametrize(
    ("names", "what"),
    [
        (["x/data.pkl", "x/constants.pkl"], SCRIPT),
        (["x/code/__torch__.py"], SCRIPT),
        (["x/serialized_exported_program.json"], EXPORT),
        (["x/archive_format"], EXPORT),
        (["x/data.pkl", "x/data/0"], None),
        ([], None),
    ],
)
def test_a_program_is_told_by_a_name_inside(names, what):
    assert kind(names) == what


def test_a_file_that_is_no_archive_is_no_program(tmp_path):
    path = tmp_path / "file"
    for content, what in (
        (files.TORCH, None),
        (b"PK\x03\x04", None),
        (files.archive({"constants.pkl": b""}), SCRIPT),
    ):
        path.write_bytes(content)
        assert kind_of_file(path) == what
    assert kind_of_file(tmp_path / "none") is None


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("what", [SCRIPT, EXPORT])
def test_one_that_cannot_be_loaded_is_a_sentence(tmp_path, what):
    (tmp_path / "file").write_bytes(files.archive({"constants.pkl": b""}))
    with pytest.raises(RefusalError, match=rf"^is a {what} that cannot be loaded here \(\w+\); "):
        tensors(tmp_path / "file", what)
