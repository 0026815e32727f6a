"""The board that a picture is painted on, in the browser: brush, eraser, rectangle, superpixels, undo, by keyboard too.

What it shows is what the network reads: the fill itself stands where the picture is hidden. It hands on the cells
after each stroke; whoever else changes them (a step back in the browser, a region that was found) is followed.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable

import numpy as np
import streamlit as st

from dashboard import session
from dashboard.records.mask import pack_cells, unpack_cells

_HTML = """
<div class="board">
  <div class="tools" role="toolbar" aria-label="Tools">
    <button type="button" data-tool="brush">Brush</button>
    <button type="button" data-tool="eraser">Eraser</button>
    <button type="button" data-tool="rectangle">Rectangle</button>
    <button type="button" data-tool="part">Superpixel</button>
    <label>Size <input type="range" min="1" max="16" value="7" aria-label="Size of the brush"></label>
  </div>
  <canvas tabindex="0" role="application"></canvas>
  <div class="tools" role="toolbar" aria-label="Steps">
    <button type="button" data-deed="undo">Undo</button>
    <button type="button" data-deed="redo">Redo</button>
    <button type="button" data-deed="invert">Invert</button>
    <button type="button" data-deed="clear">Clear</button>
    <span class="said" role="status" aria-live="polite"></span>
  </div>
</div>
"""
_CSS = """
.board { font: 400 0.875rem/1.5 var(--st-font); color: var(--st-text-color); max-width: 30rem; }
.tools { display: flex; flex-wrap: wrap; gap: 0.375rem; align-items: center; }
.tools button {
    font: inherit; color: inherit; padding: 0.25rem 0.625rem; min-height: 2rem; cursor: pointer;
    background: var(--st-background-color); border: 1px solid var(--st-border-color);
    border-radius: var(--st-button-radius);
}
.tools button:hover:enabled { border-color: var(--st-primary-color); color: var(--st-primary-color); }
.tools button[aria-pressed="true"] { border-color: var(--st-primary-color); color: var(--st-primary-color);
    background: color-mix(in srgb, var(--st-primary-color) 10%, transparent); font-weight: 600; }
.tools button:disabled { opacity: 0.4; cursor: default; }
.tools label { display: flex; align-items: center; gap: 0.375rem; }
.tools input { width: 6rem; accent-color: var(--st-primary-color); }
canvas { display: block; width: 100%; margin: 0.5rem 0; touch-action: none; cursor: crosshair;
    border-radius: var(--st-base-radius); }
:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 2px; }
"""
_JS = """
const boards = new WeakMap();

function build(root) {
    const canvas = root.querySelector("canvas"), context = canvas.getContext("2d");
    const size = root.querySelector("input"), said = root.querySelector(".said");
    const tools = [...root.querySelectorAll("[data-tool]")], deeds = [...root.querySelectorAll("[data-deed]")];
    let data = null, send = () => {}, cells = null, before = [], after = [], waiting = null;
    let tool = "brush", stroke = null, corner = null, cursor = null, keyed = false, hovered = null;
    const images = {photo: new Image(), fill: new Image()};
    for (const image of Object.values(images)) image.onload = () => draw();

    const read = text => {
        const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
        const found = new Uint8Array(data.rows * data.columns);
        for (let at = 0; at < found.length; at++) found[at] = bytes[at >> 3] >> (7 - (at & 7)) & 1;
        return found;
    };
    const write = () => {
        const bytes = new Uint8Array(Math.ceil(cells.length / 8));
        cells.forEach((painted, at) => { if (painted) bytes[at >> 3] |= 128 >> (at & 7); });
        return btoa(String.fromCharCode(...bytes));
    };
    const same = (one, other) => one.every((value, at) => value === other[at]);
    const painted = () => cells.reduce((sum, value) => sum + value, 0);

    // What is done to the cells
    const each = (top, left, bottom, right, value) => {
        for (let row = Math.max(0, top); row < Math.min(data.rows, bottom); row++)
            for (let column = Math.max(0, left); column < Math.min(data.columns, right); column++)
                cells[row * data.columns + column] = value;
    };
    const dab = (row, column, value) => {
        const across = Math.max(1, Math.round(size.value * Math.max(data.rows, data.columns) / 56));
        const middle = (across - 1) / 2, top = row - Math.floor(middle), left = column - Math.floor(middle);
        for (let down = 0; down < across; down++)
            for (let over = 0; over < across; over++)
                if (Math.hypot(down - middle, over - middle) <= across / 2)
                    each(top + down, left + over, top + down + 1, left + over + 1, value);
    };
    const line = (from, to, value) => {
        const steps = Math.max(Math.abs(to.row - from.row), Math.abs(to.column - from.column), 1);
        for (let step = 0; step <= steps; step++)
            dab(Math.round(from.row + (to.row - from.row) * step / steps),
                Math.round(from.column + (to.column - from.column) * step / steps), value);
    };
    const partAt = place => data.parts[place.row * data.columns + place.column];
    const paintPart = (part, value) => data.parts.forEach((own, at) => { if (own === part) cells[at] = value; });
    const fillPart = place => {
        const part = partAt(place), own = data.parts.flatMap((other, at) => other === part ? [cells[at]] : []);
        const value = own.filter(Boolean).length * 2 <= own.length ? 1 : 0;
        paintPart(part, value);
        return value;
    };
    const box = (one, other) => each(
        Math.min(one.row, other.row), Math.min(one.column, other.column),
        Math.max(one.row, other.row) + 1, Math.max(one.column, other.column) + 1, 1);

    const done = start => {
        if (same(start, cells)) return draw();
        before.push(start);
        before = before.slice(-100);
        after = [];
        hand();
    };
    const hand = () => {
        waiting = write();
        draw();
        send(waiting);
    };
    const step = (from, to) => {
        if (!from.length) return;
        to.push(cells);
        cells = from.pop();
        hand();
    };
    const act = {
        undo: () => step(before, after),
        redo: () => step(after, before),
        clear: () => { const start = cells; cells = new Uint8Array(start.length); done(start); },
        invert: () => { const start = cells; cells = start.map(value => 1 - value); done(start); },
    };

    // How it looks
    function draw() {
        if (!data || !images.photo.complete || !images.photo.naturalWidth) return;
        const {width, height} = canvas, wide = width / data.columns, high = height / data.rows;
        const shown = at => data.only && painted() ? !cells[at] : cells[at];
        context.imageSmoothingEnabled = !data.sharp;
        context.drawImage(images.photo, 0, 0, width, height);
        const inside = at => {
            const row = Math.floor(at / data.columns), column = at % data.columns;
            const left = Math.round(column * wide), top = Math.round(row * high);
            return [left, top, Math.round((column + 1) * wide) - left, Math.round((row + 1) * high) - top];
        };
        context.save();
        context.beginPath();
        for (let at = 0; at < cells.length; at++) if (shown(at)) context.rect(...inside(at));
        context.clip();
        if (images.fill.complete && images.fill.naturalWidth) context.drawImage(images.fill, 0, 0, width, height);
        context.restore();
        if (tool === "part") edges((one, other) => data.parts[one] !== data.parts[other], [["white", 1.5, 0.5]]);
        const thick = Math.max(2, width / 400);
        edges((one, other) => cells[one] !== cells[other], [["black", thick * 1.8, 0.7], ["white", thick * 0.8, 1]]);
        if (hovered !== null && tool === "part") {
            context.fillStyle = "white";
            context.globalAlpha = 0.25;
            data.parts.forEach((part, at) => { if (part === hovered) context.fillRect(...inside(at)); });
            context.globalAlpha = 1;
        }
        if (corner && cursor) frame(corner, cursor);
        if (keyed && cursor) frame(cursor, cursor);
        for (const button of tools) button.setAttribute("aria-pressed", button.dataset.tool === tool);
        const able = {undo: before.length, redo: after.length, clear: painted(), invert: true};
        for (const button of deeds) button.disabled = !able[button.dataset.deed];
        const share = painted() / cells.length;
        const amount = share > 0 && share < 0.01 ? "below 1 %" : `${Math.round(100 * share)} %`;
        said.textContent = keyed && cursor
            ? `${amount} painted; row ${cursor.row + 1}, column ${cursor.column + 1}` : `${amount} painted`;
    }
    function edges(parted, strokes) {
        const wide = canvas.width / data.columns, high = canvas.height / data.rows;
        context.beginPath();
        for (let row = 0; row < data.rows; row++)
            for (let column = 0; column < data.columns; column++) {
                const at = row * data.columns + column, x = Math.round((column + 1) * wide),
                    y = Math.round((row + 1) * high);
                if (column + 1 < data.columns && parted(at, at + 1)) {
                    context.moveTo(x, Math.round(row * high));
                    context.lineTo(x, y);
                }
                if (row + 1 < data.rows && parted(at, at + data.columns)) {
                    context.moveTo(Math.round(column * wide), y);
                    context.lineTo(x, y);
                }
            }
        for (const [colour, thick, opacity] of strokes) {
            context.strokeStyle = colour;
            context.lineWidth = thick;
            context.globalAlpha = opacity;
            context.stroke();
        }
        context.globalAlpha = 1;
    }
    function frame(one, other) {
        const wide = canvas.width / data.columns, high = canvas.height / data.rows;
        const place = [Math.min(one.column, other.column) * wide, Math.min(one.row, other.row) * high,
            (Math.abs(one.column - other.column) + 1) * wide, (Math.abs(one.row - other.row) + 1) * high];
        for (const [colour, thick] of [["black", 6], ["white", 3]]) {
            context.strokeStyle = colour;
            context.lineWidth = thick;
            context.strokeRect(...place);
        }
    }

    // What a person does
    const place = event => {
        const around = canvas.getBoundingClientRect();
        const within = (value, most) => Math.min(Math.max(Math.floor(value * most), 0), most - 1);
        return {
            row: within((event.clientY - around.top) / around.height, data.rows),
            column: within((event.clientX - around.left) / around.width, data.columns),
        };
    };
    canvas.addEventListener("pointerdown", event => {
        if (event.button) return;
        canvas.setPointerCapture(event.pointerId);
        keyed = false;
        cursor = place(event);
        stroke = {start: cells, last: cursor, value: tool === "eraser" ? 0 : 1};
        cells = cells.slice();
        if (tool === "rectangle") corner = cursor;
        else if (tool === "part") stroke.value = fillPart(cursor);
        else dab(cursor.row, cursor.column, stroke.value);
        draw();
    });
    canvas.addEventListener("pointermove", event => {
        if (!data) return;
        const here = place(event), part = partAt(here);
        if (tool === "part" && part !== hovered) { hovered = part; if (!stroke) draw(); }
        if (!stroke) return;
        cursor = here;
        if (tool === "part") paintPart(part, stroke.value);
        else if (tool !== "rectangle") line(stroke.last, here, stroke.value);
        stroke.last = here;
        draw();
    });
    const lift = () => {
        if (!stroke) return;
        if (corner) box(corner, cursor);
        const {start} = stroke;
        stroke = corner = null;
        done(start);
    };
    canvas.addEventListener("pointerup", lift);
    canvas.addEventListener("pointercancel", lift);
    canvas.addEventListener("pointerleave", () => { hovered = null; if (!stroke && data) draw(); });
    const moves = {ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1]};
    canvas.addEventListener("keydown", event => {
        const letter = event.key.toLowerCase();
        if ((event.ctrlKey || event.metaKey) && (letter === "z" || letter === "y")) {
            event.preventDefault();
            return letter === "y" || event.shiftKey ? act.redo() : act.undo();
        }
        cursor ??= {row: data.rows >> 1, column: data.columns >> 1};
        if (event.key in moves) {
            const [down, right] = moves[event.key].map(one => one * (event.shiftKey ? 7 : 1));
            cursor = {
                row: Math.min(Math.max(cursor.row + down, 0), data.rows - 1),
                column: Math.min(Math.max(cursor.column + right, 0), data.columns - 1),
            };
        } else if (event.key === " " || event.key === "Enter") {
            const start = cells;
            if (tool === "rectangle" && !corner) corner = cursor;
            else {
                cells = cells.slice();
                if (tool === "rectangle") { box(corner, cursor); corner = null; }
                else if (tool === "part") fillPart(cursor);
                else dab(cursor.row, cursor.column, tool === "eraser" ? 0 : 1);
                keyed = true;
                event.preventDefault();
                return done(start);
            }
        } else if (event.key === "Escape") corner = null;
        else return;
        event.preventDefault();
        keyed = true;
        draw();
    });
    canvas.addEventListener("focus", () => {
        keyed = canvas.matches(":focus-visible");
        cursor ??= data && {row: data.rows >> 1, column: data.columns >> 1};
        draw();
    });
    canvas.addEventListener("blur", () => { keyed = false; corner = null; draw(); });
    for (const button of tools) button.addEventListener("click", () => { tool = button.dataset.tool; draw(); });
    for (const button of deeds) button.addEventListener("click", () => act[button.dataset.deed]());

    return ({data: given, setTriggerValue}) => {
        const other = !data || given.rows !== data.rows || given.columns !== data.columns || given.of !== data.of;
        data = given;
        send = text => setTriggerValue("painted", text);
        canvas.width = 16 * Math.ceil(1120 / 16);
        canvas.height = Math.round(canvas.width * data.height / data.width);
        canvas.setAttribute("aria-label", data.alt);
        for (const name of ["photo", "fill"]) if (images[name].src !== data[name]) images[name].src = data[name];
        if (other) {
            [before, after, waiting, stroke] = [[], [], null, null];
            cells = read(data.cells);
        } else if (data.cells === waiting) {
            waiting = null;
        } else if (waiting === null && !stroke) {
            const found = read(data.cells);
            if (!same(found, cells)) {
                before.push(cells);
                [cells, after] = [found, []];
            }
        }
        draw();
    };
}

export default function(component) {
    const root = component.parentElement;
    if (!boards.has(root)) boards.set(root, build(root));
    boards.get(root)(component);
}
"""
_BOARD = st.components.v2.component("vitrine_board", html=_HTML, css=_CSS, js=_JS)
KEY = "board"
TYPES = {b"\x89PN": "image/png", b"\xff\xd8\xff": "image/jpeg"}


def board(
    photo: bytes,
    cover: bytes,
    cells: np.ndarray,
    parts: np.ndarray,
    *,
    size: tuple[int, int],
    only: bool,
    sharp: bool,
    of: str,
    alt: str,
    choose: Callable[[np.ndarray], None],
) -> None:
    """The board.

    Args:
        photo: PNG or JPEG, what is painted over.
        cover: the same, what is seen where it is hidden.
        cells: (rows, columns) bool, what is painted.
        parts: (rows, columns), the superpixel of each cell.
        size: height and width of the picture.
        only: whether what is painted is all that is seen.
        sharp: whether its pixels are looked at.
        of: tells pictures apart: what was done on one cannot be undone on another.
        alt: what is painted on, in words.
        choose: called with the cells after each stroke.
    """
    rows, columns = cells.shape
    _BOARD(
        key=KEY,
        data={
            "photo": _address(photo),
            "fill": _address(cover),
            "cells": pack_cells(cells),
            "parts": parts.ravel().tolist(),
            "rows": rows,
            "columns": columns,
            "height": size[0],
            "width": size[1],
            "only": only,
            "sharp": sharp,
            "of": of,
            "alt": alt,
        },
        on_painted_change=lambda: _hand_on((rows, columns), choose),
    )


def _hand_on(shape: tuple[int, int], choose: Callable[[np.ndarray], None]) -> None:
    """Say what is painted now."""
    text = session.entry(KEY, {}).get("painted")
    try:
        content = base64.b64decode(text or "", validate=True)
    except (binascii.Error, ValueError, TypeError):
        return
    if text:
        choose(unpack_cells(content[: shape[0] * shape[1]], shape))


def _address(picture: bytes) -> str:
    return f"data:{TYPES[picture[:3]]};base64,{base64.b64encode(picture).decode()}"
