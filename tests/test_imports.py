"""The order of the rooms: text flows one way, and no room knows the rooms after it."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "nndsl"
FILES = sorted(PACKAGE.rglob("*.py"))

BASE = {"source", "record"}
MAY_IMPORT = {
    "source": set(),
    "record": set(),
    "resources": set(),
    "diagnostics": BASE,
    "limits": BASE | {"diagnostics"},
    "excerpt": BASE | {"diagnostics"},
    "render": BASE | {"diagnostics", "excerpt"},
    "syntax": BASE | {"diagnostics", "limits", "resources"},
    "model": BASE | {"diagnostics", "limits"},
    "codes": {"syntax"},
    "layers": BASE | {"diagnostics", "limits", "model"},
    "functions": BASE | {"diagnostics", "limits", "model", "layers"},
    "resolve": BASE
    | {"diagnostics", "limits", "resources", "syntax", "model", "layers", "functions", "plugins"},
    "lints": BASE
    | {"diagnostics", "limits", "syntax", "model", "layers", "functions", "resolve"},
    "backends": BASE | {"diagnostics", "limits", "resources", "model"},
    "extending": BASE | {"diagnostics", "limits", "model", "layers", "functions", "resolve"},
    "plugins": BASE,
    "reference": BASE
    | {"diagnostics", "resources", "syntax", "model", "layers", "functions", "resolve", "plugins"},
    "report": BASE | {"diagnostics", "render"},
    "reading": BASE | {"diagnostics", "limits", "syntax"},
    "tracing": BASE | {"excerpt", "backends"},
    "api": BASE | {"diagnostics", "limits", "render", "syntax", "model", "resolve", "lints"}
    | {"reading", "report", "backends"},
}  # fmt: skip
ANYTHING = ("cli", "__init__", "__main__")

# what a message looks like is the one thing that an exception asks of a later room
EXCEPTIONS = {("diagnostics", "render")}

OUTSIDE = {
    "lark": ("syntax/",),
    "torch": ("backends/",),
    "safetensors": ("backends/weights.py",),
    "jinja2": ("backends/",),
    "black": ("backends/",),
    "click": ("cli/",),
    "numpy": (),
}


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Every module that a file imports; whether only for the type checker."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, id(node) in typing_only
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            assert node.module is not None
            yield node.module, id(node) in typing_only
            if node.module == "nndsl":
                for alias in node.names:
                    yield f"nndsl.{alias.name}", id(node) in typing_only


def room(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_room_knows_the_rooms_after_it(path: Path) -> None:
    own = room(path)
    if own in ANYTHING:
        return
    allowed = MAY_IMPORT[own] | {own}
    for module, _ in imports(path):
        parts = module.split(".")
        if parts[0] == "nndsl" and len(parts) > 1 and (own, parts[1]) not in EXCEPTIONS:
            assert parts[1] in allowed, f"{own} imports {module}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_who_may_import_what_from_outside(path: Path) -> None:
    relative = path.relative_to(PACKAGE).as_posix()
    for module, typing_only in imports(path):
        rooms = OUTSIDE.get(module.split(".")[0])
        if rooms is not None and not typing_only:
            assert relative.startswith(rooms), f"{relative} imports {module}"


def test_no_file_is_a_monster() -> None:
    generated = {PACKAGE / "syntax" / "tables.py"}
    long = [p for p in FILES if p not in generated and p.read_text().count("\n") > 600]
    assert not long


PROBE = """
import sys
from nndsl.cli.running import run
code = run({arguments!r})
loaded = [name for name in {names!r} if name in sys.modules]
print("loaded:", loaded, file=sys.stderr)
sys.exit(code)
"""


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["check", "-e", "linear 784->10"], ["torch", "jinja2", "black", "lark"]),
        (["codegen", "-e", "linear 784->10"], ["torch", "lark"]),
        (["fmt", "-e", "linear   784->10"], ["torch", "jinja2", "black", "lark"]),
        (["explain", "E301"], ["torch", "jinja2", "black", "lark"]),
        (["layers"], ["torch", "jinja2", "black", "lark", "nndsl.layers.linear"]),
        (["layers", "conv2d"], ["torch", "jinja2", "black", "lark", "importlib.metadata"]),
        (["--help"], ["torch", "jinja2", "black", "lark", "nndsl.api", "nndsl.syntax"]),
    ],
)
def test_commands_leave_these_alone(arguments: list[str], names: list[str]) -> None:
    probe = PROBE.format(arguments=arguments, names=names)
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, cwd=ROOT)
    assert "loaded: []" in done.stderr
    assert done.returncode == 0


def test_the_package_itself_loads_next_to_nothing() -> None:
    probe = "import sys; before = set(sys.modules); import nndsl; print(set(sys.modules) - before)"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, cwd=ROOT)
    loaded = {name.split(".")[0] for name in ast.literal_eval(done.stdout)}
    assert loaded <= {"nndsl", "__future__", "typing", "collections", "functools", "re"} | set(
        sys.stdlib_module_names
    )
    assert "nndsl.api" not in done.stdout
