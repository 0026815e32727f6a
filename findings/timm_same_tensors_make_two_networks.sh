#!/usr/bin/env bash
# timm 1.0.31: efficientnet_b0 and tf_efficientnet_b0 have the same names, shapes and types of all tensors, so one's
# checkpoint loads into the other with strict=True. They compute something else: TensorFlow's padding (more at the end)
# and an epsilon of 1e-3 against 1e-5 in batch norm, none of which a checkpoint holds. Accuracy drops, nothing fails.
# A digest of the weights does not name a network, and shapes do not tell which it is. Source: measured.
# Seen: all keys match; the largest logit differs by 79 % of the largest logit.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv environment
environment/bin/pip install --quiet timm==1.0.31 torch==2.14.1 torchvision==0.29.1 numpy==2.4.6

environment/bin/python - <<'EOF'
import timm
import torch

torch.manual_seed(0)
ours = timm.create_model("efficientnet_b0").eval()
theirs = timm.create_model("tf_efficientnet_b0").eval()


def signature(network):
    return {name: (tuple(tensor.shape), tensor.dtype) for name, tensor in network.state_dict().items()}


same_tensors = signature(ours) == signature(theirs)
matched = theirs.load_state_dict(ours.state_dict(), strict=True)
picture = torch.randn(1, 3, 224, 224)
with torch.no_grad():
    logits, others = ours(picture), theirs(picture)
difference = float((logits - others).abs().max() / logits.abs().max())

print("timm", timm.__version__)
print("expected: equal names, shapes and values of all tensors make equal logits")
print("seen:", matched, "largest difference", f"{difference:.0%}", "epsilon", ours.bn1.eps, theirs.bn1.eps)
assert same_tensors and not matched.missing_keys and not matched.unexpected_keys
assert difference > 0.05 and ours.bn1.eps != theirs.bn1.eps, "the two are one network now"
EOF
