"""Runs all benchmarks. They print ratios of times, which say the same on any machine."""

from __future__ import annotations

import checking
import construction
import forward
import processes

if __name__ == "__main__":
    for script in (processes, checking, construction, forward):
        script.main()
