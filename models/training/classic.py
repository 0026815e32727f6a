"""The run that a learner begins with: the multilayer perceptron of the textbooks on digits, in less than a minute."""

from __future__ import annotations

from models.training.config import Config

# Plain gradient descent with momentum, as in the paper, in small batches and with a checkpoint every few of them: at
# first it guesses, and one sees its answers change.
CLASSIC = Config(
    model="mlp",
    dataset="mnist-10k",
    epochs=4,
    batch_size=32,
    optimizer="sgd",
    learning_rate=0.02,
    momentum=0.9,
    checkpoint_every=10,
)
