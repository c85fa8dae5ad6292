"""Random tests draw the same cases in every run, so that a run can be repeated.

With ``NNDSL_FUZZ=1`` they draw new ones each time.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("steady", derandomize=True, database=None)
settings.register_profile("new", database=None)
settings.load_profile("new" if os.environ.get("NNDSL_FUZZ") else "steady")
