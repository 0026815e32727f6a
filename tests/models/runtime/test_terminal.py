"""How a command ends."""

from __future__ import annotations

import pytest

from models.runtime.errors import UserError
from models.runtime.terminal import REFUSED, run_command


@pytest.mark.parametrize(("result", "code"), [(None, 0), (0, 0), (3, 3)])
def test_a_command_ends_with_its_code(result, code, capsys):
    assert run_command(lambda: result) == code
    assert capsys.readouterr() == ("", "")


def test_a_refusal_is_one_line_and_a_code(capsys):
    def refuse() -> None:
        raise UserError("There is no such run; choose another.")

    assert run_command(refuse) == REFUSED == 2
    assert capsys.readouterr() == ("", "error: There is no such run; choose another.\n")


def test_a_fault_of_the_program_is_none_of_its_business():
    def fail() -> None:
        raise KeyError

    with pytest.raises(KeyError):
        run_command(fail)
