"""Names, docstrings and headers; text of a spec can't become code."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from nndsl.backends.source import docstring, prose, shapes
from nndsl.backends.source.naming import class_name, legal, singular
from nndsl.backends.source.outward import as_same
from nndsl.backends.torch_source import print_source
from nndsl.model import dims
from nndsl.model.expr import Name, Op, Static, binary
from nndsl.model.graph import Block, Factory, Give, LossCall, Make, Program, TensorType, Use
from tests.backends.source_cases import B, C, H, W, Writing, inp, mlp, param, tensor, torch

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("two_layer_net", "TwoLayerNet"), ("resnet", "ResNet"), ("unet", "UNet"), ("mlp", "Mlp"),
        ("lenet5", "LeNet5"), ("net", "Net"), ("ResNeXt", "ResNeXt"), ("tensor", "TensorModule"),
        ("f", "FModule"), ("exception", "Exception" + "Module"),
    ],
)  # fmt: skip
def test_class_names(name: str, title: str) -> None:
    assert class_name(name) == title


def test_other_names() -> None:
    assert [legal(n) for n in ("x", "l", "max", "lambda", "torch")] == [
        "x", "length", "max_", "lambda_", "torch_",
    ]  # fmt: skip
    words = ("layers", "branches", "entries", "x")
    assert [singular(w) for w in words] == ["layer", "branch", "entry", "layer"]


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (Op("+", (Op("//", (Op("-", (H, 1)), 2)), 1)), "ceil(h / 2)"),
        (Op("//", (Op("+", (H, 1)), 2)), "ceil(h / 2)"),
        (Op("//", (H, 2)), "h // 2"),
        (Op("-", (H, Op("*", (32, Op("//", (H, 32)))))), "h % 32"),
        (Op("*", (2, H)), "2 * h"),
        (Op("*", (Op("//", (H, 2)), Op("//", (H, 2)))), "(h // 2) ** 2"),
    ],
)
def test_sizes_for_readers(size: Op, text: str) -> None:
    assert shapes.static(size) == text


@pytest.mark.parametrize(
    "comment",
    ['"""; import os', "ends with \\", 'a "quoted" word', "a\rb\x00c", "tab\there", "\u202eevil",
     "'''", 'ends with "', "\\N{DIGIT ONE}", "one\ntwo\n\nthree", "", "\n", "{{ 7 * 7 }}", "#"],
)  # fmt: skip
def test_comments_stay_comments(comment: str) -> None:
    program = mlp()
    program.blocks[0].comment = comment
    source = print_source(program)
    tree = ast.parse(source)
    assert [type(node).__name__ for node in tree.body] == [
        "Expr", "ImportFrom", "ClassDef", "ClassDef"
    ]  # fmt: skip
    body = tree.body[2]
    assert isinstance(body, ast.ClassDef)
    assert len(body.body) == 2
    assert all(c.isprintable() or c == "\n" for c in source)


def test_file_names_stay_names() -> None:
    source = print_source(Program(mlp().blocks, spec='a"""b\\.nn'))
    assert isinstance(ast.parse(source).body[0], ast.Expr)


def test_a_long_comment_is_folded() -> None:
    lines = prose.comment("word " * 40)
    assert max(map(len, lines)) <= 80
    assert len(lines) > 1


def test_long_shapes_are_folded() -> None:
    block = mlp().blocks[1]
    size = block.inputs[0].var.type.shape[0]  # type: ignore[union-attr, index]
    block.comment, block.output = "", TensorType(tuple(Op("+", (size, n)) for n in range(30)))
    lines = docstring.of_block(block)
    assert max(map(len, lines)) <= 84
    assert "b + 29)." in " ".join(lines)


def test_a_size_that_nothing_going_in_tells_is_that_of_the_result() -> None:
    block = mlp().blocks[1]
    size = block.inputs[0].var.type.shape[0]  # type: ignore[union-attr, index]
    block.comment, block.output = "", TensorType((size, Op("+", (H, 1))))
    assert docstring.of_block(block) == ["(b, 784) -> (b, d_out)."]


RATE = Name("rate", "param", "int")
KERNEL = Name("kernel", "param", "int")


def _padded(size: Static, both: Static) -> Static:
    """What a convolution leaves of a size that is padded on both sides."""
    return dims.tidy(binary("+", binary("-", binary("+", size, binary("*", 2, both)), KERNEL), 1))


def _half(size: Static) -> Static:
    return Op("//", (size, 2))


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (_padded(H, _half(binary("-", KERNEL, 1))), "h"),
        (_padded(H, _half(KERNEL)), "h"),
        (
            _padded(H, _half(binary("+", KERNEL, RATE))),
            "h + 2 * ((kernel + rate) // 2) - kernel + 1",
        ),
        (_padded(H, _half(W)), "h + 2 * (w // 2) - kernel + 1"),
        (binary("*", 2, _half(H)), "2 * (h // 2)"),
        (
            binary("+", Op("//", (binary("-", _padded(H, _half(KERNEL)), 1), RATE)), 1),
            "ceil(h / rate)",
        ),
    ],
)
def test_same_padding_keeps_a_size(size: Static, text: str) -> None:
    assert shapes.static(as_same(size)) == text


def test_a_formula_that_nobody_reads_is_the_size_of_the_result() -> None:
    block = mlp().blocks[1]
    size = block.inputs[0].var.type.shape[0]  # type: ignore[union-attr, index]
    long = binary("*", binary("+", size, 123456789), binary("+", size, Op("//", (size, 678910))))
    block.comment, block.output = "", TensorType((size, long))
    assert docstring.of_block(block) == ["(b, 784) -> (b, d_out)."]


def test_a_year_does_not_begin_a_sentence() -> None:
    lines = prose.comment("Shazeer et al. 2017, a title: more. And more. digits.py uses it")
    assert lines == ["Shazeer et al. 2017, a title: more.", "", "And more. digits.py uses it."]


@pytest.mark.parametrize(
    ("comment", "lines"),
    [
        ("convolution, activation", ["Convolution, activation."]),
        ("width of x, said", ["width of x, said."]),
        ("resnet.nn's block", ["resnet.nn's block."]),
        ('the "one" of He', ['The "one" of He.']),
        ('"one" of He', ["'one' of He."]),
        (
            "a block that may change the shape, then others that don't; a dilation that grows does",
            ["A block that may change the shape, then others that don't.", "",
             "A dilation that grows does."],
        ),
        (
            'Kingma, Welling 2014, "Auto-Encoding Variational Bayes": a point is drawn around it',
            ['Kingma, Welling 2014, "Auto-Encoding Variational Bayes".', "",
             "A point is drawn around it."],
        ),
        (
            "one `a; b` and (c; d) of the many that do not fit into a single line of a docstring",
            ["One `a; b` and (c; d) of the many that do not fit into a single line of",
             "a docstring."],
        ),
        (
            "attention within each window of the map, or of that which is rolled by half a window",
            ["Attention within each window of the map, or of that which is rolled by half",
             "a window."],
        ),
    ],
)  # fmt: skip
def test_comments_are_sentences(comment: str, lines: list[str]) -> None:
    assert prose.comment(comment, ("width",)) == lines


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("(b, t) -> (b, d).", ["(b, t) -> (b, d)."]),
        (
            "ids (b, t), mask (b, t) or None, kinds (b, t) or None -> y (b, t, dim), last (b, d).",
            ["ids (b, t), mask (b, t) or None, kinds (b, t) or None",
             "-> y (b, t, dim), last (b, d)."],
        ),
        (
            "ids (b, t), mask (b, t) or None, kinds (b, t) or None -> (b, c); logits, for nn.X.",
            ["ids (b, t), mask (b, t) or None, kinds (b, t) or None -> (b, c);",
             "logits, for nn.X."],
        ),
        (
            "width=64, stride=1:\n(b, 64, ceil(h / 4), ceil(w / 4)) -> (b, 64, ceil(h / 8), w).",
            ["width=64, stride=1:",
             "(b, 64, ceil(h / 4), ceil(w / 4)) -> (b, 64, ceil(h / 8), w)."],
        ),
        ("width=64:\n(b, c) -> (b, 64).", ["width=64: (b, c) -> (b, 64)."]),
    ],
)  # fmt: skip
def test_shapes_are_broken_between_them(text: str, lines: list[str]) -> None:
    assert prose.fold_shapes(text) == lines


def test_shapes_stand_behind_a_comment() -> None:
    block = mlp().blocks[1]
    block.comment = "what it is; why"
    assert docstring.of_block(block) == ["What it is; why.", "", "(b, 784) -> (b, 10)."]


def test_losses_and_assumptions_are_said() -> None:
    block = mlp().blocks[1]
    block.loss = LossCall("torch.nn.CrossEntropyLoss", (("label_smoothing", 0.1),))
    block.assumptions = (Op("==", (Op("-", (H, Op("*", (32, Op("//", (H, 32)))))), 0)),)
    assert docstring.of_block(block) == [
        "(b, 784) -> (b, 10); raw logits, for nn.CrossEntropyLoss(label_smoothing=0.1).",
        "",
        "Assumes h % 32 == 0.",
    ]


def test_constants_and_factories() -> None:
    gain = Name("gain", "constant", "float", 1.788)
    w = Writing()
    x = inp("x", B, C, H, W)
    w.add(Give(w.op("op.mul", x.var, gain), tensor(B, C, H, W)))
    block = Block("scaled", "module", (param("width", default=3),), (x,), w.body, x.var.type)
    one = Factory("wide", Use(block, (("width", 64),)), comment="a wide one")
    source = print_source(Program((block,), (), (one,), (gain,), "scaled.nn"))
    assert "\nGAIN = 1.788\n" in source
    assert "return x * GAIN" in source
    assert '    """A wide one."""\n    return Scaled(width=64)\n' in source


def test_a_concrete_block_is_printed_in_numbers() -> None:
    w = Writing()
    x = inp("x", B, 3, 8, 8)
    y = w.child("conv1", torch("Conv2d", 3, 64, 3), x.var)
    w.add(Give(w.op("torch.relu", y), tensor(B)))
    block = Block("basic", "module", (), (x,), w.body, tensor(B, 64, 6, 6), variant="64")
    source = print_source(Program((block,), spec="basic.nn"))
    assert "class Basic64(nn.Module):" in source
    assert "self.conv1 = nn.Conv2d(3, 64, 3)" in source


def test_black_is_asked_only_when_it_is_needed() -> None:
    long = [Name(f"a_rather_long_parameter_{k}", "param") for k in range(4)]
    total = Op("+", (Op("+", (long[0], long[1])), Op("+", (long[2], long[3]))))
    body = (Make((0,), torch("Linear", total, 3)),)
    parameters = tuple(param(name.id) for name in long)
    x = inp("x", B, 3)
    block = Block("wide", "sequential", parameters, (x,), body, tensor(B, 3))
    source = print_source(Program((block,), spec="wide.nn"))
    assert max(map(len, source.splitlines())) <= 88


def test_printing_needs_neither_torch_nor_black() -> None:
    code = (
        "import sys\n"
        "from tests.backends.source_cases import CASES\n"
        "from nndsl.backends.torch_source import print_source\n"
        "print_source(CASES['llama']())\n"
        "print([m for m in ('torch', 'black', 'lark') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stderr


def test_bytes_do_not_depend_on_the_hash_seed() -> None:
    code = (
        "from tests.backends.source_cases import CASES\n"
        "from tests.backends.source_features import FEATURES\n"
        "from nndsl.backends.torch_source import print_source\n"
        "for make in (*CASES.values(), *FEATURES.values()): print(print_source(make()))"
    )
    texts = {
        subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in "012"
    }  # fmt: skip
    assert len(texts) == 1
    assert "class ResNet" in texts.pop()
