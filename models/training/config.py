"""The settings of a training run: one frozen record whose fields say how to ask for them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from models.datasets.split import split
from models.kinds import KINDS
from models.runtime.errors import UserError
from models.training.augmentations import AUGMENTATIONS
from models.training.kinds import FOLDER, OWN_DATA, TABLE_FILE, TRAINED, kind_of
from models.training.optimizers import OPTIMIZERS
from models.training.schedules import SCHEDULES
from models.training.setting import Setting, Value
from models.zoo.small import ACTIVATIONS

if TYPE_CHECKING:
    from models.datasets.split import Indices, Known, Split
    from models.zoo.architecture import Architecture

OWN = "own"  # the activation function that an architecture has by itself


def _setting(default: Value, label: str, help_text: str, group: str = "", **bounds: Any) -> Any:
    return dataclasses.field(
        default=default, metadata={"setting": Setting(label, help_text, group, default=default, **bounds)}
    )


def _titles(table: Mapping[str, Any]) -> dict[str, str]:
    return {name: entry.title for name, entry in table.items()}


WHAT, LENGTH, STEPS = "Network and data", "Length", "Optimizer"
REGULARISATION, RECORD, MACHINE = "Against overfitting", "Record", "Machine"


@dataclass(frozen=True)
class Config:
    """One training run. Every field that a form asks for carries its Setting; see settings().

    Raises:
        UserError: if a value is not allowed, naming the field and the choices.
    """

    model: str = _setting(
        "cnn",
        "Network",
        "The architecture that is trained. Those for texts are called so, and learn from texts.",
        WHAT,
        choices={name: one.title for kind in TRAINED.values() for name, one in kind.architectures.items()},
    )
    dataset: str = _setting(
        "mnist-10k",
        "Data",
        'What is learned from, with labels. "folder" reads pictures of your own: one subfolder per class; "table" a '
        "table of your own.",
        WHAT,
        choices={name: title for kind in TRAINED.values() for name, title in kind.datasets.items()},
    )
    data: str = _setting(
        "",
        "Folder or file",
        "Where your own pictures are, one subfolder per class, or your own table, in CSV or Parquet. Only for Data = "
        "folder or table.",
        WHAT,
    )
    target: str = _setting(
        "", "Column to learn", "The column of your own table that is learned. Only for Data = table.", WHAT
    )
    image_size: int = _setting(
        0,
        "Image size (px)",
        "Side to which pictures are resized; a folder's become 28 where nothing is said. MLP, LeNet-5 and ViT read "
        "28 x 28 only.",
        WHAT,
        low=0,
        high=1024,
        zero="as the data",
    )
    activation: str = _setting(
        OWN,
        "Activation function",
        "What stands between two layers. Tanh and sigmoid saturate: far from 0 hardly any gradient passes. ReLU "
        "passes none below 0, where a unit can die.",
        WHAT,
        choices={OWN: "The network's own (ReLU; ViT: GELU)"} | _titles(ACTIVATIONS),
    )
    width: float = _setting(
        1.0,
        "Width",
        "How many units, channels or features each layer has, as a factor: 0.5 halves them, which leaves about a "
        "quarter of the weights.",
        WHAT,
        low=0.01,
        high=16.0,
    )
    train_samples: int = _setting(
        0,
        "Training pictures",
        "How many pictures, or texts, to learn from, all classes alike. A few hundred make overfitting visible.",
        WHAT,
        low=0,
        zero="all",
    )
    label_noise: float = _setting(
        0.0,
        "Label noise",
        "Part of the training pictures that get another class, drawn at random, to see what wrong labels do.",
        WHAT,
        low=0.0,
        high=1.0,
    )
    validation: float = _setting(
        0.1,
        "Validation part",
        "Part of the training pictures that is kept back to measure how well the network generalises.",
        WHAT,
        low=0.01,
        high=0.9,
    )
    folds: int = _setting(
        1,
        "Folds",
        "k-fold cross-validation: train k times, each time validating on another k-th part. 1 trains once.",
        WHAT,
        low=1,
        high=100,
    )
    epochs: int = _setting(
        8, "Epochs", "How often every training picture is seen.", LENGTH, low=1, high=100_000
    )
    batch_size: int = _setting(
        64,
        "Batch size",
        "Pictures per optimizer step, in each process. Larger is steadier and fewer steps per epoch.",
        LENGTH,
        low=1,
        high=65_536,
    )
    early_stopping: int = _setting(
        0,
        "Early stopping (epochs)",
        "Stop when validation loss has not improved for so many epochs.",
        LENGTH,
        low=0,
        zero="never",
    )
    optimizer: str = _setting(
        "adam",
        "Optimizer",
        "How a gradient becomes a step. Adam is a safe start; SGD with momentum is the classic.",
        STEPS,
        choices=_titles(OPTIMIZERS),
    )
    learning_rate: float = _setting(
        0.001,
        "Learning rate",
        "Size of a step. Too large diverges, too small crawls. Adam likes 0.001, SGD 0.01 to 0.1.",
        STEPS,
        low=0.0,
        high=1e9,
    )
    momentum: float = _setting(
        0.9,
        "Momentum",
        "How much of the last step goes into the next; SGD and RMSprop.",
        STEPS,
        low=0,
        high=0.9999,
    )
    schedule: str = _setting(
        "cosine", "Schedule", "How the learning rate moves during the run.", STEPS, choices=_titles(SCHEDULES)
    )
    warmup: int = _setting(
        0, "Warmup (steps)", "Steps during which the learning rate rises from almost nothing.", STEPS, low=0
    )
    weight_decay: float = _setting(
        0.0,
        "Weight decay",
        "Pulls weights towards zero, which keeps the network simple. Try 0.0001 to 0.01 (AdamW: to 0.1).",
        REGULARISATION,
        low=0.0,
        high=10.0,
    )
    dropout: float = _setting(
        0.0,
        "Dropout",
        "Part of the hidden units that is switched off at random in each training step.",
        REGULARISATION,
        low=0.0,
        high=0.95,
    )
    augmentation: str = _setting(
        "none",
        "Augmentation",
        "Vary training pictures at random, which is almost as good as having more of them.",
        REGULARISATION,
        choices=_titles(AUGMENTATIONS),
    )
    label_smoothing: float = _setting(
        0.0,
        "Label smoothing",
        "Part of the target that is spread over all classes, against overconfidence.",
        REGULARISATION,
        low=0.0,
        high=0.9,
    )
    every_k: int = _setting(
        20,
        "Norms every (steps)",
        "Gradient norm and update-to-weight ratio are measured every so many steps: each time would cost a quarter.",
        RECORD,
        low=1,
    )
    checkpoint_every: int = _setting(
        0,
        "Checkpoint every (steps)",
        "How often the network is kept as it is.",
        RECORD,
        low=0,
        zero="once per epoch",
    )
    keep_mb: int = _setting(
        200,
        "Keep checkpoints (MB)",
        "Beyond this, checkpoints are thinned out; the last two and the best always stay.",
        RECORD,
        low=0,
    )
    seed: int = _setting(
        0,
        "Seed",
        "Of validation part, first weights, data order, dropout, augmentation and label noise. The same seed repeats "
        "a run on the CPU.",
        MACHINE,
        low=0,
        high=2**31 - 1,
    )
    weights_seed: int = _setting(
        0,
        "Seed of the weights",
        "Of first weights, dropout and augmentation alone.",
        MACHINE,
        low=0,
        high=2**31 - 1,
        zero="as the seed",
    )
    order_seed: int = _setting(
        0,
        "Seed of the order",
        "Of the order in which pictures are seen, alone.",
        MACHINE,
        low=0,
        high=2**31 - 1,
        zero="as the seed",
    )
    noise_seed: int = _setting(
        0,
        "Seed of label noise",
        "Of which labels are wrong, alone.",
        MACHINE,
        low=0,
        high=2**31 - 1,
        zero="as the seed",
    )
    threads: int = _setting(
        0,
        "Threads",
        "Processor threads. Recorded, as results depend on it.",
        MACHINE,
        low=0,
        high=1024,
        zero="all but one for the app",
    )
    device: str = _setting(
        "auto",
        "Device",
        "Where to train. The GPU paths are untested here.",
        MACHINE,
        choices={
            "auto": "A GPU if there is one, else the CPU",
            "cpu": "CPU",
            "cuda": "GPU (CUDA)",
            "mps": "GPU (Apple)",
        },
    )
    precision: str = _setting(
        "float32",
        "Precision",
        "Mixed precision is faster on hardware made for it; untested here.",
        MACHINE,
        choices={
            "float32": "Single (float32)",
            "bfloat16": "Mixed with bfloat16",
            "float16": "Mixed with float16 (CUDA only)",
        },
    )
    fold: int = _setting(
        0, "Fold", "Which k-th part is validated on, from 1; 0 outside cross-validation.", low=0
    )
    trial: int = _setting(0, "Trial", "Which trial of a sweep this is, from 1; 0 outside sweeps.", low=0)
    parent: str = _setting("", "Parent", "The cross-validation or the sweep that this run belongs to.")

    def __post_init__(self) -> None:
        for name, setting in settings().items():
            setting.check(getattr(self, name))
        self._check_own()
        self._check_kind()
        if self.fold > self.folds:
            raise UserError(f"There is no fold {self.fold} of {self.folds}.")
        if self.precision == "float16" and self.device == "cpu":
            raise UserError(
                "Precision (precision) float16 needs a GPU; choose bfloat16 or float32 on the CPU."
            )

    def _check_own(self) -> None:
        """Raise UserError where data of a person's own is not named, or named in vain."""
        if self.dataset == FOLDER and not self.data:
            raise UserError(
                "Data = folder needs the folder's path: --data PATH, with one subfolder per class."
            )
        if self.dataset == TABLE_FILE and not (self.data and self.target):
            raise UserError(
                "Data = table needs the file's path and the column that is learned: --data PATH --target COLUMN."
            )
        if self.data and self.dataset not in OWN_DATA:
            raise UserError(
                f"A folder or file is given, but the data is {self.dataset}; choose Data = folder or table."
            )
        if self.target and self.dataset != TABLE_FILE:
            raise UserError(
                f"A column to learn is given, but the data is {self.dataset}; choose Data = table."
            )

    def _check_kind(self) -> None:
        """Raise UserError where network, data and settings are not of one kind of input."""
        kind, many = TRAINED[self.reads], KINDS[self.reads].many
        title = kind.architectures[self.model].title
        if self.dataset not in kind.datasets:
            raise UserError(
                f"{title} reads {many}, and {settings()['dataset'].choices[self.dataset]} holds none; choose one of "
                f"{', '.join(kind.datasets)}."
            )
        for name, setting in settings().items():
            if name in kind.without and getattr(self, name) != setting.default:
                raise UserError(
                    f"{setting.label} ({name}) means nothing to {title}, which reads {many}; leave it out."
                )
        if self.activation != OWN and not kind.architectures[self.model].activation:
            raise UserError(f"{title} has no activation function (activation); leave it out.")

    def to_json(self) -> dict[str, Value]:
        """Every field by name."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Config:
        """The configuration that to_json wrote.

        Args:
            content: name -> value; names that are no settings are passed over, missing ones take their default.

        Raises:
            UserError: if a value is not allowed.
        """
        return cls(**{name: content[name] for name in settings() if name in content})

    @classmethod
    def parse(cls, texts: Mapping[str, str]) -> Config:
        """A configuration from texts, as a command line gives them.

        Args:
            texts: name of a setting -> text; missing ones take their default.

        Raises:
            KeyError: if there is no such setting.
            UserError: if a text stands for no value, or the value is not allowed.
        """
        values: dict[str, Any] = {name: settings()[name].parse(text) for name, text in texts.items()}
        return cls(**values)

    @property
    def reads(self) -> str:
        """The kind of input that is learned from, a name of models.kinds."""
        return kind_of(self.model)

    @property
    def architecture(self) -> Architecture:
        """The network that is trained, with the activation function and the width that are asked for."""
        architecture = TRAINED[self.reads].architectures[self.model]
        if self.activation not in (OWN, architecture.activation):
            architecture = architecture.with_activation(self.activation, ACTIVATIONS[self.activation].title)
        return architecture if self.width == architecture.width else architecture.with_width(self.width)

    def split(self, labels: Indices, known: Known | None = None) -> Split:
        """The pictures, parted as this run asks; see models.datasets.split."""
        return split(
            labels,
            seed=self.seed,
            validation=self.validation,
            train_samples=self.train_samples,
            fold=self.fold,
            folds=self.folds,
            known=known,
        )

    def differences(self, other: Config) -> dict[str, tuple[Value, Value]]:
        """The settings that two runs do not share: name -> both values."""
        mine, theirs = self.to_json(), other.to_json()
        return {name: (mine[name], theirs[name]) for name in mine if mine[name] != theirs[name]}


@cache
def settings() -> dict[str, Setting]:
    """Every field's Setting by name, in the order in which a form asks."""
    return {
        field.name: dataclasses.replace(field.metadata["setting"], name=field.name)
        for field in dataclasses.fields(Config)
    }
