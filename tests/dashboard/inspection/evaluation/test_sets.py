"""Which labelled sets fit a network, and which of them it learned from."""

from __future__ import annotations

import dataclasses
import shutil

from dashboard.inspection.evaluation.answers import answers
from dashboard.inspection.evaluation.sets import available_sets, dataset_of, doubt, is_upload, run_of
from models.datasets.embedded import MNIST_10K
from models.datasets.folder import Folder
from models.networks import find_network
from models.runtime.progress import silent
from models.training import runs, session
from models.training.config import Config
from models.training.run_split import load_split
from tests.models.datasets.folders import messy, parted, put
from tests.networks import ConvNet, built, classifier


def test_a_network_of_digits_has_the_pictures_it_never_saw_first_and_is_warned_of_the_others():
    model = find_network("mlp")
    network = model.load(silent)
    sets = available_sets(model, network)
    assert list(sets) == ["test", "train"]
    test, train = sets["test"](), sets["train"]()
    assert (test.name, test.warning, test.learned) == ("test", "", "")
    assert "how well it remembers" in train.warning and train.learned == MNIST_10K.name
    assert len(test.read(network).labels) == MNIST_10K.counts["test"]


def test_a_second_network_may_have_learned_from_the_training_pictures():
    model = find_network("mlp")
    sets = available_sets(model, model.load(silent))
    assert doubt(sets["test"](), model) == ""
    assert doubt(sets["train"](), model).startswith(f"{model.title} may have learned from these pictures")
    assert doubt(sets["train"](), dataclasses.replace(model, trained=False)) == ""


def test_a_network_of_photographs_has_no_labelled_set_here():
    model = find_network("squeezenet1_1")
    assert dataset_of(model, model.load(silent)) is None
    assert dict(available_sets(model, model.load(silent))) == {}


def test_the_dataset_is_that_of_the_network_s_own_classes():
    model = find_network("mlp")
    network = model.load(silent)
    other = dataclasses.replace(network, classes=tuple(f"class {number}" for number in range(10)))
    assert dataset_of(model, network) is MNIST_10K
    assert dataset_of(model, other) is MNIST_10K, "it reads digits, and has as many classes"
    assert f"What {model.title} was trained on is not known" in available_sets(model, other)["test"]().warning
    assert dataset_of(model, classifier(built(ConvNet))) is None


def test_a_name_says_who_made_a_network():
    model = find_network("mlp")
    assert (is_upload(model), run_of(model)) == (False, None)
    assert is_upload(dataclasses.replace(model, name="upload:0123456789abcdef"))


def test_your_folder_is_measured_on_what_it_holds(tmp_path, monkeypatch):
    monkeypatch.setenv("VITRINE_IMAGES", str(messy(tmp_path / "messy")))
    network = dataclasses.replace(classifier(built(ConvNet)), classes=("cat", "dog", "horse"))
    model = dataclasses.replace(find_network("squeezenet1_1"), name="tiny")
    part = available_sets(model, network)["folder"]()
    labelled = part.read(network)
    assert (len(labelled.labels), labelled.pool.title) == (13, "the 13 photos of 2 classes in your folder")
    assert part.remark == (
        "5 hidden or system files whose names end like pictures' are left out: "
        ".ipynb_checkpoints/0.png, @eaDir/0.png, __MACOSX/cat/0.png and others. "
        "2 pictures are of a kind that is not read here (save them as JPEG or PNG): cat/0.HEIC, dog/0.ppm. "
        "2 subfolders hold no picture and are no classes: empty, notes. "
        "1 picture lies in no subfolder of a class and is left out: loose.png. "
        "1 picture lies in two classes, so nothing is measured on it: 1.png, stray cat.png. "
        "1 copy of a picture is left out: 0.png. "
        "No class is called as these subfolders are: bird."
    )
    # The damaged file and the empty one are met when they are read.
    assert len(answers(network, labelled).labels) == 11


def test_a_run_on_a_parted_folder_is_measured_on_its_own_parts(tmp_path, monkeypatch):
    monkeypatch.setenv("VITRINE_RUNS", str(tmp_path / "runs"))
    config = Config(
        model="mlp",
        dataset="folder",
        data=str(parted(tmp_path / "parted")),
        epochs=1,
        threads=1,
        device="cpu",
    )
    run = runs.create(config)
    assert session.train(run.path, config) == "finished"
    model = find_network(f"run:{run.id}")
    network = model.load(silent)
    sets = {name: make() for name, make in available_sets(model, network).items()}
    sizes = {name: len(part.read(network).labels) for name, part in sets.items()}
    assert sizes == {"validation": 7, "test": 2, "train": 20}
    assert run.facts().remarks and all(
        sentence in sets["validation"].remark for sentence in run.facts().remarks
    )
    assert run.status().scores["test_top1"] in (0, 0.5, 1)


def test_your_folder_says_how_much_of_it_a_run_learned_from(tmp_path, monkeypatch):
    monkeypatch.setenv("VITRINE_RUNS", str(tmp_path / "runs"))
    own, other = tmp_path / "own", tmp_path / "other"
    for k in range(10):
        put(own / "cat" / f"{k}.png", k)
        put(own / "dog" / f"{k}.png", 100 + k)
    config = Config(
        model="mlp", dataset="folder", data=str(own), validation=0.2, epochs=1, threads=1, device="cpu"
    )
    run = runs.create(config)
    assert session.train(run.path, config) == "finished"
    model = find_network(f"run:{run.id}")
    network = model.load(silent)

    def folder(place):
        monkeypatch.setenv("VITRINE_IMAGES", str(place))
        return available_sets(model, network)["folder"]()

    says = ": this says how well it remembers, not how good it is on others."
    assert folder(own).warning == f"The network learned from 16 of these 20 photos{says}"
    shutil.copytree(own, other)
    put(other / "cat" / "new.png", 50)
    assert folder(other).warning == f"The network learned from 16 of these 21 photos{says}"
    assert doubt(folder(other), model) == f"{model.title} learned from 16 of these 21 photos{says}"
    assert doubt(folder(other), find_network("mlp")) == ""
    put(tmp_path / "strange" / "cat" / "new.png", 50)
    assert folder(tmp_path / "strange").warning == ""
    split = load_split(run)
    images = split.dataset.load(silent)
    assert isinstance(images, Folder)
    for file in images.files(split.indices.train[:3]):
        put(tmp_path / "known" / file.parent.name / file.name, 0)
        shutil.copy(file, tmp_path / "known" / file.parent.name / file.name)
    assert folder(tmp_path / "known").warning == f"The network learned from these photos{says}"
    put(own / "cat" / "new.png", 50)
    assert folder(other).warning.endswith(
        f"photos{says} Run “MLP, a folder of your own, validation part 0.2, 1 epoch” could read 20 pictures of its "
        "folder, where 21 are now: unless the others are damaged files, they are parted in another way than they were "
        "for it."
    )
    own.rename(tmp_path / "moved")
    assert folder(other).warning == (
        "The network may have learned from these photos. The pictures that run "
        f"{run.id} was trained on are not in their folder."
    )
