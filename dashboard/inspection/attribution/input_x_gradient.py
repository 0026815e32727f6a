"""Input x Gradient: what each pixel adds to a linear picture of the score."""

from __future__ import annotations

from dashboard.inspection.attribution.method import Method, Paper, RawAttribution, Task, sum_channels


def _run(task: Task) -> RawAttribution:
    from captum.attr import InputXGradient

    return RawAttribution(InputXGradient(task.explained).attribute(task.inputs.clone().requires_grad_()))


METHOD = Method(
    name="input_x_gradient",
    title="Input x Gradient",
    group="pixels",
    question="What does each pixel add, if the network were linear?",
    reading="Blue speaks for the class, orange against it, each as far as the slope at this very photo reaches. "
    "Pixels of the training data's mean colour count nothing, whatever they show.",
    formula=r"R_i = x_i \, \frac{\partial f(x)}{\partial x_i}",
    paper=Paper("Shrikumar et al. 2016, Not Just a Black Box", "https://arxiv.org/abs/1605.01713"),
    signed=True,
    cost="instant",
    run=_run,
    join=sum_channels,
    pictures=lambda parameters, size: 1,
)
