"""Runs are found in folders of any layout."""

from models.tensorboard import folders
from models.tensorboard.folders import find_runs
from tests.models.tensorboard.logged import scalars, version


def log(*folders):
    for folder in folders:
        folder.mkdir(parents=True)
        (folder / "events.out.tfevents.1.h").write_bytes(version() + scalars(0, loss=1.0))


def test_runs_of_lightning_keras_and_a_summary_writer(tmp_path):
    log(
        tmp_path / "lightning_logs" / "version_10",
        tmp_path / "lightning_logs" / "version_9",
        tmp_path / "keras" / "train",
        tmp_path / "keras" / "validation",
        tmp_path / "runs" / "Jan01_host",
        tmp_path / "runs" / "Jan01_host" / "Loss_train",
        tmp_path / "estimator",
        tmp_path / "estimator" / "eval",
    )
    assert [path.relative_to(tmp_path).as_posix() for path in find_runs(tmp_path)] == [
        "estimator",
        "keras",
        "lightning_logs/version_9",
        "lightning_logs/version_10",
        "runs/Jan01_host",
        "runs/Jan01_host/Loss_train",
    ]


def test_a_run_may_be_the_folder_itself_and_none_may_be_there(tmp_path):
    assert find_runs(tmp_path) == find_runs(tmp_path / "missing") == ()
    log(tmp_path / "train")
    assert find_runs(tmp_path) == (tmp_path,)


def test_links_are_not_followed_and_trees_may_be_deep_or_wide(tmp_path, monkeypatch):
    log(tmp_path / "a")
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    log(tmp_path.joinpath("deep", *"x" * 20))
    assert find_runs(tmp_path) == (tmp_path / "a",)
    log(*(tmp_path / "wide" / str(index) for index in range(9)))
    monkeypatch.setattr(folders, "MOST_RUNS", 4)
    assert len(find_runs(tmp_path)) == 4
