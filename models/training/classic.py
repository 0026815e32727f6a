"""The run that a learner begins with: the multilayer perceptron of the textbooks on digits, in less than a minute."""

from __future__ import annotations

from models.training.config import Config

# Small batches and a checkpoint every few of them, so that one sees its answers change.
CLASSIC = Config(model="mlp", dataset="mnist-10k", epochs=6, batch_size=32, checkpoint_every=15)
