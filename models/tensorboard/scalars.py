"""The tags under which a run logs its numbers."""

from __future__ import annotations

# Every optimizer step.
TRAIN_LOSS, TRAIN_TOP1, RATE = "loss/train", "top1/train", "learning_rate"
# Every k steps.
GRADIENT_NORM, UPDATE_RATIO = "gradient_norm", "update_ratio"
# Every epoch; the training values are means over the epoch, as the network was while it learned.
EPOCH_LOSS, EPOCH_TOP1 = "loss_epoch/train", "top1_epoch/train"
VALIDATION_LOSS, VALIDATION_TOP1 = "loss/validation", "top1/validation"
# About every second; the only one that a repeated run does not repeat.
SPEED = "images_per_second"
# Every epoch and weight: histograms as weights/NAME and gradients/NAME, numbers as weights_mean/NAME and so on.
LAYERS = ("weights", "gradients")
LAYER_NUMBERS = ("mean", "std", "norm")
