"""What if, side by side with the obvious way: bare passes of the network, and what Captum has for the same question.

Of the brush there are two numbers. `brush` is what a stroke costs the server: the fill put in place, one pass, and the
answer in order; `brush_ratio` holds it against a bare forward pass. `pen_to_answer` is what a person waits in a
browser, from the pen's leaving to other figures of the classes on the page.

Brush and attack take turns with their peers in one process, so that whatever else the machine does slows both alike,
and are medians. Concepts and influence are asked once each, ours first.
"""

from __future__ import annotations

import argparse
import copy
import tempfile
import time
from collections.abc import Callable
from statistics import median

import numpy as np
import torch
from playwright.sync_api import sync_playwright

from dashboard import pictures
from dashboard.inspection.embedding.features import features, picture_features
from dashboard.inspection.engine import speed
from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.influence.head import fit_head, head_weights, influence
from dashboard.inspection.passes.pool import dataset_pool
from dashboard.inspection.prediction import predict, see
from dashboard.inspection.whatif import brush
from dashboard.inspection.whatif.attack import STEPS, Ball, attack, descend, levels_of
from dashboard.inspection.whatif.margin import Margin, decide
from dashboard.records.mask import cell_shape
from dashboard.results import concepts as results
from dashboard.results import influence as influences
from dashboard.selection import Selection
from dashboard.view import build_view
from models import datasets, zoo
from models.classifier import Classifier
from models.networks import find_network
from models.runtime.progress import silent
from models.runtime.threads import use_threads
from tests.browser.chromium import executable, launch
from tests.browser.screen import Screen
from tests.browser.server import Server

EPS = 4
NOTE_PEN = "addEventListener('pointerup', () => { window.left = performance.now(); }, true)"
FIGURES = """() => [...document.querySelectorAll('[data-testid="stMain"] [data-testid="stProgress"]')]
    .map(one => one.innerText).join()"""
ARE_OTHERS = f"before => ({FIGURES})() !== before && performance.now() - window.left"
# Pictures that were learned from, and those of them that Captum is asked about one at a time.
PICTURES, COUNTED = 10_000, 1_000


def options(parser: argparse.ArgumentParser) -> None:
    """How often each is timed."""
    parser.add_argument("--network", default=zoo.DEFAULT)
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--strokes", type=int, default=7, help="painted in a browser; 0 leaves it out")
    parser.add_argument(
        "--run", default="run:example-healthy", help="run whose pictures are asked; empty leaves it out"
    )
    parser.add_argument(
        "--concepts", default="cnn-fashion", help="network of the concepts; empty leaves them out"
    )


def run(network: str, repeats: int, strokes: int, concepts: str, run: str) -> dict[str, float]:
    """Print the table and return its numbers by key."""
    print(f"{use_threads()} threads; seconds")
    model = find_network(network)
    classifier = model.load(silent)
    inputs = see(classifier, pictures.find(pictures.start(model.fits)).open()).inputs
    numbers = {**_brush(classifier, inputs, repeats), **_attack(classifier, inputs, repeats)}
    if strokes:
        numbers |= _pen(network, strokes)
    if concepts:
        numbers |= _concepts(concepts)
    if run:
        numbers |= _influence(run)
    for key, value in numbers.items():
        print(f"{key:32} {value:10.4f}")
    return numbers


def _brush(classifier: Classifier, inputs: np.ndarray, repeats: int) -> dict[str, float]:
    """The answer to a painted picture against a bare forward pass of one picture."""
    hidden = np.zeros(cell_shape((inputs.shape[1], inputs.shape[2])), bool)
    hidden[: len(hidden) // 2] = True
    cover, batch = brush.fill(brush.FILLS[0], inputs, classifier), torch.tensor(inputs)[None]

    def bare() -> None:
        with torch.no_grad():
            classifier.module(batch)

    theirs, ours = _in_turns(bare, lambda: brush.repaint(classifier, inputs, cover, hidden), repeats)
    return {"forward_pass": theirs, "brush": ours, "brush_ratio": ours / theirs}


def _pen(network: str, strokes: int) -> dict[str, float]:
    """Seconds from the pen's leaving to the answer on the page, in a browser."""
    path = executable()
    if path is None:
        raise SystemExit(
            "There is no Chromium: install one, name it in VITRINE_CHROMIUM, or paint 0 strokes."
        )
    taken = []
    with Server(threads=use_threads()) as server, sync_playwright() as playwright:
        browser = launch(playwright, path)
        screen = Screen(browser.new_page(viewport={"width": 1440, "height": 1000}), server.url)
        screen.page.add_init_script(NOTE_PEN)
        screen.open("what-if", model=network)
        box = screen.main.locator("canvas").bounding_box()
        assert box is not None
        for stroke in range(strokes + 1):
            before, height = screen.page.evaluate(FIGURES), box["height"] * (stroke + 1) / (strokes + 2)
            screen.page.mouse.move(box["x"] + box["width"] / 4, box["y"] + height)
            screen.page.mouse.down()
            screen.page.mouse.move(box["x"] + box["width"] * 3 / 4, box["y"] + height, steps=4)
            screen.page.mouse.up()
            taken.append(screen.page.wait_for_function(ARE_OTHERS, arg=before).json_value() / 1000)
            screen.rest()
        browser.close()
    # The first stroke makes what all share.
    return {"pen_to_answer": median(taken[1:])}


def _attack(classifier: Classifier, inputs: np.ndarray, repeats: int) -> dict[str, float]:
    """One search of all its steps against as many bare passes there and back, and one that may stop early."""
    batch = torch.tensor(inputs)[None]
    answer = predict(classifier, inputs)

    def bare() -> None:
        for _ in range(STEPS):
            leaf = batch.clone().requires_grad_()
            with torch.enable_grad():
                torch.autograd.grad(classifier.module(leaf)[0, answer.winner], leaf)

    rounds = max(1, repeats // 3)
    # A change that is a million logits away is not found, so all steps are taken.
    theirs, ours = _in_turns(bare, lambda: _descend(classifier, inputs, 1e6), rounds)
    _, early = _in_turns(bare, lambda: _descend(classifier, inputs, 0.0), rounds)
    whole = time.perf_counter()
    attack(classifier, inputs, decision=decide(answer, 0), eps=EPS)
    return {
        "passes_there_and_back": theirs,
        "pgd": ours,
        "pgd_ratio": ours / theirs,
        "pgd_early_ratio": early / theirs,
        "attack_whole": time.perf_counter() - whole,
    }


def _descend(classifier: Classifier, inputs: np.ndarray, far: float) -> object:
    """Many steps along the gradient, as the page takes them, on a network whose pace is known."""
    batch = torch.tensor(inputs)[None]
    margin = Margin.deciding(classifier, decide(predict(classifier, inputs), 0))
    margin.network = speed.accelerate(margin.network, classifier, batch, use="gradient")
    pixels = torch.from_numpy(levels_of(inputs, classifier.preprocessing)).float()[None]
    ball = Ball(pixels, EPS, classifier.preprocessing)
    return descend(
        lambda given, rows: margin(given) + far,
        lambda given, rows: margin.select(classifier.module(given).float()) + far,
        ball,
        pixels.clone(),
        steps=STEPS,
        first=True,
    )


def _concepts(name: str) -> dict[str, float]:
    """Five concepts at three layers, each told from 20 random sets: Captum's TCAV with its defaults, and ours.

    Ours ranks each of them among 399 random concepts besides, which are told from 20 sets each as well.
    """
    from captum.concept import TCAV, Concept
    from torch.utils.data import DataLoader

    model = find_network(name)
    view = build_view(Selection(name, (pictures.start(model.fits),)), model, model.load(silent))
    asked = results.subject(view)
    assert asked is not None and not asked.refusal()
    started = time.perf_counter()
    found = results.concepts(asked).work(lambda share: None)
    ours = time.perf_counter() - started
    sets, random = results.pictures_of(asked)
    of_class = asked.labelled.pool.take(asked.of_class)

    def concept(number: int, inputs: np.ndarray) -> Concept:
        rows = torch.from_numpy(inputs[: found.pictures])
        return Concept(number, f"set{number}", DataLoader(rows, batch_size=len(rows)))  # type: ignore[arg-type]

    named = [concept(number, inputs) for number, inputs in enumerate(list(sets.values())[:5])]
    draws = np.random.default_rng(0)
    others = [
        concept(100 + number, random[draws.permutation(len(random))]) for number in range(found.opposites)
    ]
    started = time.perf_counter()
    # Its cache by concept would give old scores.
    with tempfile.TemporaryDirectory() as folder:
        tcav = TCAV(isolate(view.classifier.module), list(found.layers), save_path=folder)
        tcav.interpret(of_class, [[one, other] for one in named for other in others], target=view.target)
    theirs = time.perf_counter() - started
    return {"captum_tcav": theirs, "concepts": ours, "concepts_speedup": theirs / ours}


def _influence(name: str) -> dict[str, float]:
    """What 10,000 pictures did to one answer: Captum's TracInCPFast over the run's checkpoints, and ours.

    Ours begins with the pictures, fits the head and leaves twenty out for real. Captum's is asked with its defaults,
    which take one picture at a time, over a part of them that is counted up, and with a batch of 1,000 as well.
    """
    from captum.influence import TracInCPFast
    from torch.utils.data import TensorDataset

    model = find_network(name)
    view = build_view(Selection(name, (pictures.start(model.fits),)), model, model.load(silent))
    asked, dataset = influences.subject(view), datasets.find_dataset(model.fits)
    pool = dataset_pool(dataset, view.classifier, PICTURES, "train")
    labels = np.asarray(dataset.load(silent).labels("train"))[: len(pool)]
    started = time.perf_counter()
    read = features(view.classifier, asked.place, pool)
    head = fit_head(read, labels[read.pictures], head_weights(view.classifier, asked.place.call.name))
    own = picture_features(view.classifier, asked.place, view.seen.inputs)
    found = influence(head, own, view.target)
    ours = time.perf_counter() - started
    rows, states = pool.take(range(len(pool))), [checkpoint.tensors() for checkpoint in asked.checkpoints]

    def load(network: torch.nn.Module, state: dict[str, torch.Tensor]) -> float:
        network.load_state_dict(state)
        return 1.0

    def theirs(count: int, **settings: int) -> float:
        began = time.perf_counter()
        tracin = TracInCPFast(
            copy.deepcopy(isolate(view.classifier.module)).requires_grad_(True),
            asked.place.call.name,
            TensorDataset(rows[:count], torch.from_numpy(labels[:count])),
            states,
            load,
            torch.nn.CrossEntropyLoss(reduction="sum"),
            **settings,
        )
        tracin.influence((torch.tensor(view.seen.inputs)[None], torch.tensor([view.target])))
        return (time.perf_counter() - began) * len(rows) / count

    usual, batched = theirs(COUNTED), theirs(len(rows), batch_size=1000)
    return {
        "captum_tracin": usual,
        "captum_tracin_batched": batched,
        "influence": ours,
        "influence_speedup": usual / ours,
        "influence_speedup_batched": batched / ours,
        "influence_correlation": found.check.correlation,
    }


def _in_turns(theirs: Callable[[], object], ours: Callable[[], object], repeats: int) -> tuple[float, float]:
    """Median seconds of each, after a first time that is not counted."""
    taken: tuple[list[float], list[float]] = ([], [])
    for round_ in range(repeats + 1):
        for side, work in zip(taken, (theirs, ours), strict=True):
            started = time.perf_counter()
            work()
            if round_:
                side.append(time.perf_counter() - started)
    return median(taken[0]), median(taken[1])
