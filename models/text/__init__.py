"""Networks that read texts, and texts with labels: one file and one entry of a table each."""

from __future__ import annotations

from models.text.mails import MAILS
from models.text.texts import LabelledTexts
from models.zoo.architecture import Architecture

TEXT_ARCHITECTURES: dict[str, Architecture] = {
    architecture.name: architecture
    for architecture in (
        Architecture(
            "text_cnn", "Text CNN", "https://arxiv.org/abs/1408.5882", "models.text.networks:TextCNN"
        ),
        Architecture(
            "text_bag", "Bag of words", "https://arxiv.org/abs/1607.01759", "models.text.networks:Bag", ""
        ),
        Architecture(
            "text_transformer",
            "Text transformer",
            "https://arxiv.org/abs/1706.03762",
            "models.text.networks:Transformer",
            "gelu",
        ),
    )
}
TEXT_SETS: dict[str, LabelledTexts] = {MAILS.name: MAILS}
