"""Pickles read as lists of instructions, in this process: what builds tensors and plain containers passes."""

from __future__ import annotations

import collections
import datetime
import io
import pickle
import re
import zipfile

import pytest

from models.checkpoints import pickle_scan
from models.checkpoints.limits import CUT_SHORT, SAVE_WEIGHTS, Limits, RefusalError
from tests.models.checkpoints import files


def refusal(content: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(RefusalError) as refused:
        pickle_scan.check(io.BytesIO(content), limits or Limits())
    return str(refused.value)


def steps(content: object) -> int:
    """How many instructions a pickle has."""
    import pickletools

    return sum(1 for _ in pickletools.genops(pickle.dumps(content, 2)))


PLAIN = {
    "epoch": 3,
    "best": 0.9,
    "names": ["a", "b"],
    "none": None,
    "yes": True,
    "pair": (1, 2),
    "large": 2**80,
    "numbers": {1, 2},
    "counted": collections.Counter("aab"),
    "ordered": collections.OrderedDict(a=1),
    "complex": 1 + 2j,
}


def test_plain_containers_pass_and_the_file_stands_behind_them():
    file = io.BytesIO(pickle.dumps(PLAIN, 2) + b"behind")
    pickle_scan.check(file)
    assert file.read() == b"behind"


def test_what_torch_saves_passes():
    with zipfile.ZipFile(io.BytesIO(files.TORCH)) as archive:
        record = next(name for name in archive.namelist() if name.endswith("data.pkl"))
        pickle_scan.check(io.BytesIO(archive.read(record)))


def test_steps_hold_at_equality():
    count = steps(PLAIN)
    pickle_scan.check(io.BytesIO(pickle.dumps(PLAIN, 2)), Limits(max_opcodes=count))
    assert refusal(pickle.dumps(PLAIN, 2), Limits(max_opcodes=count - 1)) == (
        f"lists more than {count - 1:,} steps to build its tensors; {SAVE_WEIGHTS}"
    )


@pytest.mark.parametrize(
    ("content", "names"),
    [
        (datetime.date(2024, 1, 1), "datetime.date"),
        (collections.deque([1]), "collections.deque"),
        ([datetime.date(2024, 1, 1), collections.deque()], "datetime.date and collections.deque"),
        (slice(1, 2), "builtins.slice|__builtin__.slice"),
    ],
)
def test_other_classes_are_named(content, names):
    sentence = refusal(pickle.dumps(content, 2))
    assert sentence in [
        f"holds more than tensors ({one}), and rebuilding that can run code; {SAVE_WEIGHTS}"
        for one in names.split("|")
    ]


def test_no_more_than_three_are_named():
    content = [datetime.date(2024, 1, 1), collections.deque(), slice(1), range(3)]
    assert refusal(pickle.dumps(content, 2)).partition(")")[0].count(" and ") == 2


def test_a_function_of_the_system_is_refused_by_name_where_it_is_only_mentioned():
    """A name and nothing that would call it."""
    assert refusal(b"\x80\x02cos\ngetcwd\n.") == (
        "would call os.getcwd when it is opened, which no weights do; nothing of it was run here, "
        "and you should not open it anywhere else"
    )


def test_a_layer_is_a_whole_network():
    assert refusal(b"\x80\x02ctorch.nn.modules.linear\nLinear\n.") == (
        f"holds a whole network (torch.nn.modules.linear.Linear), and opening that runs its code; {SAVE_WEIGHTS}"
    )


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("_rebuild_sparse_tensor", "sparse"),
        ("_rebuild_qtensor", "qtensor"),
        ("_rebuild_nested_tensor", "nested"),
    ],
)
def test_tensors_of_a_special_kind_are_named(name, what):
    assert refusal(f"\x80\x02ctorch._utils\n{name}\n.".encode("latin-1")) == (
        f"holds tensors of a special kind ({what}); make them plain with .dequantize() or .to_dense()"
    )


def test_other_protocols_are_not_torch_saves():
    assert refusal(pickle.dumps([1, 2], 4)) == (
        f"was pickled in a way that torch.save does not (FRAME); {SAVE_WEIGHTS}"
    )
    assert refusal(pickle.dumps([1.5], 0)).startswith("was pickled in a way that torch.save does not (")


def test_damage_is_said_unless_a_name_says_more():
    cut = pickle.dumps(PLAIN, 2)[:-10]
    assert refusal(cut) == f"is damaged within its list of tensors; {CUT_SHORT}"
    assert refusal(b"") == f"is damaged within its list of tensors; {CUT_SHORT}"
    assert "datetime.date" in refusal(pickle.dumps(datetime.date(2024, 1, 1), 2)[:-1])


def test_a_name_is_shown_without_what_names_have_not():
    sentence = refusal(b"\x80\x02ca<b>\n" + b"c" * 100 + b"\n.")
    match = re.search(r"\(([^)]*)\)", sentence)
    assert match is not None
    assert match[1] == "a?b?." + "c" * 55
