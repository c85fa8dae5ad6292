"""Fuzzing with coverage: ``python -m tests.fuzz.coverage_guided -max_total_time=600``.

Needs ``pip install "nndsl[fuzz]"``. The seed corpus is written into a temporary folder, or where
``--corpus FOLDER`` says; other options are libFuzzer's.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["nndsl"]):
    import nndsl
    from nndsl import resolve
    from nndsl.syntax import decode

from nndsl.diagnostics import Diagnostic
from nndsl.limits import Limits

LIMITS = Limits(steps=5_000, items=500, modules=200, elements=100_000, nesting=32)


def one(content: bytes) -> None:
    """Bytes of a file: read, laid out, checked, printed. Whatever else is raised is a finding."""
    source = decode(content, "fuzz.nn")
    if isinstance(source, Diagnostic):
        return
    try:
        spec = nndsl.Spec(source, limits=LIMITS)
        str(spec.check())
        spec.format()
        spec.codegen()
    except (nndsl.SpecError, nndsl.NoSuchModel):
        pass


def write_corpus(folder: Path) -> None:
    from tests.fuzz.seeds import seeds

    folder.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(seeds().values()):
        (folder / f"seed{number}").write_text(text, encoding="utf-8")


def main() -> None:
    options = sys.argv[1:]
    folder = Path(tempfile.mkdtemp())
    if "--corpus" in options:
        at = options.index("--corpus")
        folder = Path(options[at + 1])
        del options[at : at + 2]
    write_corpus(folder)
    for room in ("general_program", "roots", "names", "weights"):
        __import__(f"{resolve.__name__}.{room}")
    atheris.Setup([sys.argv[0], str(folder), "-max_len=4096", *options], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
