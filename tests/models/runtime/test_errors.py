"""The sentence for the person in front of the page."""

from __future__ import annotations

from models.runtime.errors import UserError


def test_it_is_its_sentence_and_no_fault_of_the_program():
    refusal = UserError("This cannot be had; choose another.")
    assert str(refusal) == "This cannot be had; choose another."
    assert not isinstance(refusal, (ValueError, RuntimeError, OSError))
