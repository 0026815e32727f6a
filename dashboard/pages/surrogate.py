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
imitation = subject.choose_imitation(view)
reason = subject.refusal(imitation)
if reason is not None:
    refusal.draw(imitation, reason, top)
else:
    tree = subject.tree(imitation)
    depth = dial.depth(tree)
    top.header(say.plain(headline(view.model.title, tree, depth, view.classifier.classes)))
    dial.draw(tree, depth)
    drawing.draw(tree, depth, imitation)
    evidence.agreement(tree, depth, imitation)
    evidence.gallery(tree, depth, imitation)
    evidence.fine_print(tree, depth, imitation)
