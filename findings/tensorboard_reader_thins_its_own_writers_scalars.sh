#!/usr/bin/env bash
# tensorboard 2.21.0: scalars of its own writer (tensorboard.summary.Writer, as TensorFlow 2 writes them) are no
# "scalars" to its own reader. EventAccumulator files them under "tensors" and keeps 10 of them, chosen at random;
# of scalars as tensorboardX or torch write them it keeps 10,000. A script over Tags()["scalars"] finds an
# empty run, one over Tensors() a curve of ten points. Pass size_guidance={"tensors": 0}. Source: measured.
# Seen: 100 steps written; scalars [], tensors ['loss'] with 10 steps of 100; all 100 with the setting.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv environment
environment/bin/pip install --quiet tensorboard==2.21.0 numpy==2.4.6

environment/bin/python - <<'EOF'
from tensorboard import version
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.summary import Writer

writer = Writer("run")
for step in range(100):
    writer.add_scalar("loss", 1 / (1 + step), step)
writer.close()

run = EventAccumulator("run").Reload()
steps = [event.step for event in run.Tensors("loss")]
every_step = EventAccumulator("run", size_guidance={"tensors": 0}).Reload().Tensors("loss")

print("tensorboard", version.VERSION)
print("expected: scalars ['loss'] with 100 steps")
print("seen: scalars", run.Tags()["scalars"], "tensors", run.Tags()["tensors"], "with the steps", steps)
assert len(every_step) == 100
assert run.Tags()["scalars"] == [] and len(steps) == 10, "the reader keeps its writer's scalars now"
EOF
