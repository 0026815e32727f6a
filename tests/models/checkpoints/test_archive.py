"""The zip archive of torch.save, in this process: exact refusals at each bound."""

from __future__ import annotations

import pytest
import torch

from models.checkpoints import archive
from models.checkpoints.archive import Archive
from models.checkpoints.limits import CUT_SHORT, DISTRIBUTED, SAVE_WEIGHTS, Limits, RefusalError
from tests.models.checkpoints import files

RECORDS = files.unpacked(files.TORCH)
UNPACKED = sum(map(len, RECORDS.values()))


@pytest.fixture
def check(tmp_path):
    def check(content: bytes, limits: Limits | None = None) -> Archive:
        (tmp_path / "file").write_bytes(content)
        return archive.check(tmp_path / "file", limits or Limits())

    return check


@pytest.mark.parametrize("compressed", [False, True])
def test_an_honest_archive_says_what_it_takes(check, compressed):
    content = files.archive(RECORDS, compressed=compressed)
    assert check(content) == Archive(unpacked=UNPACKED, stored=not compressed)


def test_files_and_the_list_of_tensors_hold_at_equality(check):
    count, length = len(RECORDS), len(RECORDS["data.pkl"])
    check(files.archive(RECORDS), Limits(max_records=count, max_pickle=length))
    with pytest.raises(RefusalError) as refused:
        check(files.archive(RECORDS), Limits(max_records=count - 1))
    assert str(refused.value) == f"is an archive of more than {count - 1} files; {SAVE_WEIGHTS}"
    with pytest.raises(RefusalError) as refused:
        check(files.archive(RECORDS), Limits(max_pickle=length - 1))
    assert str(refused.value) == f"lists its tensors in more than 0 MB; {SAVE_WEIGHTS}"


def test_what_it_unpacks_to_is_bounded(check):
    content = files.archive({**RECORDS, "data/9": bytes(100_000)}, compressed=True)
    ratio = (UNPACKED + 100_000) / len(content)
    assert not check(content, Limits(max_ratio=int(ratio) + 1)).stored
    with pytest.raises(RefusalError) as refused:
        check(content, Limits(max_ratio=int(ratio)))
    assert str(refused.value) == (
        f"would unpack to {ratio:,.0f} times its size, more than {int(ratio)}; {SAVE_WEIGHTS}"
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (files.TORCH[:-1], f"is cut short or damaged: its archive cannot be read to its end; {CUT_SHORT}"),
        (files.flipped(files.TORCH), f"is damaged: a checksum inside does not match; {CUT_SHORT}"),
        (
            files.archive({"a.txt": b"a"}),
            "is an archive, not a checkpoint; unpack it and drop the checkpoint inside",
        ),
        (
            files.archive({**RECORDS, "DATA.PKL": b""}),
            f"is damaged: two files of one name are inside; {CUT_SHORT}",
        ),
        (
            files.archive({**RECORDS, "a//b": b""}),
            f"is an archive with names that torch.save does not give; {SAVE_WEIGHTS}",
        ),
        (files.locked(), "is locked with a password; unlock it and drop it again"),
        (
            files.archive({"data.pkl": b"", "constants.pkl": b""}),
            f"is TorchScript, and loading one can run code; {SAVE_WEIGHTS}",
        ),
        (files.array(many=True), "is a NumPy archive; save its arrays by name with safetensors"),
    ],
)
def test_what_is_wrong_is_one_sentence(check, content, sentence):
    with pytest.raises(RefusalError) as refused:
        check(content)
    assert str(refused.value) == sentence


def test_a_record_shorter_than_its_tensor_is_refused_by_name(check):
    """Minimal, and refused before torch reads it."""
    content = files.unpacked(files.saved({"w": torch.zeros(4)}))
    check(files.archive({**content, "data/0": bytes(16)}))
    with pytest.raises(RefusalError) as refused:
        check(files.archive({**content, "data/0": bytes(15)}))
    assert str(refused.value) == (
        f"is damaged: its record data/0 is 15 bytes where its tensor has 16; {CUT_SHORT}"
    )
    with pytest.raises(RefusalError) as refused:
        check(files.archive({name: record for name, record in content.items() if name != "data/0"}))
    assert str(refused.value) == f"is damaged: its record data/0 is missing; {CUT_SHORT}"


def test_archives_behind_each_other_are_a_part_of_a_distributed_checkpoint(check):
    with pytest.raises(RefusalError) as refused:
        check(files.TORCH + files.TORCH)
    assert str(refused.value) == DISTRIBUTED
