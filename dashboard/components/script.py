"""What only the browser can do, in small scripts of our own: scroll, hand clicks and files on, step back."""

from __future__ import annotations

import itertools
import re

import streamlit as st

# A figure grows to its height some time after the page has it. Each thing is scrolled to once, and only where it is
# out of sight: who scrolls on is left alone.
_SCROLL = st.components.v2.component(
    "vitrine_scroll",
    js="""
    export default function({data, parentElement}) {
        const scrolls = one => /auto|scroll/.test(getComputedStyle(one).overflowY);
        let box = parentElement;
        while (box && !scrolls(box)) box = box.parentElement;
        if (!box || box.dataset.shown === data.what) return;
        box.dataset.shown = data.what;
        let frames = 0;
        const scroll = () => {
            if (box.scrollHeight < data.height && frames++ < 600) return requestAnimationFrame(scroll);
            const seen = data.y > box.scrollTop && data.y < box.scrollTop + box.clientHeight;
            if (!seen) box.scrollTop = data.y - box.clientHeight / 2;
        };
        scroll();
    }
    """,
    isolate_styles=False,
)
# The container outlives the page, so it knows what was started before.
_SCROLL_UP = st.components.v2.component(
    "vitrine_scroll_up",
    js="""
    export default function({data, parentElement}) {
        const scrolls = one => /auto|scroll/.test(getComputedStyle(one).overflowY);
        let box = parentElement;
        while (box && !scrolls(box)) box = box.parentElement;
        if (!box || box.dataset.start === String(data.start)) return;
        box.dataset.start = data.start;
        box.scrollTop = 0;
    }
    """,
    isolate_styles=False,
)
# A keyboard reaches the button itself.
_PRESS = st.components.v2.component(
    "vitrine_press",
    css="""
    [class*="st-key-card-"] img {
        cursor: pointer;
    }
    """,
    js="""
    export default function({parentElement}) {
        const card = '[class*="st-key-card-"]', around = parentElement.closest(`:has(${card})`);
        const press = event => {
            const pressed = event.target.closest("img")?.closest(card);
            pressed?.querySelector('[data-testid="stButton"] button')?.click();
        };
        around.addEventListener("click", press);
        return () => around.removeEventListener("click", press);
    }
    """,
    isolate_styles=False,
)
# The uploader's own place takes what is dropped on it by itself. What is pasted as text is no file.
_DROPS = st.components.v2.component(
    "vitrine_drops",
    css="""
    html[data-drop] [data-testid="stMain"] {
        outline: 3px dashed var(--st-primary-color);
        outline-offset: -8px;
    }
    """,
    js="""
    export default function({data}) {
        const root = document.documentElement;
        const carries = event => [...event.dataTransfer.types].includes("Files");
        const elsewhere = event => !event.target.closest?.('[data-testid="stFileUploaderDropzone"]');
        const over = event => {
            if (!carries(event)) return;
            root.dataset.drop = "";
            if (elsewhere(event)) event.preventDefault();
        };
        const leave = event => { if (!event.relatedTarget) delete root.dataset.drop; };
        const hand = (event, files) => {
            const input = document.querySelector(`.st-key-${data.place} input[type="file"]`);
            if (!input || !files.length) return;
            event.preventDefault();
            const held = new DataTransfer();
            for (const file of files) held.items.add(file);
            input.files = held.files;
            input.dispatchEvent(new Event("change", {bubbles: true}));
        };
        const drop = event => {
            delete root.dataset.drop;
            if (carries(event) && elsewhere(event)) hand(event, event.dataTransfer.files);
        };
        const paste = event => hand(event, event.clipboardData.files);
        const heard = {dragover: over, dragleave: leave, drop, paste};
        for (const [name, listener] of Object.entries(heard)) document.addEventListener(name, listener);
        return () => {
            for (const [name, listener] of Object.entries(heard)) document.removeEventListener(name, listener);
        };
    }
    """,
    isolate_styles=False,
)
# Plotly knows a pointer alone. The arrows go to the nearest mark in their direction, and enter does what a click does.
# The chart comes some time after the page has this.
_KEYS = st.components.v2.component(
    "vitrine_keys",
    js="""
    export default function({data}) {
        let gone = false, undo = () => {};
        const attach = () => {
            if (gone) return;
            const chart = document.querySelector(`.st-key-${data.chart} .js-plotly-plot`);
            if (!chart?.calcdata) return setTimeout(attach, 200);
            let current = 0;
            const marks = () => chart.calcdata.flatMap((points, curve) => {
                const {xaxis, yaxis} = chart._fullData[curve], own = chart.data[curve];
                if (!own.customdata || own.visible === false) return [];
                const layout = chart._fullLayout;
                const x = layout[xaxis.replace("x", "xaxis")], y = layout[yaxis.replace("y", "yaxis")];
                return points.map((point, index) => ({
                    curve, index, own, text: [].concat(own.text ?? own.hovertext ?? "")[index] ?? "",
                    x: x._offset + x.c2p(point.x), y: y._offset + y.c2p(point.y), at: point,
                })).filter(mark => isFinite(mark.x) && isFinite(mark.y));
            });
            const ring = document.createElement("div");
            ring.className = "vitrine-mark";
            const words = ring.appendChild(document.createElement("span"));
            const show = () => {
                const mark = marks()[current];
                if (!mark) return;
                Object.assign(ring.style, {left: `${mark.x}px`, top: `${mark.y}px`});
                words.innerHTML = "";
                words.append(String(mark.text).replace(/<[^>]*>/g, " "));
                words.hidden = !words.textContent;
                const place = `Mark ${current + 1} of ${marks().length}`;
                chart.setAttribute("aria-label", `${data.alt}. ${words.textContent} ${place}`);
                chart.append(ring);
            };
            const ways = {ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1]};
            const go = (all, [right, down]) => {
                const from = all[current];
                let best = Infinity, next = current;
                all.forEach((mark, place) => {
                    const x = mark.x - from.x, y = mark.y - from.y;
                    const along = x * right + y * down, aside = Math.abs(x * down) + Math.abs(y * right);
                    if (along > 0.5 && along + 3 * aside < best) [best, next] = [along + 3 * aside, place];
                });
                current = next;
            };
            const key = event => {
                if (event.target !== chart) return;
                const all = marks(), mark = all[current];
                if (!mark) return;
                if (ways[event.key]) go(all, ways[event.key]);
                else if (event.key === "Home") current = 0;
                else if (event.key === "End") current = all.length - 1;
                else if (event.key === "Enter" || event.key === " ") chart.emit("plotly_selected", {points: [{
                    curveNumber: mark.curve, pointNumber: mark.index, pointIndex: mark.index, data: mark.own,
                    x: mark.at.x, y: mark.at.y, customdata: mark.own.customdata[mark.index] ?? mark.at.data,
                }]});
                else return;
                event.preventDefault();
                show();
            };
            const hide = () => ring.remove();
            chart.tabIndex = 0;
            chart.setAttribute("role", "application");
            chart.setAttribute("aria-label", `${data.alt}. Arrows go from mark to mark, enter chooses.`);
            const heard = {keydown: key, focus: show, blur: hide};
            for (const [name, listener] of Object.entries(heard)) chart.addEventListener(name, listener);
            undo = () => {
                hide();
                for (const [name, listener] of Object.entries(heard)) chart.removeEventListener(name, listener);
            };
        };
        attach();
        return () => { gone = true; undo(); };
    }
    """,
    isolate_styles=False,
)
# Each step is taken once, however often the page is drawn.
_STEP_BACK = st.components.v2.component(
    "vitrine_step_back",
    js="""
    let taken = null;
    export default function({data}) {
        if (data.step === taken) return;
        taken = data.step;
        history.back();
    }
    """,
    isolate_styles=False,
)
_STEPS = itertools.count()


def scroll_to(what: str, y: float, height: float) -> None:
    """Bring a place of the scrolling container that this is called in into sight, once for each name.

    Args:
        what: name of what is there.
        y: pixels from the top of what the container holds.
        height: of that, in pixels.
    """
    _SCROLL(key="scroll", data={"what": what, "y": y, "height": height})


def scroll_up(start: int) -> None:
    """Bring the top of the page into sight, once for each number: who scrolls on is left alone.

    Args:
        start: tells what was started from other starts of this session.
    """
    _SCROLL_UP(key="scroll-up", data={"start": start})


def hand_clicks_on() -> None:
    """Let a click on a picture press the button in the same card.

    For a container of cards, behind the last of them: containers whose keys are `card-` and a number.
    """
    _PRESS(key="press", width="content")


def take_drops_anywhere(place: str) -> None:
    """Hand files that are dropped or pasted anywhere on the page to one uploader.

    Args:
        place: key of the container that holds it.
    """
    _DROPS(key="drops", data={"place": place})


def reach_marks(chart: str, alt: str) -> None:
    """Let the keyboard reach the marks of a chart that can be clicked.

    Args:
        chart: key of the chart.
        alt: what it shows, in words.
    """
    # As Streamlit writes a key into the page.
    _KEYS(key=f"keys-{chart}", data={"chart": re.sub(r"[^a-zA-Z0-9_-]", "-", chart), "alt": alt})


def step_back() -> None:
    """Let the browser go on to the step before the one that it went back to."""
    _STEP_BACK(key="step-back", data={"step": next(_STEPS)})
