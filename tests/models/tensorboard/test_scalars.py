"""The tags of our runs: what logs on disk and readers of them rely on."""

from __future__ import annotations

from models.tensorboard import scalars
from models.tensorboard.tags import TagLabel, tag_label


def test_tags_stay_what_logs_on_disk_say():
    assert {name: tag for name, tag in vars(scalars).items() if name.isupper() and isinstance(tag, str)} == {
        "TRAIN_LOSS": "loss/train",
        "TRAIN_TOP1": "top1/train",
        "RATE": "learning_rate",
        "GRADIENT_NORM": "gradient_norm",
        "UPDATE_RATIO": "update_ratio",
        "EPOCH_LOSS": "loss_epoch/train",
        "EPOCH_TOP1": "top1_epoch/train",
        "VALIDATION_LOSS": "loss/validation",
        "VALIDATION_TOP1": "top1/validation",
        "SPEED": "images_per_second",
    }
    assert (scalars.LAYERS, scalars.LAYER_NUMBERS) == (("weights", "gradients"), ("mean", "std", "norm"))


def test_training_and_validation_share_a_chart():
    assert tag_label(scalars.EPOCH_LOSS) == TagLabel("loss (epoch)", "training")
    assert tag_label(scalars.TRAIN_LOSS) == TagLabel("loss", "training")
    assert tag_label(scalars.VALIDATION_LOSS) == TagLabel("loss", "validation")
    assert tag_label(scalars.VALIDATION_TOP1) == TagLabel("accuracy", "validation")
