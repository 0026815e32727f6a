"""What the names in anybody's logs mean."""

import pytest

from models.tensorboard.tags import TagLabel, is_split, tag_label


@pytest.mark.parametrize(
    ("tag", "part", "title", "split"),
    [
        ("epoch_loss", "train", "loss", "training"),  # Keras
        ("epoch_accuracy", "validation", "accuracy", "validation"),
        ("epoch_learning_rate", "train", "learning rate", "training"),
        ("batch_loss", "train", "loss (step)", "training"),
        ("evaluation_loss_vs_iterations", "validation", "loss (step)", "validation"),
        ("train_loss", "", "loss", "training"),  # Lightning
        ("val_acc", "", "accuracy", "validation"),
        ("train_loss_step", "", "loss (step)", "training"),
        ("train_loss_epoch", "", "loss (epoch)", "training"),
        ("epoch", "", "epoch", ""),
        ("lr-Adam", "", "learning rate (Adam)", ""),
        ("hp_metric", "", "hp_metric", ""),
        ("Loss/train", "", "loss", "training"),  # a bare SummaryWriter
        ("Loss/test", "", "loss", "test"),
        ("accuracy/validation", "", "accuracy", "validation"),
        ("train/F1", "", "F1", "training"),
        ("eval/runtime", "", "runtime", "validation"),
        ("lr", "", "learning rate", ""),
        ("something else", "", "something else", ""),
        ("train", "", "train", ""),
        ("trainable", "", "trainable", ""),
        ("", "", "", ""),
        ("a\nb/val", "", "a\nb", "validation"),
        ("{}_step", "", "{} (step)", ""),
    ],
)
def test_a_tag_in_words(tag, part, title, split):
    assert tag_label(tag, part) == TagLabel(title, split)


def test_a_folder_named_as_a_split_is_one():
    assert is_split("train") and is_split("Validation")
    assert not is_split("version_0") and not is_split("training_run")
