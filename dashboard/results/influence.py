"""What a network that was trained here learned an answer from: its pictures, its head fitted to the end, and TracIn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dashboard.inspection.embedding.features import features as compute_features
from dashboard.inspection.embedding.features import picture_features
from dashboard.inspection.evaluation.labelled_pictures import LabelledPictures
from dashboard.inspection.evaluation.sets import LabelledSet, available_sets, run_of
from dashboard.inspection.influence.head import MOST_NUMBERS, fit_head, head_weights, influence
from dashboard.inspection.influence.tracin import Moment, tracin
from dashboard.records.embedding import Place
from dashboard.records.influence import FittedHead, Influence
from dashboard.results.result import Result
from dashboard.view import View
from models.datasets.folder import Folder
from models.networks import find_network
from models.runtime.errors import UserError
from models.runtime.progress import silent
from models.training import as_networks, run_split, schedules
from models.training.runs import Run
from models.training.runs.checkpoints import Checkpoint

# The set of `available_sets` that a run learned from.
SET = "train"
# Checkpoints that TracIn reads, evenly from the first to the last.
CHECKPOINTS = 8


@dataclass(frozen=True, eq=False)
class InfluenceSubject:
    """A network that was trained here, looking at a picture, with what it learned from.

    Attributes:
        view: network, picture and class.
        run: that the network is a checkpoint of.
        part: what it learned from, as a set.
        labelled: the same as the network reads it.
        place: what its head reads.
    """

    view: View
    run: Run
    part: LabelledSet
    labelled: LabelledPictures
    place: Place

    @property
    def checkpoints(self) -> tuple[Checkpoint, ...]:
        """Those that TracIn reads."""
        every = self.run.checkpoints().all
        places = np.linspace(0, len(every) - 1, min(CHECKPOINTS, len(every))).round().astype(int)
        return tuple(every[place] for place in places)


def subject(view: View) -> InfluenceSubject:
    """What is asked.

    Raises:
        UserError: with the reason why what an answer was learned from cannot be told.
    """
    run = run_of(view.model)
    if run is None:
        raise UserError(
            "It takes the very pictures that a network learned from, and these are known of networks trained here."
        )
    if run.config.label_noise:
        raise UserError(
            "It learned from labels of which some were wrong on purpose (label noise), and these are not kept."
        )
    sets = available_sets(view.model, view.classifier)
    if SET not in sets:
        raise UserError("Its answers are not one class among several, as labels are.")
    head = view.survey.head
    if head is None or head.kind != "Linear" or "#" in head.name:
        raise UserError(
            "Its classes are not told apart by one linear layer, and only of that is the influence exact."
        )
    place = Place(head, reads=True)
    numbers = head_weights(view.classifier, head.name).size
    if numbers > MOST_NUMBERS:
        raise UserError(
            f"Its head has {numbers:,} numbers, and what leaving a picture out does is exact up to {MOST_NUMBERS:,}."
        )
    split = run_split.load_split(run)
    refuse_changed(run, split)
    part = sets[SET]()
    return InfluenceSubject(view, run, part, part.read(view.classifier), place)


def refuse_changed(run: Run, split: run_split.RunSplit) -> None:
    """Do nothing where the pictures of a run are those that it learned from.

    Raises:
        UserError: where there are more or fewer, or one is gone or was written since.
    """
    images = split.dataset.load(silent)
    if not isinstance(images, Folder):
        return
    if split.has_changed:
        there = len(split.indices.train) + len(split.indices.validation)
        raise UserError(
            f"Run {run.id} could read {split.read:,} pictures of its folder, where {there:,} are now: which of them it "
            "learned from is not known any more."
        )
    try:
        newer = sum(file.stat().st_mtime > run.created for file in images.files(split.indices.train))
    except OSError as error:
        raise UserError(f"A picture that run {run.id} learned from is gone.") from error
    if newer:
        raise UserError(
            f"Of the folder's pictures {newer:,} are newer than run {run.id}, so what it learned from is not known "
            "any more."
        )


def fitted(subject: InfluenceSubject) -> Result[FittedHead]:
    """The head, fitted to the end over what the network learned from: a UserError says that it cannot be."""
    view, labelled = subject.view, subject.labelled

    def work(report: Callable[[float], None]) -> FittedHead:
        features = compute_features(
            view.classifier, subject.place, labelled.pool, lambda share: report(share / 2)
        )
        if features.taken < len(labelled.pool) or features.not_finite:
            raise UserError(
                "Its features are too many, or no numbers, so its head cannot be fitted to all of them."
            )
        return fit_head(
            features,
            labelled.labels[features.pictures],
            head_weights(view.classifier, subject.place.call.name),
            lambda share: report((1 + share) / 2),
        )

    return Result(
        view.classifier.key,
        "fitted head",
        (labelled.pool.key,),
        work,
        f"Fitting the head to {labelled.pool.title}",
        "slow",
    )


def pulls(subject: InfluenceSubject, head: FittedHead) -> Result[Influence]:
    """How much each picture pulls the answer, with twenty left out for real."""
    view = subject.view

    def work(report: Callable[[float], None]) -> Influence:
        own = picture_features(view.classifier, subject.place, view.seen.inputs)
        if not np.isfinite(own).all():
            raise UserError("Features of this picture are no numbers.")
        return influence(head, own, view.target, report)

    return Result(
        view.classifier.key,
        "influence",
        (subject.labelled.pool.key, view.seen.digest, view.target),
        work,
        "Leaving pictures out",
        "slow",
    )


def steps(subject: InfluenceSubject, head: FittedHead) -> Result[np.ndarray]:
    """(N,) TracIn of each picture of a fitted head, over checkpoints of the run."""
    view, checkpoints = subject.view, subject.checkpoints

    def work(report: Callable[[float], None]) -> np.ndarray:
        config = subject.run.config
        per_epoch = -(-len(subject.labelled.pool) // config.batch_size)
        rates = schedules.rates(
            config.schedule,
            config.learning_rate,
            steps=per_epoch * config.epochs,
            warmup=config.warmup,
            at=[checkpoint.step for checkpoint in checkpoints],
        )
        moments = [
            Moment(find_network(as_networks.address(subject.run, checkpoint)).load(silent), rate)
            for checkpoint, rate in zip(checkpoints, rates, strict=True)
        ]
        pool, labels = subject.labelled.pool, subject.labelled.labels
        return tracin(
            moments, subject.place, pool, labels, head.pictures, view.seen.inputs, view.target, report
        )

    return Result(
        view.classifier.key,
        "TracIn",
        (
            subject.labelled.pool.key,
            view.seen.digest,
            view.target,
            tuple(checkpoint.digest for checkpoint in checkpoints),
        ),
        work,
        f"TracIn at {len(checkpoints)} checkpoints",
        "slow",
    )
