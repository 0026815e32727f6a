"""The command: alone, and two processes whose parts make the same whole."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dashboard.inspection.passes import __main__ as command
from tests.paths import ROOT


def run(out: Path, *start: str, said: str, layer: str = "", count: int = 300) -> dict[str, np.ndarray]:
    chosen = ["--layer", layer] if layer else []
    arguments = ["--model", "cnn", *chosen, "--count", str(count), "--out", str(out)]
    told = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "VITRINE_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, *start, "-m", "dashboard.inspection.passes", *arguments],
        cwd=ROOT,
        env=told,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert said in done.stdout
    with np.load(out) as file:
        return dict(file)


TWO = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2")


@pytest.mark.slow
@pytest.mark.parametrize("count", [300, 100])  # 100 are one batch: the second process has none
def test_two_processes_find_what_one_finds(tmp_path, count):
    said = f"block3: 64 channels over {count} pictures"
    alone = run(tmp_path / "one.npz", said=said, layer="block3", count=count)
    both = run(tmp_path / "two.npz", *TWO, said=said, layer="block3", count=count)
    assert alone.keys() == both.keys()
    for name, array in alone.items():
        if name in ("mean", "std", "output_std"):
            np.testing.assert_allclose(both[name], array, rtol=1e-12)
        else:
            np.testing.assert_array_equal(both[name], array, err_msg=name)


@pytest.mark.slow
def test_two_processes_find_the_health_that_one_finds(tmp_path):
    said = "cnn: 20 layer calls and 256 units over 300 pictures"
    alone, both = run(tmp_path / "one.npz", said=said), run(tmp_path / "two.npz", *TWO, said=said)
    assert alone.keys() == both.keys()
    assert alone["units"].sum() > 0 and "head" in alone["layer"]
    for name, array in alone.items():
        if name in ("mean", "std"):
            np.testing.assert_allclose(both[name], array, rtol=1e-9, atol=1e-12)
        else:
            np.testing.assert_array_equal(both[name], array, err_msg=name)


def test_a_folder_of_photos_with_a_broken_one(tmp_path, capsys):
    for number in range(5):
        Image.new("RGB", (40, 30), (50 * number, 90, 20)).save(tmp_path / f"{number}.png")
    (tmp_path / "2.png").write_bytes(b"torn")
    out = tmp_path / "out.npz"
    arguments = ["--model", "squeezenet1_1", "--layer", "features.1", "--images", str(tmp_path)]
    assert command.main([*arguments, "--out", str(out)]) == 0
    assert "features.1: 64 channels over 4 pictures" in capsys.readouterr().out
    with np.load(out) as file:
        assert set(file["most"][0].tolist()) == {0, 1, 3, 4, -1}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--model", "cnn", "--layer", "nowhere"], "has no layer 'nowhere'; choose one of block1.conv"),
        (["--model", "sorcery", "--layer", "x"], "There is no network called sorcery"),
        (["--model", "squeezenet1_1", "--layer", "features.1"], "name a folder of them with --images"),
        (["--model", "cnn", "--layer", "block1", "--images", "no/such/folder"], "cannot be read"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(arguments, sentence, capsys):
    assert command.main(arguments) == 2
    assert sentence in capsys.readouterr().err
