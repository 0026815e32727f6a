"""Decision tree: how much of the network can be said in rules that a person can follow."""

from __future__ import annotations

from dashboard import session
from dashboard.components import answer, say
from dashboard.components.look import look
from dashboard.components.surrogate import dial, drawing, evidence, refusal, subject
from dashboard.components.wait import slot
from dashboard.wording.surrogate import headline

view = look(session.visit().selection)
top = slot()
answer.caution(view)
asked = subject.chosen(view)
reason = subject.refused(asked)
if reason is not None:
    refusal.draw(asked, reason, top)
else:
    found = subject.grown(asked)
    depth = dial.depth(found)
    top.header(say.plain(headline(found, depth, view.classifier.classes)))
    dial.draw(found, depth, asked)
    drawing.draw(found, depth, asked)
    evidence.agreement(found, depth, asked)
    evidence.gallery(found, depth, asked)
    evidence.fine_print(found, depth, asked)
