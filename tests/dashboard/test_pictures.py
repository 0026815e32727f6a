"""Addresses of pictures: samples with their credits, items of datasets, and what was dropped."""

import io
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dashboard import pictures
from models.datasets import DATASETS
from models.datasets.names import PHOTOS as PHOTOS_KIND
from models.photos.samples import ASSETS, PHOTOS
from models.photos.uploads import SHARED, Uploads
from models.runtime.errors import UserError
from models.training import runs
from models.training.config import Config
from models.training.formats.pictures import PictureFormat
from models.training.runs.facts import Facts

LICENCES = (
    (ASSETS / "LICENSES.md").read_text(encoding="utf-8").partition("## photos/")[2].partition("Top 3")[0]
)


def png(colour=(200, 30, 30)):
    file = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(file, "PNG")
    return file.getvalue()


@pytest.fixture(autouse=True)
def uploads(monkeypatch):
    store = Uploads()
    monkeypatch.setattr(pictures, "UPLOADS", store)
    return store


@pytest.mark.parametrize("address", PHOTOS)
def test_every_sample_opens_under_its_title(address):
    photo, found = PHOTOS[address], pictures.find(address)
    assert found == pictures.NamedPicture(address, photo.title, photo.credit, "photos", found.read)
    assert found.credit
    picture = found.open()
    assert picture.mode == "RGB"
    assert min(picture.size) > 200


def test_an_item_of_a_dataset_opens_under_its_title():
    found = pictures.find("mnist-10k/test/17")
    assert (found.title, found.fits) == ("MNIST 10k, test 17", "mnist-10k")
    assert "CC BY-SA 3.0" in found.credit
    assert "LeCun" in found.credit
    assert pictures.find("mnist-10k/test/17").open().size == (28, 28)


def test_a_dropped_picture_opens_under_its_owners_name(uploads):
    upload = uploads.put(png(), "holiday.png", "ann")
    own = pictures.find(upload.address, "ann")
    assert own == pictures.NamedPicture(upload.address, "holiday.png", "", "photos", own.read)
    assert pictures.find(upload.address).title == SHARED
    assert pictures.find(upload.address, "eve").title == SHARED
    assert np.array_equal(np.asarray(pictures.find(upload.address).open())[0, 0], (200, 30, 30))


def test_a_picture_becomes_a_digit_on_request(uploads):
    address = uploads.put(png(), "x.png", "ann").address
    assert pictures.find(address).open(digit=True).size == (28, 28)


@pytest.mark.parametrize("address", [*(f"{name}/test/0" for name in DATASETS), *PHOTOS])
def test_every_kind_has_samples_and_a_start_that_are_of_that_kind(address):
    fits = pictures.find(address).fits
    samples = pictures.samples(fits)
    assert pictures.start(fits) in samples
    assert len(set(samples)) == len(samples) >= 8
    assert all(pictures.belongs(sample, fits) for sample in samples)
    assert all(pictures.find(sample).address == sample for sample in samples)


def test_what_belongs_where(uploads):
    upload = uploads.put(png(), "x.png", "ann").address
    assert pictures.belongs("giant_panda", "photos")
    assert not pictures.belongs("giant_panda", "mnist-10k")
    assert not pictures.belongs("mnist-10k/test/0", "photos")
    assert not pictures.belongs("mnist-10k/test/0", "fashion-mnist-10k")
    assert pictures.belongs(upload, "photos")
    assert pictures.belongs(upload, "mnist-10k")


UNKNOWN = (
    "upload:0123456789abcdef",
    "upload:../../etc/passwd",
    "upload:" + "x" * 100_000,
    "no_such_photo",
    "<script>alert(1)</script>",
    "../LICENSES",
    "/etc/passwd",
    "giant_panda.jpg",
    "mnist-10k/test/999999",
    "mnist-10k/test/-1",
    "mnist-10k/../x",
    "imagenet/val/1",
    "x" * 100_000,
    "a\nb",
    "",
)


@pytest.mark.parametrize("address", UNKNOWN, ids=lambda address: repr(address[:24]))
@pytest.mark.parametrize("use", [pictures.find, lambda address: pictures.find(address).open()])
def test_an_unknown_picture_gives_one_short_sentence(use, address):
    with pytest.raises(UserError) as refused:
        use(address)
    sentence = str(refused.value)
    assert len(sentence) < 300
    assert sentence.isprintable()
    assert re.fullmatch(r"[^.]*(\.[^ ][^.]*)*\.", sentence)
    assert str(Path.cwd()) not in sentence


def test_a_picture_that_left_while_it_was_looked_at_is_said_in_words(uploads, monkeypatch):
    upload = uploads.put(png(), "x.png", "ann")
    uploads.forget(upload.address, "ann")
    monkeypatch.setattr(uploads, "find", lambda address, owner=None: upload)
    with pytest.raises(UserError, match=r"^x\.png is no longer kept"):
        pictures.find(upload.address).open()


def test_every_photo_file_is_in_the_table():
    assert {path.name for path in (ASSETS / "photos").iterdir()} == {f"{name}.jpg" for name in PHOTOS}


@pytest.mark.parametrize("photo", PHOTOS.values(), ids=PHOTOS)
def test_every_photo_has_its_credit_in_the_licence_table(photo):
    (row,) = [line for line in LICENCES.splitlines() if f"{photo.name}.jpg" in line]
    licence = row.split("|")[-2].strip()
    assert photo.credit.endswith(licence)
    author = re.split(r",| and ", photo.credit)[0].split()[-1]
    assert author in row


def test_what_asks_for_attribution_names_author_title_source_and_licence():
    asking = [photo for photo in PHOTOS.values() if "CC BY" in photo.credit]
    assert [photo.name for photo in asking] == ["giant_panda"]
    assert asking[0].credit == "Aaron Logan, Lightmatter_panda.jpg, Wikimedia Commons, CC BY 1.0"


def test_a_run_has_a_picture_of_its_own_data_as_long_as_there_is_one(tmp_path, monkeypatch):
    monkeypatch.setenv("VITRINE_RUNS", str(tmp_path / "runs"))
    assert pictures.of_run(runs.find("example-memorises")) == "mnist-10k/test/0"
    for label in ("dark", "light"):
        (tmp_path / "pictures" / label).mkdir(parents=True)
        for shade in range(10):
            (tmp_path / "pictures" / label / f"{shade}.png").write_bytes(png((shade, 0, len(label))))
    run = runs.create(Config(dataset="folder", data=str(tmp_path / "pictures"), validation=0.2))
    counts = {"train": 16, "validation": 4}
    Facts(
        "pictures", PHOTOS_KIND, ("dark", "light"), PictureFormat((28, 28), (0.5,) * 3, (0.2,) * 3), counts
    ).write(run.path)
    address = pictures.of_run(run)
    assert address.startswith(f"run:{run.id}/") and pictures.find(address).open().size == (40, 30)
    shutil.rmtree(tmp_path / "pictures")
    assert pictures.of_run(run) == pictures.DEFAULT_PHOTO
