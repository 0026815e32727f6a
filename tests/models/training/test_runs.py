"""Runs as any process sees them."""

from __future__ import annotations

import json

import pytest

from models.runtime.errors import UserError
from models.training import runs, session
from models.training.config import Config
from models.training.kinds import TRAINED
from models.training.runs import lock, trash
from tests.models.training.conftest import SMALL


def test_is_found_as_it_was_created(root):
    made = runs.create(SMALL)
    assert runs.find(made.id) == made == runs.Run.open(made.path)
    assert made.path.parent == root
    assert made.status().state == "starting"
    assert runs.ID.fullmatch(made.id)
    assert SMALL.model in made.id


def test_two_at_once_do_not_collide():
    made = [runs.create(SMALL, "same") for _ in range(3)]
    assert [one.id for one in made] == ["same", "same-2", "same-3"]
    assert {one.id for one in runs.listing().runs} == {"same", "same-2", "same-3"}


def test_nothing_half_made_is_listed(root):
    runs.create(SMALL, "good")
    (root / ".new-1234").mkdir()
    (root / ".deleted-good-1234").mkdir()
    (root / "foreign").mkdir()
    (root / "UPPER").mkdir()
    (root / "file").write_text("x")
    assert [one.id for one in runs.listing().runs] == ["good"]
    assert runs.listing().problems == ()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '{"model": "bogus"}',
        '{"epochs": "many"}',
        '{"created": "yesterday"}',
        '{"created": [1]}',
    ],
)
def test_a_damaged_configuration_is_named_and_passed_over(root, content):
    runs.create(SMALL, "good")
    runs.create(SMALL, "bad")
    (root / "bad" / runs.CONFIG).write_text(content)
    found = runs.listing()
    assert [one.id for one in found.runs] == ["good"]
    assert len(found.problems) == 1
    with pytest.raises(UserError):
        runs.find("bad")


def test_the_newest_is_first():
    names = ["b", "a", "c"]
    for name in names:
        runs.create(SMALL, name)
    assert [one.id for one in runs.listing().runs] == names[::-1]


def test_there_may_be_none():
    assert runs.listing() == runs.Listing((), ())


@pytest.mark.parametrize(
    "name", ["", "..", "../x", "a/b", "/etc", ".new-1", "A", "a\n", "a" * 200, "%2e", "~", "a b"]
)
def test_what_is_no_name_becomes_no_path(name):
    with pytest.raises(UserError, match="not the name of a run"):
        runs.find(name)


def test_an_unknown_one_is_told():
    with pytest.raises(UserError, match="There is no run nobody"):
        runs.find("nobody")


def test_a_folder_that_cannot_be_written_is_told(root):
    root.write_text("a file")
    with pytest.raises(UserError, match="VITRINE_RUNS"):
        runs.create(SMALL)


def test_a_checkpoint_that_is_not_there_is_told(create_run):
    one = create_run()
    with pytest.raises(UserError, match="no checkpoint yet"):
        one.checkpoint()
    session.train(one.path, one.config)
    assert one.checkpoint(20).step == 20
    assert one.checkpoint().step == one.status().scores["best_step"]
    with pytest.raises(UserError, match="no checkpoint of step 21"):
        one.checkpoint(21)


def test_deleting_takes_everything_but_not_from_a_trainer(root, create_run):
    one = create_run()
    with lock.hold(one.path), pytest.raises(UserError, match="in the hands of"):
        one.delete()
    assert runs.listing().runs == (one,)
    one.delete()
    assert [path.name for path in root.iterdir()] == [trash.FOLDER]


def test_a_cross_validation_knows_its_folds(root):
    parent = runs.create(Config(folds=3), "cv")
    assert parent.is_parent
    assert parent.children() == []
    for fold in (1, 2):
        runs.create(Config(folds=3, fold=fold, parent="cv"), runs.fold_id("cv", fold))
    assert [child.config.fold for child in parent.children()] == [1, 2]
    assert not parent.children()[0].is_parent
    with pytest.raises(UserError, match="choose one of its folds"):
        parent.checkpoint()
    parent.delete()
    assert [path.name for path in root.iterdir()] == [trash.FOLDER]


def test_the_configuration_is_json_that_others_can_read(create_run):
    one = create_run()
    content = json.loads((one.path / runs.CONFIG).read_text())
    assert content["model"] == "mlp"
    assert content["created"] == one.created


def test_a_run_tells_who_started_it():
    assert runs.find(runs.create(SMALL, by="Ada").id).by == "Ada"
    assert runs.find(runs.create(SMALL).id).by == ""


def test_every_network_and_data_make_a_name_that_an_address_may_have(root):
    for kind in TRAINED.values():
        for model in kind.architectures:
            run = runs.create(Config(model=model, dataset=next(iter(kind.datasets))))
            assert runs.find(run.id).config.model == model
