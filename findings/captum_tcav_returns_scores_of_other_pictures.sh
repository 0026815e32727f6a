#!/usr/bin/env bash
# Captum 0.9.0: TCAV stores each concept's vector on disk, in ./cav, under the concept's number and the layer, and loads
# it again whatever the pictures are. A concept with the same number and other pictures gets the old scores; so does
# another network under the same model_id ("default_model_id" unless given), and a new process in the folder.
# A corrected set of pictures seems to change nothing. Use a new save_path or number. Source: compare captum issue 776.
# Seen: pictures of concepts 0 and 1 swapped: scores stay at 0.5, -0.5 in the same folder; in a new one about -0.5, 0.5.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv environment
environment/bin/pip install --quiet captum==0.9.0 torch==2.14.1 scikit-learn==1.9.1 numpy==2.4.6

environment/bin/python - <<'EOF'
import warnings

import captum
import torch
from captum.concept import TCAV, Concept

warnings.simplefilter("ignore")
torch.manual_seed(0)
network = torch.nn.Sequential(torch.nn.Linear(8, 4), torch.nn.ReLU(), torch.nn.Linear(4, 2)).eval()
noise = torch.randn(40, 8)
shift = 3 * torch.eye(8)[0]
bright, dark = noise + shift, noise - shift


def scores(first, second, folder):
    torch.manual_seed(0)
    concepts = [
        Concept(number, f"concept{number}", torch.utils.data.DataLoader(pictures, batch_size=10))
        for number, pictures in enumerate((first, second))
    ]
    tcav = TCAV(network, ["0"], save_path=folder)
    magnitudes = tcav.interpret(noise, [concepts], target=0)["0-1"]["0"]["magnitude"]
    return [round(magnitude, 2) for magnitude in magnitudes.tolist()]


before, swapped, elsewhere = scores(bright, dark, "one"), scores(dark, bright, "one"), scores(dark, bright, "other")
print("captum", captum.__version__)
print("expected: other pictures, other scores:", before, elsewhere)
print("seen in the same folder:", before, swapped)
assert before[0] * elsewhere[0] < 0 and abs(before[0] - elsewhere[0]) > 0.1
assert swapped == before, "other pictures get scores of their own now"
EOF
