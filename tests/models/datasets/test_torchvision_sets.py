"""Full datasets: torchvision reads tiny archives that a folder serves in place of its servers; no network."""

from __future__ import annotations

import gzip
import hashlib
import io
import pickle
import tarfile
from functools import partial

import numpy as np
import pytest
from torchvision import datasets as tv

from models.datasets import find_dataset, torchvision_sets
from models.datasets.torchvision_sets import Download, load, root
from models.runtime.errors import UserError
from models.runtime.progress import silent


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
