"""Random tests draw the same cases in every run, so that a run can be repeated.

With ``NNDSL_FUZZ=1`` they draw new ones each time. Torch has one thread, also in processes that
tests begin: the networks are small, tests run side by side, and threads that wait for each other
on the same cores take minutes for what takes a second.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest
from hypothesis import settings

from nndsl.functions import registry as functions
from nndsl.layers import registry as layers
from nndsl.model import outside
from nndsl.resolve import scope

os.environ["OMP_NUM_THREADS"] = "1"  # read when torch is imported

settings.register_profile("steady", derandomize=True, database=None)
settings.register_profile("new", database=None)
settings.load_profile("new" if os.environ.get("NNDSL_FUZZ") else "steady")


@pytest.fixture
def undeclared(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A test in which no plug-in has declared anything yet, and whose declarations are forgotten
    with the modules that it imported."""
    modules = set(sys.modules)
    for home, empty in ((layers, {}), (functions, {}), (outside, set())):
        monkeypatch.setattr(home, "_DECLARED", empty)
    scope._BUILTINS.clear()
    yield
    scope._BUILTINS.clear()
    for name in set(sys.modules) - modules:
        if getattr(sys.modules[name], "__file__", None) and "_layers" in name:
            del sys.modules[name]
