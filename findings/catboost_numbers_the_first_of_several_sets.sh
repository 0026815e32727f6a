#!/usr/bin/env bash
# CatBoost 1.2.10 writes the TensorBoard log of each evaluation set into a folder of its own: learn, test, test1. With
# one set a metric has one tag in all of them. With two, that of the first set ends in ":0" and that of the second does
# not, so a chart of "Logloss" shows training and the second set, and leaves the first one out.
# It matters to whoever compares curves by tag, as TensorBoard does. Source: measured.
# Seen: learn Logloss, test Logloss:0, test1 Logloss.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv environment
environment/bin/pip install --quiet catboost==1.2.10 tensorboard==2.21.0

environment/bin/python - <<'EOF'
import catboost
import numpy as np
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

rng = np.random.default_rng(0)
rows = rng.normal(size=(300, 4))
labels = (rows[:, 0] > 0).astype(int)
sets = [(rows[start : start + 100], labels[start : start + 100]) for start in (0, 100, 200)]


def tags(folder, evaluated):
    model = catboost.CatBoostClassifier(iterations=5, train_dir=folder, verbose=0, thread_count=1)
    model.fit(*sets[0], eval_set=evaluated)
    names = ["learn", "test", "test1"][: 1 + len(evaluated)]
    return {name: EventAccumulator(f"{folder}/{name}").Reload().Tags()["scalars"] for name in names}


one, two = tags("one", sets[1:2]), tags("two", sets[1:])
print("catboost", catboost.__version__)
print("one set:", one)
print("two sets, expected: the same tag for both:", two)
assert one == {"learn": ["Logloss"], "test": ["Logloss"]}
assert two == {"learn": ["Logloss"], "test": ["Logloss:0"], "test1": ["Logloss"]}, "both have one tag now"
EOF
