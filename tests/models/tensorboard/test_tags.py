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


@pytest.mark.parametrize(
    ("tag", "part", "label"),
    [
        ("Logloss", "learn", TagLabel("Logloss", "training")),  # CatBoost 1.2.10, one set
        ("Logloss", "test", TagLabel("Logloss", "test")),
        ("Logloss:0", "test", TagLabel("Logloss", "test")),  # and several
        ("Logloss", "test1", TagLabel("Logloss", "test", "test1")),
        ("Loss/train_loss", "", TagLabel("loss", "training")),  # skorch 1.4.0
        ("Loss/valid_loss", "", TagLabel("loss", "validation")),
        ("Loss/valid_acc", "", TagLabel("accuracy", "validation")),
        ("dur", "", TagLabel("dur", "")),
        ("loss/train/total", "", TagLabel("loss", "training")),  # Composer 0.32.1
        ("metrics/train/MulticlassAccuracy", "", TagLabel("accuracy", "training")),
        ("metrics/eval/MulticlassAccuracy", "", TagLabel("accuracy", "validation")),
        ("metrics/mine/MulticlassAccuracy", "", TagLabel("accuracy", "validation", "mine")),
        ("metrics/eval/CrossEntropy", "", TagLabel("CrossEntropy", "validation")),
        ("metrics/precision(B)", "", TagLabel("metrics/precision(B)", "")),  # of nobody's set
        ("time/batch_in_epoch", "", TagLabel("time/batch_in_epoch", "")),
        ("train_loss_epoch", "", TagLabel("loss (epoch)", "training")),  # Lightning 2.6.6
        ("val_loss", "", TagLabel("loss", "validation")),
        ("val_loss/dataloader_idx_1", "", TagLabel("loss", "validation", "dataloader_idx_1")),
        ("valid_loss", "", TagLabel("loss", "validation")),  # fastai 2.8.12
        ("lr_0", "", TagLabel("learning rate (0)", "")),
        ("validation_0/logloss", "", TagLabel("logloss", "", "validation_0")),  # XGBoost 3.2.0
        ("eval-logloss", "", TagLabel("logloss", "validation")),
        ("net/val_acc", "", TagLabel("net/acc", "validation")),
        ("Loss", "val", TagLabel("loss", "validation")),  # add_scalars
        ("Loss", "train_loss", TagLabel("loss", "training")),
        ("waves", "sin", TagLabel("waves", "sin")),
        ("trainLoss", "", TagLabel("loss", "training")),
        ("ValidationAcc", "", TagLabel("accuracy", "validation")),
        ("lossVal", "", TagLabel("loss", "validation")),
        ("Training Loss", "", TagLabel("loss", "training")),
        ("learn_rate", "", TagLabel("learn_rate", "")),
        ("learnRate", "", TagLabel("learnRate", "")),
        ("interval", "", TagLabel("interval", "")),
        ("TrainableParams", "", TagLabel("TrainableParams", "")),
        ("total_loss", "", TagLabel("loss", "")),
        ("ratio:2", "", TagLabel("ratio:2", "")),
    ],
)
def test_train_and_validation_are_found_wherever_they_stand(tag, part, label):
    assert tag_label(tag, part) == label


def test_a_folder_named_as_a_split_is_one():
    assert is_split("train") and is_split("Validation") and is_split("learn") and is_split("test1")
    assert not is_split("version_0") and not is_split("training_run") and not is_split("")
