"""Every function's entry against torch on a table of calls: shapes, dtypes, what is refused."""

from __future__ import annotations

import pytest

from nndsl.functions import registry
from nndsl.functions.registry import find, names
from tests.functions.cases import cases
from tests.functions.comparing import compared, generalised

CASES = cases()


@pytest.mark.parametrize("name", names())
def test_agrees_with_torch(name: str) -> None:
    wrong = [line for case in CASES[name] if (line := compared(name, case)[1])]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", names())
def test_symbolic_sizes_mean_the_same(name: str) -> None:
    wrong = [line for case in CASES[name] if (line := generalised(name, case))]
    assert not wrong, "\n".join(wrong)


def test_every_function_has_cases() -> None:
    assert set(CASES) == set(names())
    assert all(CASES[name] for name in names())


def test_the_table_of_names_is_the_families_own() -> None:
    for family, listed in registry._FAMILIES.items():
        module = __import__(f"nndsl.functions.{family}", fromlist=["FUNCTIONS"])
        assert [function.name for function in module.FUNCTIONS] == listed.split()


def test_a_name_that_is_no_function() -> None:
    assert find("no_such") is None
    assert find("_HOME") is None
