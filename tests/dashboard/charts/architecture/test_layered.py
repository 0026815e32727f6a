"""What every drawing must keep: boxes apart, in their frames, below what they read; lines beside boxes."""

from __future__ import annotations

import itertools

import pytest
import torch

from dashboard.charts.architecture.layered import Drawing, PlacedBox, layered_drawing
from dashboard.inspection.architecture.trace import architecture
from dashboard.records.architecture import Node
from dashboard.records.blocks import IN, OUT, GraphBox, max_depth, nested_boxes, open_blocks
from tests.matrix import NETWORKS
from tests.networks import built

DRAWN = ("efficientnet_lite0", "squeezenet1_1", "resnet18", "densenet121", "googlenet", "vit_b_16", "swin_t")


def step(name: str) -> GraphBox:
    return GraphBox(name, node=Node(name, "Conv2d", False, (), (1,)))


def chain(*lines: tuple[int, int], count: int) -> Drawing:
    return layered_drawing(GraphBox("", boxes=tuple(step(str(place)) for place in range(count)), lines=lines))


def apart(one: PlacedBox, other: PlacedBox) -> bool:
    return (
        one.right <= other.left
        or other.right <= one.left
        or one.bottom <= other.top
        or other.bottom <= one.top
    )


def within(inner: PlacedBox, frame: PlacedBox) -> bool:
    across = frame.left <= inner.left and inner.right <= frame.right
    return across and frame.top <= inner.top and inner.bottom <= frame.bottom


def hidden(drawing: Drawing) -> list[tuple[float, float, str]]:
    """Points of lines on a box, or on a frame that they have nothing to do with: nobody could follow them there."""
    return [
        (x, y, placed.box.name)
        for line in drawing.lines
        for placed in drawing.placed
        if not (placed.frame and (inside(*line[0], placed) or inside(*line[-1], placed)))
        for x, y in line
        if placed.left < x < placed.right and placed.top < y < placed.bottom
    ]


def inside(x: float, y: float, placed: PlacedBox) -> bool:
    return placed.left <= x <= placed.right and placed.top <= y <= placed.bottom


def test_lines_do_not_cross_a_taller_neighbour():
    tall = GraphBox("b", boxes=(step("b.0"), step("b.1")), lines=((IN, 0), (0, 1), (1, OUT)))
    lines = ((0, 1), (0, 2), (1, 3), (2, 3))
    assert not hidden(
        layered_drawing(GraphBox("", boxes=(step("a"), tall, step("c"), step("d")), lines=lines))
    )


def test_a_chain_is_one_straight_column():
    drawing = chain((0, 1), (1, 2), count=3)
    assert {placed.port for placed in drawing.placed} == {0.0}
    tops = [placed.top for placed in drawing.placed]
    assert tops == sorted(tops) and len(set(tops)) == 3
    assert all(len({x for x, _ in line}) == 1 for line in drawing.lines)


def test_a_skip_runs_beside_what_it_passes():
    drawing = chain((0, 1), (1, 2), (0, 2), count=3)
    passed = drawing.placed[1]
    skip = max(drawing.lines, key=lambda line: max(x for x, _ in line))
    beside = [x for x, y in skip if passed.top <= y <= passed.bottom]
    assert beside and min(beside) > passed.right


def test_lines_of_one_source_share_a_way_and_those_of_two_do_not():
    shared = chain((0, 1), (1, 2), (2, 3), (0, 2), (0, 3), count=4)
    own = chain((0, 1), (1, 2), (2, 3), (3, 4), (0, 3), (1, 4), count=5)
    ways = [{max(x for x, _ in line) for line in drawing.lines} - {0.0} for drawing in (shared, own)]
    assert [len(found) for found in ways] == [1, 2]


def test_branches_stand_side_by_side_around_what_they_read():
    drawing = chain((0, 1), (0, 2), (0, 3), (1, 4), (2, 4), (3, 4), count=5)
    first, *branches, last = drawing.placed
    assert len({placed.top for placed in branches}) == 1
    assert sum(placed.port for placed in branches) == pytest.approx(0)
    assert first.port == last.port == 0


def test_what_reads_nothing_stands_right_above_its_reader():
    drawing = chain((0, 1), (1, 3), (2, 3), count=4)
    tops = [placed.top for placed in drawing.placed]
    assert tops[2] == tops[1]


def test_lines_come_into_a_frame_and_leave_it():
    inner = GraphBox("b", boxes=(step("b.0"), step("b.1")), lines=((IN, 0), (0, 1), (1, OUT)))
    drawing = layered_drawing(GraphBox("", boxes=(step("a"), inner, step("c")), lines=((0, 1), (1, 2))))
    frame = next(placed for placed in drawing.placed if placed.frame)
    assert [placed.box.name for placed in drawing.placed if within(placed, frame)] == ["b", "b.0", "b.1"]
    assert (
        max(line[-1][1] for line, head in zip(drawing.lines, drawing.heads, strict=True) if not head)
        == frame.bottom
    )
    assert drawing.heads.count(False) == 1


@pytest.mark.slow
@pytest.mark.parametrize("name", DRAWN)
def test_drawings_of_real_networks_are_readable(name):
    of = NETWORKS[name]()
    shape = (of.preprocessing.channels, *of.preprocessing.size)
    found = architecture(of.module, torch.rand(1, *shape))
    for depth in range(max_depth(found) + 1):
        drawing = layered_drawing(nested_boxes(found, open_blocks(found, depth)))
        for one, other in itertools.combinations(drawing.placed, 2):
            nested = (one.frame and within(other, one)) or (other.frame and within(one, other))
            assert nested or apart(one, other), (depth, one.box.name, other.box.name)
        assert not hidden(drawing)
        # Data flows down.
        assert all(line[0][1] <= line[-1][1] for line in drawing.lines)
        assert all(drawing.left <= placed.left and placed.right <= drawing.right for placed in drawing.placed)
    first = layered_drawing(nested_boxes(found, open_blocks(found, 0)))
    # What is seen first is one column of a few boxes, or little more.
    assert len(first.placed) <= 30
    assert first.height <= 1500


@pytest.mark.slow
def test_dense_connections_find_room():
    from torchvision.models import densenet121

    found = architecture(built(lambda: densenet121(weights=None)), torch.rand(1, 3, 64, 64))
    drawing = layered_drawing(nested_boxes(found, {"features", "features.denseblock3"}))
    frame = next(placed for placed in drawing.placed if placed.box.name == "features.denseblock3")
    assert all(x <= drawing.right for line in drawing.lines for x, _ in line)
    # 24 layers whose outputs all go on to the end: as many ways beside the boxes, no two in one place.
    ways = {
        round(max(x for x, _ in line), 3) for line in drawing.lines if frame.top < line[0][1] < frame.bottom
    }
    assert len(ways) >= 23
