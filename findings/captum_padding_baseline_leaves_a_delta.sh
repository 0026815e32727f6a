#!/usr/bin/env bash
# Captum 0.9.0: LayerIntegratedGradients on an embedding, with padding as the baseline, of a network that makes its mask
# of the ids. The way is gone behind the mask of the text, for only the embedding's output is put in place; the two ends
# of the convergence delta are whole passes, and that of the baseline has every word masked. So the delta does not close,
# whatever n_steps, as if the integral were inexact. An unknown word as the baseline leaves the mask alone.
# Source: measured.
# Seen: delta -3.0 at 50 and at 1,000 steps with padding, 0.0 with an unknown word.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv environment
environment/bin/pip install --quiet captum==0.9.0 torch==2.14.1 numpy==2.4.6

environment/bin/python - <<'EOF'
import captum
import torch
from captum.attr import LayerIntegratedGradients
from torch import nn

PAD, UNKNOWN = 0, 1


class Mean(nn.Module):
    """Words and their place, and the mean over those that are no padding."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(4, 1, padding_idx=PAD)
        self.embedding.weight.data = torch.tensor([[0.0], [0.0], [1.0], [2.0]])

    def forward(self, ids):
        present = (ids != PAD).float()
        words = self.embedding(ids)[..., 0] + 3.0  # what every place adds, as learned places do
        return (words * present).sum(1) / present.sum(1).clamp_min(1)


network = Mean().eval()
text = torch.tensor([[2, 3, 2]])
method = LayerIntegratedGradients(network, network.embedding)


def delta(word, steps):
    baseline = torch.full_like(text, word)
    values, left = method.attribute(text, baseline, n_steps=steps, return_convergence_delta=True)
    change = float((network(text) - network(baseline)).detach())
    print(f"baseline {word}, {steps:4} steps: values add up to {float(values.sum()):.3f}, the score changes by {change:.3f}")
    return round(float(left), 3)


print("captum", captum.__version__)
padded, unknown = [delta(PAD, 50), delta(PAD, 1000)], [delta(UNKNOWN, 50)]
print("expected: the delta goes to 0 with more steps; seen:", padded, unknown)
assert padded == [-3.0, -3.0] and unknown == [0.0], "the delta closes now"
EOF
