"""A name that is shared must not be one of the table's."""

from __future__ import annotations

from models import zoo
from models.datasets import DATASETS
from models.datasets.names import PHOTOS


def test_photographs_are_no_dataset_and_every_network_reads_one_or_the_other():
    assert PHOTOS not in DATASETS
    assert {model.fits for model in zoo.MODELS.values()} <= {PHOTOS, *DATASETS}
    assert zoo.MODELS[zoo.DEFAULT].fits == PHOTOS
