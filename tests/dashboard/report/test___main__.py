"""A report from a terminal: the file comes, without Streamlit, and what is wrong is one sentence."""

from __future__ import annotations

import subprocess
import sys

import pytest
from PIL import Image

from dashboard.report.__main__ import main
from models.photos.samples import PHOTOS
from tests.paths import ROOT


@pytest.mark.slow
def test_it_needs_no_streamlit(tmp_path):
    file = tmp_path / "report.html"
    said = ["--image", "mnist-10k/test/3", "--model", "mlp", "--run", "example-memorises", "--view", "all"]
    code = (
        "import sys; from dashboard.report.__main__ import main; "
        f"code = main({[*said, '-o', str(file)]!r}); print('streamlit' in sys.modules); sys.exit(code)"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stderr
    told, refused, streamlit = run.stdout.splitlines()
    assert "10 views" in told and streamlit == "False"
    # Only of a network that was trained here is it known what it learned from.
    assert refused.startswith("Learned from: ")
    text = file.read_text(encoding="utf-8")
    assert "the network memorises" in text and 10**6 < len(text) < 10**7


@pytest.mark.slow
def test_a_file_is_looked_at_under_its_own_name(tmp_path, capsys):
    picture = tmp_path / "<img src=x onerror=alert(1)>.png"
    Image.open(PHOTOS["coffee_cup"].path).save(picture)
    out = tmp_path / "out.html"
    assert (
        main(["--image", str(picture), "--view", "answer", "-o", str(out), "--address", "http://x.example/"])
        == 0
    )
    text = out.read_text(encoding="utf-8")
    assert "&lt;img src=x onerror=alert(1)&gt;.png" in text and "<img src=x" not in text
    assert "espresso" in text and "http://x.example/?model=" in text
    assert "1 view" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--model", "no_such"], "There is no network called no_such"),
        (["--image", "nowhere.png"], "There is no sample called"),
        (["--target", "99999"], "Class 99999 is not one of"),
        (["--method", "sorcery"], "There is no method called"),
        (["--set", "n_steps"], "A setting is written NAME=VALUE"),
        (["--run", "nobody"], "run"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_no_file(options, sentence, tmp_path, capsys):
    out = tmp_path / "out.html"
    assert main([*options, "-o", str(out)]) == 2
    said = capsys.readouterr().err
    assert said.startswith("error: ") and sentence.lower() in said.lower()
    assert said.count("\n") == 1 and not out.exists()
