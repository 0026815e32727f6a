"""The words of the field: a box that lists them, and a line below each where it first stands on a page."""

from __future__ import annotations

import json

import streamlit as st

from dashboard.components import say
from dashboard.wording.glossary import TERMS

# Highlights are the browser's own way to mark words: what the page is made of stays as Streamlit draws it. Older
# browsers show no lines; the box has all words anyway. Each word is marked once a page, in sentences alone.
_UNDERLINE = st.components.v2.component(
    "vitrine_glossary",
    css="""
    ::highlight(vitrine-terms) {
        text-decoration: underline dotted var(--st-primary-color) 1.5px;
    }
    .vitrine-term {
        position: fixed; z-index: 1000; max-width: min(22rem, 90vw); padding: 0.5rem 0.75rem; border-radius: 0.5rem;
        background: var(--st-secondary-background-color); color: var(--st-text-color);
        border: 1px solid var(--st-border-color); font: 0.875rem/1.45 var(--st-font); pointer-events: none;
    }
    .vitrine-term[hidden] { display: none; }
    """,
    js="""
    export default function({data, parentElement}) {
        const page = document.querySelector('[data-testid="stMain"]');
        if (!CSS.highlights || !page) return;
        const sentences = '[data-testid="stMarkdownContainer"] p, [data-testid="stMarkdownContainer"] li,'
            + '[data-testid="stCaptionContainer"] p, h2';
        const elsewhere = 'button, a, label, code, summary, .katex, [data-testid="stMetric"]';
        const terms = JSON.parse(data.terms);
        const patterns = terms.map(term => new RegExp(term.pattern, "i"));
        const note = parentElement.querySelector(".vitrine-term") ?? document.createElement("div");
        note.className = "vitrine-term";
        note.role = "tooltip";
        note.hidden = true;
        parentElement.append(note);
        let marked = [];
        const mark = () => {
            marked = [];
            const left = new Set(terms.keys());
            for (const block of page.querySelectorAll(sentences)) {
                if (block.closest(elsewhere)) continue;
                const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
                while (walker.nextNode()) {
                    const text = walker.currentNode;
                    if (text.parentElement.closest(elsewhere)) continue;
                    for (const place of left) {
                        const match = patterns[place].exec(text.data);
                        if (!match) continue;
                        const range = document.createRange();
                        range.setStart(text, match.index);
                        range.setEnd(text, match.index + match[0].length);
                        marked.push({range, term: terms[place]});
                        left.delete(place);
                    }
                }
            }
            CSS.highlights.set("vitrine-terms", new Highlight(...marked.map(({range}) => range)));
        };
        let waiting = 0;
        const later = () => { clearTimeout(waiting); waiting = setTimeout(mark, 400); };
        const observer = new MutationObserver(later);
        observer.observe(page, {childList: true, subtree: true, characterData: true});
        const point = ({clientX, clientY}) => {
            const at = document.caretPositionFromPoint?.(clientX, clientY);
            const found = at && marked.find(({range}) => range.startContainer === at.offsetNode
                && range.startOffset <= at.offset && at.offset <= range.endOffset);
            const box = found && [...found.range.getClientRects()].find(one => clientX >= one.left - 2
                && clientX <= one.right + 2 && clientY >= one.top - 2 && clientY <= one.bottom + 2);
            note.hidden = !box;
            if (!box) return;
            const name = document.createElement("strong");
            name.textContent = found.term.name;
            note.replaceChildren(name, document.createElement("br"), found.term.meaning);
            note.style.left = `${Math.max(8, Math.min(box.left, innerWidth - note.offsetWidth - 8))}px`;
            const below = box.bottom + note.offsetHeight + 12 < innerHeight;
            note.style.top = `${below ? box.bottom + 6 : box.top - note.offsetHeight - 6}px`;
        };
        const hide = () => { note.hidden = true; };
        document.addEventListener("pointermove", point);
        document.addEventListener("pointerdown", point);
        page.addEventListener("scroll", hide, {passive: true});
        later();
        return () => {
            observer.disconnect();
            clearTimeout(waiting);
            document.removeEventListener("pointermove", point);
            document.removeEventListener("pointerdown", point);
            page.removeEventListener("scroll", hide);
        };
    }
    """,
    isolate_styles=False,
)


def underline() -> None:
    """Mark the words where they stand; what one means is shown beside the pointer, or where a finger is put."""
    terms = [{"name": term.name, "meaning": term.meaning, "pattern": term.pattern.pattern} for term in TERMS]
    # As a text: to see whether a list is a table, Streamlit imports pandas, which a first page waits for.
    _UNDERLINE(key="glossary-lines", data={"terms": json.dumps(terms)})


def box() -> None:
    """All words with what they mean, in a box that is made when it is opened."""
    words = st.popover(
        "Glossary", icon=":material/dictionary:", key="glossary", on_change="rerun", width="stretch"
    )
    if words.open:
        with words:
            for term in TERMS:
                st.markdown(f"**{say.plain(term.name)}**  \n{say.plain(term.meaning)}")
