"""The datasets' table, its addresses, and each way pictures get here; nothing is fetched from a network."""

from __future__ import annotations

import gzip
import hashlib
import io
import pickle
import tarfile
import threading
from functools import partial

import numpy as np
import pytest
from PIL import Image
from torchvision import datasets as tv

from models.datasets import DATASETS, find_dataset, parse_item, torchvision_sets
from models.datasets.entry import Arrays, load_once
from models.datasets.folder import Folder, folder_dataset
from models.datasets.torchvision_sets import Download, load, root
from models.runtime.errors import UserError
from models.runtime.progress import silent

ON_BOARD = [dataset for dataset in DATASETS.values() if dataset.on_board]

every_dataset = pytest.mark.parametrize("dataset", DATASETS.values(), ids=lambda d: d.name)
on_board = pytest.mark.parametrize("dataset", ON_BOARD, ids=lambda d: d.name)


# The table


@every_dataset
def test_entry_is_complete(dataset):
    assert DATASETS[dataset.name] is find_dataset(dataset.name) is dataset
    assert len(set(dataset.classes)) == len(dataset.classes) == 10
    assert set(dataset.counts) == {"train", "test"}
    assert len(dataset.mean) == len(dataset.std) == dataset.channels
    assert dataset.preprocessing.size == dataset.size
    assert all((dataset.title, dataset.licence, dataset.source))


@pytest.mark.parametrize(("name", "kind"), [("mnist", tv.MNIST), ("fashion-mnist", tv.FashionMNIST)])
def test_classes_are_torchvisions(name, kind):
    classes = tuple(title.split(" - ")[0] for title in kind.classes)
    assert find_dataset(name).classes == find_dataset(f"{name}-10k").classes == classes


@on_board
def test_arrays_are_what_the_entry_says(dataset):
    images = dataset.load(silent)
    for split, count in dataset.counts.items():
        assert images.pixels[split].shape == (count, *dataset.size)
        assert images.pixels[split].dtype == np.uint8
        assert images.labels(split).dtype == np.int64
        assert np.bincount(images.labels(split)).tolist() == [count // 10] * 10


@on_board
def test_statistics_are_those_of_the_pixels(dataset):
    pixels = dataset.load(silent).pixels["train"] / 255
    assert pixels.mean() == pytest.approx(dataset.mean[0], abs=0.002)
    assert pixels.std() == pytest.approx(dataset.std[0], abs=0.002)


@on_board
def test_is_read_once(dataset):
    assert dataset.load(silent) is dataset.load(silent)


@on_board
def test_picture_is_the_array(dataset):
    picture, label = dataset.picture("test", 17)
    images = dataset.load(silent)
    assert (picture.mode, picture.size) == ("L", (28, 28))
    assert np.array_equal(np.asarray(picture), images.pixels["test"][17])
    assert label == images.targets["test"][17]


def test_colour_arrays_give_colour_pictures():
    pixels = np.arange(2 * 4 * 5 * 3, dtype=np.uint8).reshape(2, 4, 5, 3)
    picture, label = Arrays({"test": pixels}, {"test": np.array([0, 3])}).picture("test", 1)
    assert (picture.mode, picture.size, label) == ("RGB", (5, 4), 3)


def test_once_waits_for_the_first_and_forgets_failures():
    calls, started = [], threading.Barrier(4)
    images = Arrays({}, {})

    @load_once
    def slow(report):
        calls.append(report)
        if len(calls) == 1:
            raise UserError("no network")
        return images

    with pytest.raises(UserError):
        slow(silent)

    def ask(found):
        started.wait()
        found.append(slow(silent))

    found: list[object] = []
    threads = [threading.Thread(target=ask, args=(found,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [images] * 4
    assert len(calls) == 2


# Addresses


@every_dataset
def test_address_names_a_picture_without_reading_it(dataset):
    last = dataset.counts["test"] - 1
    assert parse_item(f"{dataset.name}/test/{last}") == (dataset, "test", last)
    assert parse_item(f"{dataset.name}/train/0") == (dataset, "train", 0)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("", "no address"),
        ("giant_panda", "no address"),
        ("mnist-10k", "no address"),
        ("mnist-10k/test", "no address"),
        ("mnist-10k/test/", "no address"),
        ("mnist-10k/test/017", "no address"),
        ("mnist-10k/test/-1", "no address"),
        ("mnist-10k/test/1.0", "no address"),
        ("mnist-10k/test/1 ", "no address"),
        ("mnist-10k/test/1\n", "no address"),
        ("mnist-10k/test/\u0661", "no address"),
        ("mnist-10k/test/1/2", "no address"),
        ("mnist-10k/test/" + "9" * 10_000, "no address"),
        ("mnist-10k/test/2000", "from 0 to 1999"),
        ("mnist-10k/valid/0", "choose one of train, test"),
        ("../etc/0", "choose one of mnist-10k, fashion-mnist-10k"),
    ],
)
def test_a_wrong_address_is_one_sentence(address, reason):
    with pytest.raises(UserError, match=reason) as caught:
        parse_item(address)
    assert len(str(caught.value)) < 200


def test_picture_outside_the_split_is_refused():
    with pytest.raises(UserError, match="from 0 to 1999"):
        find_dataset("mnist-10k").picture("test", -1)


# Full datasets: torchvision reads tiny archives that a folder serves in place of its servers


def idx(array):
    header = bytes([0, 0, 8, array.ndim]) + b"".join(n.to_bytes(4, "big") for n in array.shape)
    return gzip.compress(header + array.tobytes())


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("VITRINE_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def server(tmp_path):
    path = tmp_path / "server"
    path.mkdir()
    return path


@pytest.fixture
def mnist(server, data, monkeypatch):
    """Six training and four test pictures, served as torchvision's MNIST by its second mirror."""
    rng = np.random.default_rng(0)
    arrays = {
        split: (rng.integers(0, 256, (n, 28, 28), np.uint8), rng.integers(0, 10, n, np.uint8))
        for split, n in (("train", 6), ("t10k", 4))
    }
    resources = []
    for split, pair in arrays.items():
        for kind, array in zip(("images-idx3", "labels-idx1"), pair, strict=True):
            name, content = f"{split}-{kind}-ubyte.gz", idx(array)
            (server / name).write_bytes(content)
            resources.append((name, hashlib.md5(content).hexdigest()))
    mirrors = [f"{(server.parent / 'nobody').as_uri()}/", f"{server.as_uri()}/"]
    monkeypatch.setattr(tv.MNIST, "resources", resources)
    monkeypatch.setattr(tv.MNIST, "mirrors", mirrors)
    size = sum(file.stat().st_size for file in server.iterdir())
    download = Download("MNIST", "MNIST", size, torchvision_sets._mnist_archives)
    return arrays, size, partial(load, download)


def test_mnist_is_fetched_checked_and_read(mnist):
    arrays, size, fetch_and_read = mnist
    told = []
    images = fetch_and_read(lambda done, total: told.append((done, total)))
    for split, name in (("train", "train"), ("test", "t10k")):
        assert np.array_equal(images.pixels[split], arrays[name][0])
        assert np.array_equal(images.targets[split], arrays[name][1])
        assert images.targets[split].dtype == np.int64
    assert told == sorted(told)
    assert told[-1] == (size, size)


def test_mnist_is_fetched_only_once(mnist, server):
    _, _, fetch_and_read = mnist
    fetch_and_read(silent)
    for file in server.iterdir():
        file.unlink()
    fetch_and_read(lambda done, total: pytest.fail("nothing is left to fetch"))


def test_a_damaged_archive_is_fetched_again(mnist, data):
    arrays, _, fetch_and_read = mnist
    raw = data / "MNIST" / "raw"
    raw.mkdir(parents=True)
    (raw / "train-images-idx3-ubyte.gz").write_bytes(b"half")
    assert np.array_equal(fetch_and_read(silent).pixels["train"], arrays["train"][0])


@pytest.mark.parametrize("content", [b"", b"half", b"\0" * 100])
def test_damaged_files_are_one_sentence(mnist, data, content):
    _, _, fetch_and_read = mnist
    fetch_and_read(silent)
    (data / "MNIST" / "raw" / "train-images-idx3-ubyte").write_bytes(content)
    with pytest.raises(UserError, match="are damaged; delete them"):
        fetch_and_read(silent)


def test_no_server_is_one_sentence(mnist, server):
    _, _, fetch_and_read = mnist
    for file in server.iterdir():
        file.unlink()
    with pytest.raises(UserError, match=r"MNIST \(0 MB\) is not on this machine: train-images.* could not"):
        fetch_and_read(silent)


def test_wrong_bytes_are_refused(mnist, server, monkeypatch):
    _, _, fetch_and_read = mnist
    monkeypatch.setattr(tv.MNIST, "mirrors", tv.MNIST.mirrors[1:])
    (server / "train-images-idx3-ubyte.gz").write_bytes(b"<html>sign in to this network</html>")
    with pytest.raises(UserError, match="other files than were published"):
        fetch_and_read(silent)


def test_a_report_that_raises_ends_the_download(mnist):
    class CancelledError(Exception):
        pass

    def cancel(done, total):
        raise CancelledError

    _, _, fetch_and_read = mnist
    with pytest.raises(CancelledError):
        fetch_and_read(cancel)


@pytest.fixture
def cifar(server, data, monkeypatch):
    """Two pictures per batch, served as torchvision's CIFAR-10."""
    rng = np.random.default_rng(0)
    names = [name for name, _ in (*tv.CIFAR10.train_list, *tv.CIFAR10.test_list)]
    batches = {
        name: {
            "data": rng.integers(0, 256, (2, 3072), np.uint8),
            "labels": [int(n) for n in rng.integers(0, 10, 2)],
        }
        for name in names
    }
    files = {name: pickle.dumps(batch) for name, batch in batches.items()}
    files[tv.CIFAR10.meta["filename"]] = pickle.dumps({"label_names": list(find_dataset("cifar10").classes)})
    archive = server / tv.CIFAR10.filename
    with tarfile.open(archive, "w:gz") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(f"{tv.CIFAR10.base_folder}/{name}")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    digests = {name: hashlib.md5(content).hexdigest() for name, content in files.items()}
    monkeypatch.setattr(tv.CIFAR10, "url", archive.as_uri())
    monkeypatch.setattr(tv.CIFAR10, "tgz_md5", hashlib.md5(archive.read_bytes()).hexdigest())
    monkeypatch.setattr(tv.CIFAR10, "train_list", [[name, digests[name]] for name in names[:5]])
    monkeypatch.setattr(tv.CIFAR10, "test_list", [[names[5], digests[names[5]]]])
    monkeypatch.setattr(tv.CIFAR10, "meta", {**tv.CIFAR10.meta, "md5": digests[tv.CIFAR10.meta["filename"]]})
    return [batches[name] for name in names]


def test_cifar_is_fetched_and_read(cifar):
    download = Download("CIFAR-10", "CIFAR10", 1, torchvision_sets._cifar_archives)
    images = load(download, silent)
    assert images.pixels["train"].shape == (10, 32, 32, 3)
    assert images.pixels["train"].flags.c_contiguous
    assert images.targets["test"].tolist() == cifar[5]["labels"]
    assert np.array_equal(images.pixels["test"][0].transpose(2, 0, 1).ravel(), cifar[5]["data"][0])


def test_root_is_a_setting(monkeypatch, tmp_path):
    monkeypatch.setenv("VITRINE_DATA", str(tmp_path))
    assert root() == tmp_path
    monkeypatch.delenv("VITRINE_DATA")
    assert root().parts[-3:] == (".cache", "vitrine", "datasets")


# Folders


@pytest.fixture
def pets(tmp_path):
    """Two classes, a nested picture, a text file, and a file that only says it is a picture."""
    for path, colour in (("dog/a.png", "red"), ("cat/b.PNG", "green"), ("cat/more/c.png", "blue")):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (6, 4), colour).save(tmp_path / path, "PNG")
    (tmp_path / "cat" / "notes.txt").write_text("not a picture")
    (tmp_path / "dog" / "broken.png").write_bytes(b"not a picture either")
    (tmp_path / "empty").mkdir()
    (tmp_path / "stray.png").write_bytes(b"of no class")
    return tmp_path


def test_folder_has_a_class_per_subfolder(pets):
    dataset = folder_dataset(pets)
    assert dataset.classes == ("cat", "dog")
    assert dataset.counts == {"all": 4}
    assert dataset.load(silent).labels("all").tolist() == [0, 0, 1, 1]


def test_folder_decodes_when_asked(pets):
    dataset = folder_dataset(pets)
    picture, label = dataset.picture("all", 0)
    assert (picture.mode, picture.size, picture.getpixel((0, 0)), label) == ("RGB", (6, 4), (0, 128, 0), 0)
    with pytest.raises(UserError, match="from 0 to 3"):
        dataset.picture("all", 4)


def test_folder_passes_over_what_is_no_picture_and_counts_it(pets):
    dataset = folder_dataset(pets)
    images = dataset.load(silent)
    assert isinstance(images, Folder)
    assert images.unreadable == set()
    assert [label for _, label in images.pictures()] == [0, 0, 1]
    assert images.unreadable == {pets / "dog" / "broken.png"}
    with pytest.raises(UserError, match=r"broken\.png"):
        dataset.picture("all", 3)


def test_a_file_that_has_gone_is_one_sentence(pets):
    dataset = folder_dataset(pets)
    (pets / "dog" / "a.png").unlink()
    with pytest.raises(UserError, match=r"a\.png cannot be read"):
        dataset.picture("all", 2)


def test_a_folder_without_classes_is_refused(tmp_path):
    with pytest.raises(UserError, match="one subfolder per class"):
        folder_dataset(tmp_path)
    with pytest.raises(UserError, match="cannot be read"):
        folder_dataset(tmp_path / "absent")
