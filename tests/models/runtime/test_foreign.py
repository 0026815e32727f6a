"""What foreign code says becomes a clause."""

from __future__ import annotations

from models.runtime.foreign import own_words


def test_a_foreign_error_becomes_a_clause_without_paths():
    error = FileNotFoundError(2, "No such file", "/home/somebody/project/config.yaml")
    assert own_words(error) == "[Errno 2] No such file: a file"
    assert own_words(ValueError("")) == "ValueError"
    assert own_words(ValueError("first.\nsecond")) == "first"
