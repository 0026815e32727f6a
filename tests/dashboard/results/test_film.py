"""What a film is made of is keyed by the run's files and by what is looked at."""

from __future__ import annotations

import dataclasses

from dashboard.inspection.attribution import METHODS
from dashboard.results import film
from models.training import runs


def test_maps_and_kernels_are_keyed_by_files_picture_class_and_method(cnn):
    run = runs.find("example-healthy")
    kept = run.checkpoints().all
    saliency, other = METHODS["saliency"], METHODS["input_x_gradient"]
    keys = {
        film.maps(cnn, run, kept, saliency).key,
        film.maps(cnn, run, kept[1:], saliency).key,
        film.maps(cnn, run, kept, other).key,
        film.maps(
            dataclasses.replace(cnn, selection=dataclasses.replace(cnn.selection, target=cnn.target ^ 1)),
            run,
            kept,
            saliency,
        ).key,
        film.kernels(run, kept, "conv1.weight").key,
        film.kernels(run, kept, "conv2.weight").key,
    }
    assert len(keys) == 6
    assert film.maps(cnn, run, kept, saliency).key in keys


def test_kernels_are_those_of_the_checkpoints():
    run = runs.find("example-healthy")
    kept = run.checkpoints().all[:3]
    kernels = film.kernels(run, kept, "conv1.weight").work(lambda share: None)
    assert len(kernels) == 3 and kernels[0].tiles[0].shape == (5, 5)
