"""What only the browser can do, in small scripts of our own: scroll to a place, hand a click on, step back."""

from __future__ import annotations

import itertools

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


def hand_clicks_on() -> None:
    """Let a click on a picture press the button in the same card.

    For a container of cards, behind the last of them: containers whose keys are `card-` and a number.
    """
    _PRESS(key="press", width="content")


def step_back() -> None:
    """Let the browser go on to the step before the one that it went back to."""
    _STEP_BACK(key="step-back", data={"step": next(_STEPS)})
