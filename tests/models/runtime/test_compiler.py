"""torchvision and timm come without torch's compiler, and ask it all the same when they must."""

import subprocess
import sys

import pytest

from tests.paths import ROOT

CODE = """
import sys
import models.classifier
import timm
import torch
import torchvision

print(sum(name.partition(".")[2].startswith("_dynamo") for name in sys.modules))
from torch.utils.flop_counter import flop_registry
print(sum(name.partition(".")[0] == "triton" for name in sys.modules), torch.ops.aten.mm in flop_registry)
from torchvision.ops import roi_align
boxes = torch.tensor([[0.0, 0, 0, 2, 2]])
print(roi_align(torch.ones(1, 1, 4, 4), boxes, 1).item())
from torchvision.ops.roi_align import is_compile_supported
from torch._dynamo.utils import is_compile_supported as real
print(is_compile_supported("cpu") == real("cpu"), is_compile_supported is not real)
from timm.layers.typing import disable_compiler
print(disable_compiler(lambda x: x + 1)(1), torch.compiler.disable is not disable_compiler)
print(torch.compile(lambda x: x + 1, backend="eager")(torch.ones(1)).item())
"""


@pytest.mark.slow
def test_torchvision_comes_without_the_compiler_which_is_there_when_it_is_asked():
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", CODE], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split("\n") == ["0", "0 True", "1.0", "True True", "2 True", "2.0", ""]


TRAINED = """
import sys
import torch
from models.runtime.compiler import nothing_compiled

layer = torch.nn.Linear(1, 1)
with nothing_compiled():
    optimizer = torch.optim.Adam(layer.parameters())
    for _ in range(2):
        optimizer.zero_grad()
        layer(torch.ones(1)).sum().backward()
        optimizer.step()
print(any(name.startswith(("torch._dynamo", "sympy")) for name in sys.modules))
print(torch.compile(layer, backend="eager")(torch.ones(1)).equal(layer(torch.ones(1))))
"""


@pytest.mark.slow
def test_a_step_is_taken_without_the_compiler_which_is_there_when_it_is_asked():
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", TRAINED], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "True"]
