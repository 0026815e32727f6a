"""One trainer at work on one run's folder, from the lock to the last status."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from models.runtime import files, settings
from models.runtime.compiler import nothing_compiled
from models.runtime.errors import UserError
from models.runtime.threads import use_training_threads
from models.training import network, random_state
from models.training.config import Config
from models.training.data import TrainingData, device_of, facts, load
from models.training.evaluation import evaluate
from models.training.group import Group, is_writer, join_group
from models.training.loop import DivergedError, StoppedError, Trainer
from models.training.observer import GO_ON, STOP, Observer
from models.training.recorder import Recorder
from models.training.runs import checkpoints, lock, serialisation
from models.training.runs import status as states
from models.training.runs.status import Status

# Windows has no hang-up.
SIGNALS = tuple(signal.Signals[name] for name in ("SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, name))
REMEDY = "Try a lower learning rate or a warmup; the last good checkpoint is kept."


def train(
    run: Path,
    config: Config,
    *,
    on_status: Callable[[Status], None] = lambda _: None,
    parent_wish: Callable[[], int] = lambda: GO_ON,
) -> str:
    """Train a run's network from where it stands to its end, and tell its folder how it ended.

    Under torchrun every process calls this; the first one writes.

    Args:
        run: the folder, which holds this configuration.
        config: of the run.
        on_status: is given every status that is written.
        parent_wish: what is wished of the cross-validation or sweep that the run belongs to.

    Returns:
        How the run was left: finished, stopped or failed.

    Raises:
        UserError: if another process trains this run.
    """
    if not is_writer():
        return _run_to_end(run, config, Observer())
    with lock.hold(run):
        return train_held(run, config, on_status=on_status, parent_wish=parent_wish)


def train_held(
    run: Path, config: Config, *, on_status: Callable[[Status], None], parent_wish: Callable[[], int]
) -> str:
    """Train as `train` does, where this process holds the run's lock already."""
    checkpoints.prepare(run)
    keep = config.keep_mb * 10**6
    return _run_to_end(run, config, Recorder(run, keep=keep, on_status=on_status, parent_wish=parent_wish))


def _run_to_end(run: Path, config: Config, observer: Observer) -> str:
    """Do it, and turn whatever happens into a last status."""
    state, error = states.FINISHED, ""
    try:
        with (
            stop_on_signal(observer.stop),
            join_group(device_of(config.device)) as group,
            # Several processes are joined by what asks the compiler.
            nothing_compiled() if group.size == 1 else nullcontext(),
        ):
            _fit(run, config, group, observer)
    except StoppedError:
        state = states.STOPPED
    except DivergedError as lost:
        state, error = (
            states.FAILED,
            " ".join(filter(None, (str(lost), observer.last_finite_values(), REMEDY))),
        )
    except UserError as refusal:
        state, error = states.FAILED, str(refusal)
    except KeyboardInterrupt:
        observer.end(states.INTERRUPTED, "Ended at once, without a checkpoint of that moment.")
        raise
    except Exception as unexpected:
        observer.end(
            states.FAILED, f"Training broke off ({type(unexpected).__name__}); its output says where."
        )
        raise
    with suppress(files.DiskFullError):
        observer.end(state, error)
    return state


def _fit(run: Path, config: Config, group: Group, observer: Observer) -> None:
    data = load(config, group.device, lambda done, total: observer.keep_alive())
    if is_writer():
        facts(data).write(run)
    if group.maximum(observer.wish()) == STOP:
        raise StoppedError
    tensors, state, notes = _load_resume_state(run, group)
    threads = use_training_threads(state.get("threads", config.threads), settings.LOCAL_WORLD_SIZE.value())
    random_state.seed(config.weights_seed or config.seed, group)
    module = network.build(config, data)
    trainer = Trainer(config, data, module, group=group, observer=observer)
    if state:
        trainer.restore(tensors, state)
    observer.begin(
        trainer.progress.step,
        epoch=trainer.progress.epoch,
        steps=trainer.total,
        epochs=config.epochs,
        parameters=sum(p.numel() for p in module.parameters()),
        flops=data.format.count_flops(module),
        threads=threads,
        processes=group.size,
        notes=(*notes, *filter(None, [data.unreadable()])),
    )
    trainer.fit()
    # Of a folder that is too large to be decoded at once, only now every file was looked at.
    observer.set_notes((*notes, *filter(None, [data.unreadable()])))
    if is_writer():
        _test(run, module, data, group.device, observer)


def _load_resume_state(
    run: Path, group: Group
) -> tuple[Mapping[str, Tensor], Mapping[str, Any], tuple[str, ...]]:
    """What the first process finds to resume from, in every process. Raises UserError if others trained it."""
    tensors, state, notes = checkpoints.load_latest(run) if is_writer() else ({}, {}, ())
    if group.size > 1:
        everything = serialisation.deserialise_state(
            group.broadcast(serialisation.serialise_state({"tensors": tensors, "state": state}))
        )
        tensors, state = everything["tensors"], everything["state"]
    if state and state["processes"] != group.size:
        raise UserError(
            f"Run {run.name} was trained by {state['processes']} processes together; "
            f"resume it with torchrun --nproc-per-node {state['processes']}."
        )
    return tensors, state, notes


def _test(run: Path, module: nn.Module, data: TrainingData, device: Any, observer: Observer) -> None:
    """Measure the best checkpoint on what no choice was made by."""
    best = checkpoints.read(run).best
    if data.test is None or best is None:
        return
    module.load_state_dict(best.tensors())
    score = evaluate(
        module,
        data.test,
        data.prepare,
        data.objective,
        group=Group(device),
        on_batch=observer.keep_alive,
    )
    observer.add_scores({"test_loss": score.loss, "test_top1": score.top1})


@contextmanager
def stop_on_signal(stop: Callable[[], None]) -> Iterator[None]:
    """Turn the first signal to end into a call; a second one ends at once."""
    before: dict[signal.Signals, Any] = {}

    def handle(number: int, _: object) -> None:
        stop()
        signal.signal(number, before[signal.Signals(number)])

    # Only a process's main thread hears signals; what nohup told it not to hear stays unheard.
    if threading.current_thread() is threading.main_thread():
        heard = [number for number in SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
        before.update({number: signal.signal(number, handle) for number in heard})
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
