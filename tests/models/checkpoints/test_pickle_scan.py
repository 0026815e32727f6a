"""Pickles read as lists of instructions, in this process: what builds tensors and plain containers passes."""

from __future__ import annotations

import argparse
import collections
import datetime
import io
import pathlib
import pickle
import re
import zipfile

import numpy as np
import pytest
import torch

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
        ("_rebuild_nested_tensor", "nested"),
    ],
)
def test_tensors_of_a_special_kind_are_named(name, what):
    assert refusal(f"\x80\x02ctorch._utils\n{name}\n.".encode("latin-1")) == (
        f"holds tensors of a special kind ({what}); make them plain with .to_dense()"
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


W = torch.zeros(3)


@pytest.mark.parametrize(
    "settings",
    [
        argparse.Namespace(),
        argparse.Namespace(
            lr=0.1, betas=[0.9, (1, None)], name="x", deeper={"a": argparse.Namespace(b=True)}
        ),
        argparse.Namespace(
            device=torch.device("cpu"), dtype=torch.float16, size=torch.Size([1, 2]), kinds={1}
        ),
    ],
)
def test_settings_of_plain_values_pass(settings):
    pickle_scan.check(io.BytesIO(files.unpacked(files.saved({"w": W, "args": settings}))["data.pkl"]))


def settings_refusal(content: object, limits: Limits | None = None) -> str:
    return refusal(files.unpacked(files.saved(content))["data.pkl"], limits)


@pytest.mark.parametrize(
    ("inside", "name"),
    [(collections.OrderedDict, "collections.OrderedDict"), ([{"a": torch.zeros(2)}], "torch.Tensor")],
)
def test_settings_that_hold_more_than_plain_values_are_refused(inside, name):
    assert settings_refusal({"w": W, "args": argparse.Namespace(deeper=argparse.Namespace(a=inside))}) == (
        f"holds settings (argparse.Namespace) with more than plain values inside ({name}); {SAVE_WEIGHTS}"
    )


def test_the_class_of_settings_is_no_value_and_nothing_is_made_of_it_but_a_record():
    said = f"holds more than tensors (argparse.Namespace), and rebuilding that can run code; {SAVE_WEIGHTS}"
    assert settings_refusal({"w": W, "args": argparse.Namespace(kind=argparse.Namespace)}) == said
    assert settings_refusal({"w": W, "kind": argparse.Namespace}) == said
    assert settings_refusal({"w": W, "x": files.Calls(argparse.Namespace)}) == said
    assert refusal(b"\x80\x02cargparse\nNamespace\n.") == said
    # Any other class of argparse is a stranger.
    assert "(argparse.ArgumentParser)" in settings_refusal({"w": W, "x": argparse.ArgumentParser})
    assert refusal(b"\x80\x02ccollections\nOrderedDict\n)\x81.").startswith("was pickled in a way")
    assert refusal(b"\x80\x02cargparse\nNamespace\n)\x81K\x01b.").startswith("was pickled in a way")


def test_paths_pass_as_the_texts_that_they_are():
    paths = [pathlib.Path("/data/birds"), pathlib.PureWindowsPath("C:/data"), pathlib.PurePosixPath()]
    content = {"w": W, "paths": paths, "again": paths[0], "args": argparse.Namespace(data=paths[0])}
    pickle_scan.check(io.BytesIO(files.unpacked(files.saved(content))["data.pkl"]))


def test_the_class_of_a_path_is_no_value_and_only_words_make_one():
    said = f"holds more than tensors (pathlib.PosixPath), and rebuilding that can run code; {SAVE_WEIGHTS}"
    kind = type(pathlib.Path())
    assert settings_refusal({"w": W, "x": kind}) == said
    assert settings_refusal({"w": W, "x": argparse.Namespace(kind=kind)}) == said
    assert refusal(b"\x80\x02cpathlib\nPosixPath\n.") == said
    words = f"holds a path (pathlib.PosixPath) of more than plain words; {SAVE_WEIGHTS}"
    assert refusal(b"\x80\x02cpathlib\nPosixPath\nK\x01\x85R.") == words
    assert refusal(b"\x80\x02cpathlib\nPosixPath\n)\x81.").startswith("was pickled in a way")
    assert "(pathlib.Path)" in refusal(b"\x80\x02cpathlib\nPath\n)R.")


def number_pickle(kind: bytes, text: bytes, order: bytes = b"<") -> bytes:
    """A number of numpy as it is pickled, of any type and bytes."""
    made = (
        b"cnumpy\ndtype\nX" + bytes([len(kind), 0, 0, 0]) + kind + b"\x89\x88\x87R(K\x03X\x01\0\0\0" + order
    )
    encoded = b"c_codecs\nencode\nX" + bytes([len(text), 0, 0, 0]) + text + b"X\x06\0\0\0latin1\x86R"
    return (
        b"\x80\x02cnumpy.core.multiarray\nscalar\n"
        + made
        + b"NNNJ\xff\xff\xff\xffK\x00tb"
        + encoded
        + b"\x86R."
    )


def test_numbers_of_numpy_pass_as_plain_ones():
    kinds = (np.bool_, np.int8, np.uint64, np.float16, np.float32, np.float64, np.complex64, np.complex128)
    numbers = [kind(1) for kind in kinds] * 2
    content = {"w": W, "best": numbers, "args": argparse.Namespace(lr=numbers[0], more={"a": numbers})}
    pickle_scan.check(io.BytesIO(files.unpacked(files.saved(content))["data.pkl"]))
    pickle_scan.check(io.BytesIO(number_pickle(b"f8", bytes(8))))


def test_a_number_of_numpy_is_of_a_known_type_and_has_its_bytes():
    plain = f"that is no plain number; {SAVE_WEIGHTS}"
    for kind in (b"O8", b"U1", b"M8", b"V8", b"f16"):
        assert refusal(number_pickle(kind, bytes(8))) == f"holds a value of numpy ({kind.decode()}) {plain}"
    for size in (0, 7, 9, 200):
        assert refusal(number_pickle(b"f8", b"a" * size)) == f"holds a value of numpy {plain}"
    assert refusal(number_pickle(b"f8", bytes(8), b"x")).startswith("was pickled in a way")
    # A type is no number, and neither is what makes one.
    for name in ("numpy.dtype", "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar"):
        module, _, last = name.rpartition(".")
        said = f"holds more than tensors ({name}), and rebuilding that can run code; {SAVE_WEIGHTS}"
        assert refusal(f"\x80\x02c{module}\n{last}\n.".encode("latin-1")) == said
        assert refusal(f"\x80\x02c{module}\n{last}\n)\x81.".encode("latin-1")).startswith("was pickled in a")
    assert "(numpy.ndarray)" in refusal(b"\x80\x02cnumpy\nndarray\n)R.")
    assert "(numpy.dtype)" in settings_refusal({"w": W, "args": argparse.Namespace(kind=np.dtype("f8"))})


def test_settings_within_settings_hold_at_equality():
    nested = argparse.Namespace(a=1)
    for _ in range(3):
        nested = argparse.Namespace(inner=nested)
    # Each is a record and the dictionary of its values.
    settings_refusal_at = Limits(max_depth=7)
    pickle_scan.check(io.BytesIO(files.unpacked(files.saved(nested))["data.pkl"]), Limits(max_depth=8))
    assert settings_refusal(nested, settings_refusal_at) == (
        f"holds settings (argparse.Namespace) nested more than 7 deep; {SAVE_WEIGHTS}"
    )


def test_what_tensors_ask_for_is_known():
    content = {
        "a": torch.zeros(3),
        "b": torch.zeros(5, dtype=torch.int16),
        "c": torch.zeros(2).to(torch.float8_e4m3fn),
    }
    storages = pickle_scan.check(io.BytesIO(files.unpacked(files.saved(content))["data.pkl"]))
    assert [storage.size for storage in storages] == [12, 10, 2]
    assert len({storage.key for storage in storages}) == 3


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "torch._utils._rebuild_meta_tensor_no_storage",
            "holds names and shapes, but no numbers (meta tensors); ",
        ),
        ("torch.distributed.tensor.DTensor", "holds tensors that are spread over several processes ("),
        ("torch._utils._rebuild_qtensor", "holds quantised weights, "),
        ("torch.QInt8Storage", "holds quantised weights, "),
        ("torch.nn.parameter.UninitializedParameter", "holds lazy layers that have not seen a picture yet, "),
        ("torch._tensor._rebuild_from_type_v2", "holds tensors of a special kind (subclassed); "),
    ],
)
def test_each_kind_of_tensor_that_is_no_array_has_its_own_sentence(name, said):
    module, _, kind = name.rpartition(".")
    sentence = refusal(f"\x80\x02c{module}\n{kind}\n.".encode("latin-1"))
    assert sentence.startswith(said)
    assert SAVE_WEIGHTS not in sentence
