"""After a run, which pictures it learned from; and the address of a picture of its folder."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image

from dashboard import pictures
from dashboard.inspection.evaluation.answers import answers
from dashboard.inspection.evaluation.labelled_pictures import split_pictures
from models.datasets.folder import SPLIT, folder_dataset
from models.datasets.names import PHOTOS
from models.datasets.split import Split
from models.networks import find_network
from models.runtime.errors import UserError
from models.runtime.progress import silent
from models.tensorboard.scalars import VALIDATION_TOP1
from models.training import data, session
from models.training.run_split import RunSplit, address, count_learned, load_split
from tests.models.datasets.folders import put


@pytest.fixture
def folder(tmp_path):
    """Two classes of ten pictures: light and dark."""
    generator = np.random.default_rng(0)
    for label, mean in (("dark", 60), ("light", 190)):
        place = tmp_path / "pictures" / label
        place.mkdir(parents=True)
        for k in range(10):
            pixels = generator.integers(mean - 50, mean + 50, (32, 30, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(place / f"{k}.png")
    return tmp_path / "pictures"


def train_run(create_run, **changes):
    run = create_run(**changes)
    session.train(run.path, run.config)
    return run


def test_the_kept_back_part_scores_what_the_run_measured(create_run):
    run = train_run(create_run, epochs=1)
    split = load_split(run)
    assert (split.name, split.has_changed) == ("train", False)
    assert (len(split.indices.train), len(split.indices.validation)) == (200, 1000)
    assert not set(split.indices.train) & set(split.indices.validation)
    classifier = find_network(f"run:{run.id}").load(silent)
    indices = split.indices.validation.tolist()
    given = answers(
        classifier, split_pictures(split.dataset, "train", indices, classifier, title="kept", key="kept")
    )
    top1 = (given.logits.argmax(1) == given.labels).mean()
    best = run.checkpoints().best
    assert best is not None
    assert top1 == pytest.approx(best.metrics[VALIDATION_TOP1])


def test_a_folders_parts_and_addresses(create_run, folder):
    run = train_run(
        create_run,
        dataset="folder",
        data=str(folder),
        validation=0.2,
        train_samples=0,
        batch_size=4,
        epochs=1,
    )
    split = load_split(run)
    loaded = data.load(run.config, torch.device("cpu"))
    assert (split.name, split.read, split.has_changed) == ("all", 20, False)
    pixels, labels = loaded.validation.take(torch.arange(4))
    for index, picture, label in zip(split.indices.validation, pixels, labels, strict=True):
        item = address(run, int(index))
        assert pictures.find(item).fits == PHOTOS
        assert "picture" in pictures.find(item).title
        network = split.dataset.preprocessing.pixels()(pictures.find(item).open())
        assert network.equal(picture)
        assert split.dataset.picture("all", int(index))[1] == int(label)


def test_a_folder_that_changed_is_noticed(create_run, folder):
    run = train_run(
        create_run,
        dataset="folder",
        data=str(folder),
        validation=0.2,
        train_samples=0,
        batch_size=4,
        epochs=1,
    )
    Image.new("RGB", (8, 8)).save(folder / "dark" / "new.png")
    assert load_split(run).has_changed
    (folder / "other").mkdir()
    Image.new("RGB", (8, 8)).save(folder / "other" / "new.png")
    with pytest.raises(UserError, match="other classes"):
        load_split(run)
    folder.rename(folder.with_name("moved"))
    with pytest.raises(UserError, match="not in their folder") as refusal:
        load_split(run)
    assert str(folder) not in str(refusal.value)


def test_what_was_learned_from_is_known_by_its_place_and_by_its_bytes(tmp_path):
    for k in range(6):
        put(tmp_path / "own" / "cat" / f"{k}.png", k)
        put(tmp_path / "own" / "dog" / f"{k}.png", 10 + k)
    dataset = folder_dataset(tmp_path / "own")
    # Of the cats, which are first, the last is kept back; of the dogs only the first is learned from.
    split = RunSplit(
        dataset, SPLIT, Split(train=np.array([0, 1, 2, 3, 4, 6]), validation=np.array([5, 7])), read=8
    )
    own = sorted((tmp_path / "own").rglob("*.png"))
    assert count_learned(split, own) == 6
    for name, grey in (("again", 0), ("once more", 0), ("kept back", 5), ("new", 20)):
        put(tmp_path / "other" / f"{name}.png", grey)
    others = sorted((tmp_path / "other").iterdir())
    assert count_learned(split, others) == 2
    assert count_learned(split, [*own, *others]) == 8
    assert count_learned(split, []) == 0


@pytest.mark.parametrize("item", ["run:nothing/3", "run:../../etc/3", "run:x/-1", "run:x", "run:a/b/3"])
def test_nothing_else_has_an_address(item):
    with pytest.raises(UserError):
        pictures.find(item)


def test_a_run_on_a_dataset_gives_no_pictures_away(create_run):
    run = create_run()
    with pytest.raises(UserError, match="no address"):
        pictures.find(address(run, 0)).open()


def test_a_place_beyond_the_folder_is_refused(create_run, folder):
    run = create_run(dataset="folder", data=str(folder), train_samples=0)
    with pytest.raises(UserError, match="no all picture 99"):
        pictures.find(address(run, 99)).open()
