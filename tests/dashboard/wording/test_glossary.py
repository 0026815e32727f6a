"""The terms that texts use, and those that explain them."""

from __future__ import annotations

from dashboard.wording.glossary import TERMS, find_terms


def test_a_term_brings_those_that_explain_it_in_order():
    names = [term.name for term in find_terms(["A temperature was fitted."])]
    assert "Temperature" in names and names == sorted(names, key=str.lower)
    for term in find_terms(["A temperature was fitted."]):
        assert set(find_terms([term.meaning])) <= set(find_terms(["A temperature was fitted."]))


def test_other_words_need_no_explanation():
    assert find_terms(["The cat sat on the mat."]) == ()
    assert find_terms([]) == ()


def test_every_term_is_found_by_its_own_name_and_once():
    assert len({term.name for term in TERMS}) == len(TERMS)
    for term in TERMS:
        assert term.pattern.search(term.name) or term.pattern.search(term.name.lower())
