"""The configuration: one record for the command line, the form and the run's folder."""

from __future__ import annotations

import dataclasses
import math
import subprocess
import sys

import pytest

from models.runtime.errors import UserError
from models.training.augmentations import AUGMENTATIONS
from models.training.config import Config, settings
from models.training.kinds import TRAINED
from models.training.optimizers import OPTIMIZERS
from models.training.schedules import SCHEDULES

every_setting = pytest.mark.parametrize("setting", settings().values(), ids=lambda setting: setting.name)


@every_setting
def test_every_field_says_how_to_ask_for_it(setting):
    assert setting.label
    assert setting.help.endswith((".", ")"))
    setting.check(setting.default)
    assert setting.parse(str(setting.default)) == setting.default


@every_setting
@pytest.mark.parametrize(
    "value", [None, True, [], object(), b"x", math.nan, math.inf, "nonsense\n", -5, 10**12]
)
def test_a_wrong_value_names_the_field(setting, value):
    if type(value) is type(setting.default) and not setting.choices and not isinstance(value, int | float):
        return
    if isinstance(value, int | float) and not isinstance(value, bool) and setting.high is None and value > 0:
        return
    with pytest.raises(UserError, match=f"\\({setting.name}\\)"):
        Config(**{setting.name: value})


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("model", [name for kind in TRAINED.values() for name in kind.architectures]),
        ("optimizer", OPTIMIZERS),
        ("schedule", SCHEDULES),
        ("augmentation", AUGMENTATIONS),
    ],
)
def test_a_table_is_the_choice(name, table):
    assert list(settings()[name].choices) == list(table)
    with pytest.raises(UserError) as refusal:
        Config.from_json({name: "bogus"})
    assert all(choice in str(refusal.value) for choice in table)


def test_bounds_are_told():
    with pytest.raises(UserError, match=r"from 0 to 0\.95"):
        Config(dropout=1.0)
    with pytest.raises(UserError, match="1 or more"):
        Config(every_k=0)


def test_survives_json():
    config = Config(model="vit", learning_rate=0.1 + 0.2, augmentation="crop", folds=3, fold=2, parent="p")
    assert Config.from_json(config.to_json()) == config
    assert Config.from_json({**config.to_json(), "of_a_later_version": 1}) == config
    assert Config.from_json({}) == Config()


def test_is_read_from_texts():
    config = Config.parse({"epochs": "3", "learning_rate": "1e-2", "model": "mlp"})
    assert (config.epochs, config.learning_rate, config.model) == (3, 0.01, "mlp")
    with pytest.raises(UserError, match="epochs"):
        Config.parse({"epochs": "three"})


@pytest.mark.parametrize(
    "wrong",
    [
        {"dataset": "folder"},
        {"data": "/somewhere"},
        {"precision": "float16", "device": "cpu"},
        {"folds": 3, "fold": 4},
    ],
)
def test_what_does_not_go_together_is_refused(wrong):
    with pytest.raises(UserError):
        Config(**wrong)


def test_differences_are_told():
    one = Config()
    assert one.differences(one) == {}
    assert one.differences(dataclasses.replace(one, epochs=99)) == {"epochs": (one.epochs, 99)}


@pytest.mark.slow
def test_a_form_needs_no_torch():
    code = (
        "import sys; from models.tensorboard import scalars\n"
        "from models.training import config, launcher, remedies, runs, verdict\n"
        "from models.training.runs import control, status\n"
        "runs.listing(); sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (
            {"model": "text_cnn"},
            "Text CNN reads texts, and MNIST 10k holds none; choose one of mails.",
        ),
        (
            {"dataset": "mails"},
            "Small CNN reads pictures, and SpamAssassin's mails holds none; choose one of ",
        ),
        (
            {"model": "text_bag", "dataset": "mails", "augmentation": "flip"},
            r"Augmentation \(augmentation\) means nothing to Bag of words, which reads texts; leave it out\.",
        ),
        (
            {"model": "text_bag", "dataset": "mails", "image_size": 28},
            r"Image size \(px\) \(image_size\) means nothing to Bag of words",
        ),
        (
            {"model": "text_bag", "dataset": "mails", "activation": "tanh"},
            r"Bag of words has no activation function \(activation\); leave it out\.",
        ),
    ],
)
def test_network_data_and_settings_are_of_one_kind(settings, sentence):
    with pytest.raises(UserError, match=sentence):
        Config(**settings)


def test_a_network_for_texts_has_another_activation_function_where_it_is_asked_for():
    config = Config(model="text_cnn", dataset="mails", activation="tanh")
    assert (config.reads, config.architecture.title) == ("text", "Text CNN with Tanh")
