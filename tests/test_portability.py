"""Every module is imported without what only POSIX has, and whatever the operator has set."""

from __future__ import annotations

import subprocess
import sys

import pytest

from models.runtime import settings
from tests.paths import ROOT

# What Windows lacks: modules, and names in modules that it has.
MODULES = ("fcntl", "grp", "pty", "pwd", "readline", "resource", "syslog", "termios", "tty")
NAMES = {
    "os": (
        "fork",
        "forkpty",
        "getpgid",
        "getuid",
        "killpg",
        "nice",
        "pread",
        "sched_getaffinity",
        "setsid",
        "sysconf",
    ),
    "signal": ("SIGALRM", "SIGCHLD", "SIGHUP", "SIGKILL", "SIGUSR1", "SIGXCPU"),
}
# The libraries have ways of their own around it, which they choose by the system's name, so they come first.
LIBRARIES = (
    *(
        "captum.attr",
        "filelock",
        "h5py",
        "google_crc32c",
        "huggingface_hub",
        "jinja2",
        "plotly.graph_objects",
        "scipy.stats",
    ),
    *(
        "safetensors.torch",
        "skimage.segmentation",
        "sklearn.manifold",
        "sklearn.linear_model",
        "sklearn.tree",
    ),
    *(
        "streamlit.testing.v1",
        "timm",
        "torch.distributed",
        "torchvision.models",
        "tqdm",
        "asyncio",
        "multiprocessing",
    ),
)
CODE = f"""
import importlib, pathlib, sys
for library in {LIBRARIES}:
    importlib.import_module(library)
for module in {MODULES}:
    sys.modules[module] = None
for module, names in {NAMES}.items():
    for name in names:
        delattr(sys.modules[module], name)
count = 0
for folder in ("models", "dashboard"):
    for path in sorted(pathlib.Path(folder).rglob("*.py")):
        # A page is a script, which a visit runs.
        if path.parts[:2] != ("dashboard", "pages"):
            parts = path.with_suffix("").parts
            importlib.import_module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
            count += 1
print(count)
"""


@pytest.mark.slow
def test_every_module_is_imported_without_what_only_posix_has():
    wrong = {number.name: "lots" for number in settings.NUMBERS}
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", CODE],
        cwd=ROOT,
        env=settings.child_environment(wrong),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr
    assert int(run.stdout.split()[-1]) > 300
