"""WeightHealth: what is wrong with the weights, the worst first, each with the way to its place."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.components import say, tables
from dashboard.components.wait import wait
from dashboard.components.weights.subject import WeightsSubject, choose_tensor, summarise
from dashboard.parameters import ASPECT, ROLE
from dashboard.records.weights import Severity, WeightFinding, WeightHealth
from dashboard.results import weights as results
from dashboard.wording.weights import SEVERITIES, health_headline

ICONS: dict[Severity, str] = {
    "broken": ":material/error:",
    "serious": ":material/warning:",
    "notice": ":material/info:",
}
# Of one kind, so many have a line of their own; all are in the table.
LINES = 4
# What is about single units is looked at in their pictures.
ABOUT_UNITS = ("Dead filters", "Duplicate filters", "Overbearing units")


def draw(subject: WeightsSubject, top: DeltaGenerator) -> None:
    """The view; its finding goes to the top."""
    distributions = summarise(subject)
    diagnosis = wait(results.health(subject.of, distributions))
    top.header(say.plain(health_headline(subject.title, diagnosis.findings, len(distributions.tensors))))
    if not diagnosis.findings:
        st.markdown(
            "Looked for: NaN and infinities, dead and duplicate filters, exploding norms, unused batch norm, and "
            "layers that nobody trained. None was found."
        )
    groups: dict[tuple[Severity, str], list[WeightFinding]] = {}
    for problem in diagnosis.findings:
        groups.setdefault((problem.severity, problem.kind), []).append(problem)
    for (severity, kind), findings in groups.items():
        _kind(subject, severity, kind, findings)
    _table(subject, diagnosis)


def _kind(subject: WeightsSubject, severity: Severity, kind: str, findings: Sequence[WeightFinding]) -> None:
    """All findings of one kind, with what they mean."""
    icon, word = ICONS[severity], SEVERITIES[severity]
    with st.container(border=True):
        count = f" in {len(findings):,} tensors" if len(findings) > 1 else ""
        st.markdown(f"{icon} **{word}: {say.plain(kind)}**{count}")
        st.markdown(say.plain(findings[0].meaning))
        # One more line takes no more room than saying that there is one more.
        lines = findings if len(findings) <= LINES + 1 else findings[:LINES]
        for problem in lines:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(
                    f"**{say.plain(problem.tensor.name)}**: {say.plain(problem.measure)}{say.plain(_units(problem))}"
                )
                st.button(
                    "Look",
                    key=f"look-{kind}-{problem.tensor.name}-{problem.measure}",
                    icon=":material/arrow_forward:",
                    on_click=_look,
                    args=(subject, problem),
                )
        if len(findings) > len(lines):
            st.caption(f"{len(findings) - len(lines):,} more are in the table below.")


def _units(problem: WeightFinding) -> str:
    if not problem.units:
        return ""
    numbers = ", ".join(str(unit) for unit in problem.units[:8])
    return f": {numbers}{' and others' if len(problem.units) > 8 else ''}"


def _look(subject: WeightsSubject, problem: WeightFinding) -> None:
    if problem.kind in ABOUT_UNITS:
        choose_tensor(subject, problem.tensor.name, problem.units[0], {ASPECT: "filters"})
    else:
        choose_tensor(subject, problem.tensor.name, also={ASPECT: "distributions", ROLE: problem.tensor.role})


def _table(subject: WeightsSubject, diagnosis: WeightHealth) -> None:
    findings = diagnosis.findings
    if findings:
        columns: dict[str, list[object]] = {
            "Severity": [SEVERITIES[problem.severity] for problem in findings],
            "What": [problem.kind for problem in findings],
            "Where": [problem.tensor.name for problem in findings],
            "Number": [problem.measure for problem in findings],
            "Units": [" ".join(str(unit) for unit in problem.units) for problem in findings],
            "Meaning": [problem.meaning for problem in findings],
        }
        with st.expander(f"All {len(findings):,} as a table", icon=":material/table:"):
            st.dataframe(columns, hide_index=True, key="findings", alt="All findings")
            tables.take_away(columns, "health", "health-csv", of=subject.of.key)
    if diagnosis.uncompared:
        names = ", ".join(diagnosis.uncompared[:3])
        st.caption(say.plain(f"Not searched for duplicates, since it would take too long: {names}."))
