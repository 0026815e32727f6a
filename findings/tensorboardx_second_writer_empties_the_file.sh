#!/usr/bin/env bash
# tensorboardX 2.6.5: an event file is named after the second and the host only, and is opened for writing anew.
# Two writers on one folder within one second share one file; the second empties what the first has closed.
# torch.utils.tensorboard adds the process and a counter. A run that logs training and validation through two
# writers, loses its first records and looks as if it began later. Source: tensorboardX issue 776.
# Seen: one file with the tags ['training'], then ['validation'] alone, though the first writer was closed.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv environment
environment/bin/pip install --quiet tensorboardX==2.6.5 tensorboard==2.21.0 numpy==2.4.6

environment/bin/python - <<'EOF'
from pathlib import Path

import tensorboardX
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

for attempt in range(10):  # until both writers fall into one second
    folder = Path(f"run{attempt}")
    with tensorboardX.SummaryWriter(str(folder)) as training:
        training.add_scalar("training", 1.0, 0)
    first = EventAccumulator(str(folder)).Reload().Tags()["scalars"]
    with tensorboardX.SummaryWriter(str(folder)) as validation:
        validation.add_scalar("validation", 2.0, 0)
    files = [file.name for file in folder.iterdir()]
    if len(files) == 1:
        break
tags = EventAccumulator(str(folder)).Reload().Tags()["scalars"]

print("tensorboardX", tensorboardX.__version__)
print("expected: two files, tags", ["training", "validation"])
print("seen: files:", len(files), "tags before the second writer:", first, "after:", tags)
assert first == ["training"]
assert len(files) == 1 and tags == ["validation"], "two writers of one second are kept apart now"
EOF
