"""The trainer: fits any module to any examples, and knows nothing of either, nor of files."""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from torch import Tensor, nn

from models.datasets.split import epoch_order
from models.tensorboard import scalars
from models.training import measures, optimizers, random_state, schedules
from models.training.config import Config
from models.training.data import TrainingData
from models.training.evaluation import Score, evaluate
from models.training.group import Group
from models.training.observer import DIVERGED, GO_ON, PAUSE, STOP, Observer, TrainingProgress
from models.training.pictures import batch_reader

PRECISIONS = {"bfloat16": torch.bfloat16, "float16": torch.float16}
NAP = 0.2  # seconds between two looks while paused


class StoppedError(Exception):
    """Somebody asked to stop; this moment is saved."""


class DivergedError(Exception):
    """A loss or a weight is NaN or infinite; the message says which, and after which step."""


class Trainer:
    """One network on its way through the epochs."""

    def __init__(
        self, config: Config, data: TrainingData, network: nn.Module, *, group: Group, observer: Observer
    ) -> None:
        """Get ready at step 0; restore() goes on from elsewhere.

        Args:
            config: what was asked for.
            data: examples on the group's device.
            network: fresh; moved to the device.
            group: the processes that train together.
            observer: is called with what happens, and asked between two steps.
        """
        self.config, self.data = config, data
        # Channels last is a quarter faster for convolutions on a CPU, and changes nothing for the rest.
        self.network = network.to(group.device).to(memory_format=torch.channels_last)
        self.progress = TrainingProgress()
        self.per_epoch = -(-len(data.train) // (config.batch_size * group.size))
        self.total = config.epochs * self.per_epoch
        self._group, self._observer = group, observer
        self._forward = group.wrap(self.network)
        self._parameters = [p for p in self.network.parameters() if p.requires_grad]
        self._optimizer = optimizers.build(
            config.optimizer,
            self._parameters,
            learning_rate=config.learning_rate,
            momentum=config.momentum,
            weight_decay=config.weight_decay,
        )
        self._schedule = schedules.build(
            config.schedule, self._optimizer, steps=self.total, warmup=config.warmup
        )
        self._scaler = torch.amp.GradScaler(group.device.type, enabled=config.precision == "float16")
        self._criterion = data.objective.criterion(config.label_smoothing)
        self._take = batch_reader(data.train, data.prepare, data.vary)
        # Written over each time that norms are measured.
        self._before = [parameter.detach().clone() for parameter in self._parameters]
        self._pending = measures.PendingSteps(data.objective.hits)
        self._saved_step = 0

    def fit(self) -> None:
        """Train to the end.

        Raises:
            StoppedError: if somebody asked to stop.
            DivergedError: if a loss or a weight is no number any more.
        """
        self.network.train()
        while not self._is_over():
            for indices in self._batches():
                wish = self._step(indices)
                if self.progress.position < self.per_epoch:
                    self._checkpoint_mid_epoch()
                    self._obey(wish)
            self._end_epoch()
            self._obey(self._group.maximum(self._observer.wish()))

    def state(self) -> dict[str, Any]:
        """All that going on from here needs beside the weights; the same call in every process."""
        return dataclasses.asdict(self.progress) | {
            "optimizer": self._optimizer.state_dict(),
            "schedule": self._schedule.state_dict(),
            "scaler": self._scaler.state_dict(),
            "generators": random_state.capture(self._group),
            "threads": torch.get_num_threads(),
            "processes": self._group.size,
        }

    def restore(self, tensors: Mapping[str, Tensor], state: Mapping[str, Any]) -> None:
        """Go on from an earlier moment.

        Args:
            tensors: the network's state_dict.
            state: what state() gave at that moment.

        Raises:
            RuntimeError: if the weights are those of another network.
        """
        self.network.load_state_dict(tensors)
        self._optimizer.load_state_dict(state["optimizer"])
        self._schedule.load_state_dict(state["schedule"])
        self._scaler.load_state_dict(state["scaler"])
        self.progress = TrainingProgress(
            **{field.name: state[field.name] for field in dataclasses.fields(TrainingProgress)}
        )
        self._saved_step = self.progress.step
        random_state.restore(state["generators"], self._group)

    def _is_over(self) -> bool:
        patience = self.config.early_stopping
        return self.progress.epoch >= self.config.epochs or 0 < patience <= self.progress.worse

    def _batches(self) -> Iterator[Tensor]:
        """The rest of this epoch: indices of this process's part of each batch."""
        size = self._group.size
        order = torch.from_numpy(
            epoch_order(
                len(self.data.train),
                seed=self.config.order_seed or self.config.seed,
                epoch=self.progress.epoch,
            )
        )
        # Every process needs as many examples as the others: a few from the start are seen once more.
        order = torch.cat((order, order[: -len(order) % size])).to(self._group.device)
        for batch in torch.split(order, self.config.batch_size * size)[self.progress.position :]:
            yield batch[self._group.rank :: size]

    def _step(self, indices: Tensor) -> int:
        """Take one optimizer step on a batch; returns what is wished after it."""
        inputs, targets = self._take(indices)
        with self._autocast():
            outputs = self._forward(inputs)  # (N, outputs)
            loss = self._criterion(outputs, targets)
        wish = self._agree(loss)
        self._optimizer.zero_grad()
        self._scaler.scale(loss).backward()
        self._scaler.unscale_(self._optimizer)
        rate = self._optimizer.param_groups[0]["lr"]
        norms = self._update()
        self._pending.add(self.progress.step, rate, loss=loss, outputs=outputs, targets=targets, norms=norms)
        if self._pending.full or self._observer.is_due():
            self._drain()
            self._observer.beat(self.progress)
        return wish

    def _update(self) -> Tensor | None:
        """Change the weights; every k steps measure gradient norm and update-to-weight ratio, of shape (2,)."""
        self.progress.step += 1
        self.progress.position += 1
        measures_now = self.progress.step % self.config.every_k == 0
        if measures_now:
            torch._foreach_copy_(self._before, [parameter.detach() for parameter in self._parameters])
        self._scaler.step(self._optimizer)
        self._scaler.update()
        self._schedule.step()
        if not measures_now:
            return None
        ratio = measures.update_ratio(self._before, self._parameters)
        return torch.stack((measures.gradient_norm(self._parameters), ratio))

    def _autocast(self) -> AbstractContextManager[Any]:
        """Mixed precision where it is asked for; untested."""
        if self.config.precision not in PRECISIONS:
            return nullcontext()
        return torch.autocast(self._group.device.type, PRECISIONS[self.config.precision])

    def _agree(self, loss: Tensor) -> int:
        """Agree with all processes on what is wished. Raises DivergedError where one's loss is no number."""
        # On a GPU each look waits for the device, so there it is not looked at in every step.
        looks = self._group.device.type == "cpu" or (self.progress.step + 1) % self.config.every_k == 0
        diverged = looks and not math.isfinite(loss.item())
        wish = self._group.maximum(DIVERGED if diverged else self._observer.wish())
        if wish == DIVERGED:
            self._drain()
            raise DivergedError(
                f"The loss is {loss.item():g} at step {self.progress.step + 1:,} (epoch {self.progress.epoch + 1})."
            )
        return wish

    def _drain(self) -> None:
        """Read the pending steps from the device, add them up, pass them on."""
        results = self._pending.drain()
        for result in results:
            # One by one, so that the sum does not depend on when they are read.
            self.progress.loss += result.loss * result.seen
            self.progress.correct += result.correct
            self.progress.seen += result.seen
        self._observer.log_steps(results)

    def _end_epoch(self) -> None:
        self._drain()
        score, progress = self._validate(), self.progress
        loss, correct, seen = self._group.total(
            torch.tensor([progress.loss, progress.correct, progress.seen], dtype=torch.float64)
        ).tolist()
        self._observer.log_scalars(
            progress.step, {scalars.EPOCH_LOSS: loss / seen, scalars.EPOCH_TOP1: correct / seen}
        )
        self._observer.log_layers(progress.step, *measures.layer_statistics(self.network))
        progress.worse = 0 if score.loss < progress.best else progress.worse + 1
        progress.best = min(score.loss, progress.best)
        progress.epoch += 1
        progress.position = progress.correct = progress.seen = 0
        progress.loss = 0.0
        interval = self.config.checkpoint_every
        if not interval or progress.step % interval == 0 or self._is_over():
            self._save_checkpoint(score.metrics)
        self._observer.beat(progress)

    def _validate(self) -> Score:
        """Measure on the validation part. Raises DivergedError where the result is no number."""
        self._group.broadcast_buffers(self.network)
        with self._autocast():
            score = evaluate(
                self.network,
                self.data.validation,
                self.data.prepare,
                self.data.objective,
                group=self._group,
                smoothing=self.config.label_smoothing,
                on_batch=self._observer.keep_alive,
            )
        self.network.train()
        if not math.isfinite(score.loss):
            raise DivergedError(f"The validation loss is {score.loss:g} after step {self.progress.step:,}.")
        self._observer.log_scalars(self.progress.step, score.metrics)
        return score

    def _checkpoint_mid_epoch(self) -> None:
        interval = self.config.checkpoint_every
        if interval and self.progress.step % interval == 0:
            self._save_checkpoint(self._validate().metrics)

    def _save_checkpoint(self, metrics: Mapping[str, float]) -> None:
        """Have this moment saved, unless it is already. Raises DivergedError where a weight is no number."""
        if self._saved_step == self.progress.step:
            return
        self._drain()
        self._group.broadcast_buffers(self.network)
        tensors, state = self.network.state_dict(), self.state()
        if not all(bool(tensor.isfinite().all()) for tensor in tensors.values()):
            raise DivergedError(f"A weight is no number any more after step {self.progress.step:,}.")
        self._observer.save_checkpoint(self.progress, tensors=tensors, state=state, metrics=metrics)
        self._saved_step = self.progress.step

    def _obey(self, wish: int) -> None:
        """Rest as long as that is wished. Raises StoppedError if it is to stop."""
        if wish == GO_ON:
            return
        self._save_checkpoint({})
        while wish == PAUSE:
            self._observer.report_pause(self.progress, paused=True)
            time.sleep(NAP)
            wish = self._group.maximum(self._observer.wish())
        if wish == STOP:
            raise StoppedError
        self._observer.report_pause(self.progress, paused=False)
