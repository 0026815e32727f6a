"""One convolution under the pointer: its window, its kernel, their products and where the sum lands, in the browser."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from dashboard import session
from dashboard.charts.activations import neuron as chart
from dashboard.parameters import COLUMN, ROW, WEIGHT
from dashboard.records.neuron import Neuron

KEY = "neuron-stage"
# The numbers are the network's own; only the products are multiplied here, and what the other channels add is what is
# missing to the layer's own output.
_STAGE = st.components.v2.component(
    "vitrine_neuron",
    html="""
    <div class="stage" tabindex="0" role="group">
        <div class="row">
            <figure class="map"><figcaption class="reads-title"></figcaption><canvas class="reads"></canvas></figure>
            <div class="sums">
                <div class="grids">
                    <figure><figcaption class="window-title"></figcaption><div class="grid window"></div></figure>
                    <b>&times;</b>
                    <figure><figcaption class="kernel-title"></figcaption><div class="grid kernel"></div></figure>
                    <b>=</b>
                    <figure><figcaption class="products-title"></figcaption><div class="grid products"></div></figure>
                </div>
                <p class="sum"></p>
                <div class="buttons">
                    <button class="back" type="button"></button>
                    <button class="next" type="button"></button>
                    <button class="play" type="button"></button>
                    <span class="place"></span>
                </div>
            </div>
            <figure class="map"><figcaption class="gives-title"></figcaption><canvas class="gives"></canvas></figure>
        </div>
    </div>
    """,
    css="""
    .stage { font-family: var(--st-font); color: var(--st-text-color); font-size: 14px; border-radius: 8px; }
    .stage:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 4px; }
    .row { display: flex; flex-wrap: wrap; gap: 20px; align-items: flex-start; }
    figure { margin: 0; min-width: 0; }
    figcaption { margin-bottom: 6px; font-size: 14px; line-height: 1.3; }
    .map { flex: 1 1 200px; max-width: 340px; }
    .sums { flex: 4 1 330px; min-width: 0; }
    canvas { display: block; width: 100%; cursor: crosshair; border-radius: 4px; image-rendering: pixelated; }
    .grids { display: flex; gap: 8px; align-items: center; }
    .grids figure { flex: 1 1 0; }
    .grids b { font-size: 20px; font-weight: 500; padding-top: 22px; }
    .grid { display: grid; gap: 1px; }
    .grid > * {
        aspect-ratio: 1; display: flex; align-items: center; justify-content: center; overflow: hidden; border: 0;
        padding: 0; border-radius: 2px; font: 12px/1 var(--st-font); font-variant-numeric: tabular-nums;
        color: inherit;
    }
    .grid button { cursor: pointer; }
    .grid .chosen { outline: 3px solid var(--mark); outline-offset: -3px; }
    .grid .outside { background: repeating-linear-gradient(45deg, transparent 0 4px, var(--edge) 4px 5px); }
    .grid.many > * { font-size: 0; }
    .sum { display: flex; flex-wrap: wrap; gap: 6px 14px; margin: 14px 0 10px; align-items: baseline; }
    .sum span { white-space: nowrap; }
    .sum strong { font-size: 18px; font-variant-numeric: tabular-nums; font-weight: 600; }
    .buttons { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
    .buttons button {
        font: 14px var(--st-font); color: inherit; background: var(--st-background-color); cursor: pointer;
        border: 1px solid var(--edge); border-radius: 8px; padding: 6px 12px; min-height: 36px;
    }
    .buttons button:hover, .buttons button:focus-visible { border-color: var(--st-primary-color); }
    """,
    js="""
    const bytes = text => Uint8Array.from(atob(text), character => character.charCodeAt(0));
    const floats = text => new Float32Array(bytes(text).buffer);
    const three = value => {
        const size = Math.abs(value);
        if (size === 0) return "0";
        return size < 1e-3 || size >= 1e6 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
    };

    // A cell has room for five signs.
    const brief = value => {
        const text = Math.abs(value) < 0.1 ? String(Number(value.toPrecision(1))) : three(value);
        return text.replace(/^(-?)0\\./, "$1.");
    };

    export default function({data, parentElement, setStateValue}) {
        const stage = parentElement.querySelector(".stage");
        const find = name => stage.querySelector("." + name);
        stage.style.setProperty("--mark", data.mark);
        stage.style.setProperty("--edge", data.edge);
        stage.setAttribute("aria-label", data.words.stage);
        const [high, wide] = data.size, [rows, columns] = data.places;
        const [left, right, top, bottom] = data.margins;
        const [down, across] = data.stride, [apartDown, apartAcross] = data.dilation;
        const kernel = data.kernel, tall = kernel.length, broad = kernel[0].length;
        const plane = floats(data.plane), outputs = floats(data.outputs);
        const steps = data.steps.map(step => ({...step, outputs: floats(step.outputs)}));
        const last = steps.length ? steps[steps.length - 1].outputs : outputs;
        const tables = {sign: bytes(data.colours.sign), magnitude: bytes(data.colours.magnitude)};
        const listening = new AbortController(), {signal} = listening;

        const colour = (value, [limit, signed]) => {
            const share = signed ? (value / limit + 1) / 2 : value / limit;
            const place = 3 * Math.max(0, Math.min(256, Math.round(256 * share)));
            return tables[signed ? "sign" : "magnitude"].subarray(place, place + 3);
        };
        const picture = (values, height, width, scale) => {
            const canvas = document.createElement("canvas");
            [canvas.width, canvas.height] = [width, height];
            const pixels = new ImageData(width, height);
            values.forEach((value, place) => pixels.data.set([...colour(value, scale), 255], 4 * place));
            canvas.getContext("2d").putImageData(pixels, 0, 0);
            return canvas;
        };
        const read = picture(plane, high, wide, data.scales.reads);
        const given = picture(last, rows, columns, data.scales.gives);
        const photo = data.picture ? new Image() : null;
        if (photo) photo.onload = () => show(shown), photo.src = data.picture;

        const begin = (canvas, width, height) => {
            const factor = Math.max(1, Math.ceil(448 / Math.max(width, height)));
            [canvas.width, canvas.height] = [factor * width, factor * height];
            const context = canvas.getContext("2d");
            context.imageSmoothingEnabled = false;
            return [context, factor];
        };
        const frame = (context, x, y, width, height) => {
            for (const [line, style] of [[7, data.halo], [4, data.mark]]) {
                context.lineWidth = line;
                context.strokeStyle = style;
                context.strokeRect(x, y, width, height);
            }
        };
        const drawReads = ([row, column]) => {
            const [context, factor] = begin(find("reads"), wide, high);
            if (photo && photo.complete) {
                context.drawImage(photo, factor * left, factor * top, factor * (wide - left - right),
                                  factor * (high - top - bottom));
            } else {
                context.drawImage(read, 0, 0, factor * wide, factor * high);
            }
            // What the layer puts around is no part of what it is given.
            context.fillStyle = data.edge;
            context.fillRect(0, 0, factor * wide, factor * top);
            context.fillRect(0, factor * (high - bottom), factor * wide, factor * bottom);
            context.fillRect(0, factor * top, factor * left, factor * (high - top - bottom));
            context.fillRect(factor * (wide - right), factor * top, factor * right, factor * (high - top - bottom));
            frame(context, factor * column * across, factor * row * down,
                  factor * ((broad - 1) * apartAcross + 1), factor * ((tall - 1) * apartDown + 1));
        };
        const drawGives = ([row, column]) => {
            const [context, factor] = begin(find("gives"), columns, rows);
            context.drawImage(given, 0, 0, factor * columns, factor * rows);
            const least = Math.max(0, 10 - factor) / 2;
            frame(context, factor * column - least, factor * row - least, factor + 2 * least, factor + 2 * least);
        };
        const grid = (name, scale, value, outside, press) => {
            const box = find(name);
            box.style.gridTemplateColumns = `repeat(${broad}, minmax(0, 1fr))`;
            box.classList.toggle("many", Math.max(tall, broad) > 7);
            if (box.childElementCount !== tall * broad || box.dataset.press !== String(Boolean(press))) {
                box.replaceChildren(...Array.from({length: tall * broad}, () =>
                    document.createElement(press ? "button" : "div")));
                box.dataset.press = Boolean(press);
            }
            [...box.children].forEach((cell, place) => {
                const y = Math.floor(place / broad), x = place % broad, number = value(y, x);
                const [red, green, blue] = colour(number, scale), off = outside(y, x);
                const hex = [red, green, blue].map(part => part.toString(16).padStart(2, "0")).join("");
                cell.textContent = brief(number);
                cell.title = number;
                cell.className = off ? "outside" : "";
                cell.style.background = off ? "" : "#" + hex;
                const [r, g, b] = [red, green, blue].map(part => part / 255)
                    .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
                const bright = 0.2126 * r + 0.7152 * g + 0.0722 * b > data.middle;
                cell.style.color = off ? "" : bright ? data.inks[0] : data.inks[1];
                if (press) {
                    cell.classList.toggle("chosen", place === data.weight);
                    cell.onclick = () => setStateValue("weight", place);
                    cell.ariaLabel = `${data.words.weight} ${three(number)}`;
                }
            });
        };
        const inside = () => false;
        const show = place => {
            shown = place;
            const [row, column] = place;
            const at = (y, x) => [row * down + y * apartDown, column * across + x * apartAcross];
            const beyond = (y, x) => {
                const [v, h] = at(y, x);
                return v < top || v >= high - bottom || h < left || h >= wide - right;
            };
            const reads = (y, x) => { const [v, h] = at(y, x); return plane[v * wide + h]; };
            let total = 0;
            for (let y = 0; y < tall; y++) for (let x = 0; x < broad; x++) total += reads(y, x) * kernel[y][x];
            drawReads(place);
            drawGives(place);
            grid("window", data.scales.reads, reads, beyond);
            grid("kernel", data.scales.kernel, (y, x) => kernel[y][x], inside, true);
            grid("products", data.scales.products, (y, x) => reads(y, x) * kernel[y][x], beyond);
            const index = row * columns + column, output = outputs[index];
            const parts = [[data.words.shown, three(total)]];
            if (data.words.rest) parts.push(["+ " + data.words.rest, three(output - data.bias - total)]);
            parts.push(["+ bias", three(data.bias)], ["=", three(output)]);
            for (const step of steps) {
                const how = step.factor === null ? "" : ` x ${three(step.factor)} + ${three(step.shift)}`;
                parts.push(["\\u2192 " + step.title + how, three(step.outputs[index])]);
            }
            find("sum").replaceChildren(...parts.map(([name, number]) => {
                const part = document.createElement("span"), value = document.createElement("strong");
                value.textContent = number;
                part.append(name + " ", value);
                return part;
            }));
            find("place").textContent = `${data.words.row} ${row}, ${data.words.column} ${column}`;
        };

        let chosen = data.place, shown = chosen, waiting = 0;
        const choose = place => {
            chosen = place;
            show(place);
            clearTimeout(waiting);
            waiting = setTimeout(() => setStateValue("place", place), 250);
        };
        const clamp = (value, most) => Math.max(0, Math.min(most - 1, value));
        const moved = by => {
            const place = (chosen[0] * columns + chosen[1] + by + rows * columns) % (rows * columns);
            return [Math.floor(place / columns), place % columns];
        };
        const stop = () => {
            clearInterval(stage.playing);
            stage.playing = 0;
            find("play").textContent = data.words.play;
        };
        clearInterval(stage.playing);
        stage.playing = 0;
        const listen = (name, event, work) => find(name).addEventListener(event, work, {signal});
        const pointed = {
            reads: (x, y) => [
                clamp(Math.round((y * high - ((tall - 1) * apartDown + 1) / 2) / down), rows),
                clamp(Math.round((x * wide - ((broad - 1) * apartAcross + 1) / 2) / across), columns),
            ],
            gives: (x, y) => [clamp(Math.floor(y * rows), rows), clamp(Math.floor(x * columns), columns)],
        };
        for (const [name, place] of Object.entries(pointed)) {
            const under = event => {
                const box = find(name).getBoundingClientRect();
                return place((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
            };
            listen(name, "pointermove", event => { if (!stage.playing) show(under(event)); });
            listen(name, "pointerleave", () => { if (!stage.playing) show(chosen); });
            listen(name, "click", event => { stop(); choose(under(event)); });
        }
        listen("back", "click", () => { stop(); choose(moved(-1)); });
        listen("next", "click", () => { stop(); choose(moved(1)); });
        listen("play", "click", () => {
            if (stage.playing) { stop(); return choose(chosen); }
            find("play").textContent = data.words.pause;
            stage.playing = setInterval(() => { chosen = moved(1); show(chosen); }, 180);
        });
        stage.addEventListener("keydown", event => {
            const steps = {ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns};
            if (!(event.key in steps)) return;
            event.preventDefault();
            stop();
            choose(moved(steps[event.key]));
        }, {signal});
        for (const name of ["back", "next", "play"]) find(name).textContent = data.words[name];
        for (const name of ["reads", "window", "kernel", "products", "gives"]) {
            find(name + "-title").textContent = data.words[name];
        }
        for (const name of ["reads", "gives"]) {
            find(name).setAttribute("role", "img");
            find(name).setAttribute("aria-label", data.words[name]);
        }
        show(chosen);
        return () => { listening.abort(); clearTimeout(waiting); clearInterval(stage.playing); };
    }
    """,
)


def draw(
    neuron: Neuron,
    channel: int,
    place: tuple[int, int],
    weight: int,
    crop: np.ndarray | None,
    words: dict[str, str],
) -> None:
    """The neuron at a place; the pointer shows any other, and a click chooses it, or a weight of the kernel.

    Args:
        neuron: of a convolution.
        channel: of its kernel, from 0, whose products are shown one by one.
        place: row and column of its output.
        weight: place in that channel's kernel, row by row.
        crop: (H, W, 3) uint8, the picture, where that is what the layer reads.
        words: that stand on it.
    """
    data: dict[str, Any] = chart.stage(neuron, channel, crop)
    _STAGE(
        key=KEY,
        data=data | {"place": place, "weight": weight, "words": words},
        on_place_change=_choose_place,
        on_weight_change=_choose_weight,
    )


def _choose_place() -> None:
    place = session.entry(KEY)["place"]
    if place is not None:
        row, column = place
        session.choose_parameters({ROW: int(row), COLUMN: int(column)})


def _choose_weight() -> None:
    weight = session.entry(KEY)["weight"]
    if weight is not None:
        session.choose_parameter(WEIGHT, int(weight))
