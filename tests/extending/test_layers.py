"""Layers that a plug-in declares: what a declaration may say, what a spec may do with them."""

from __future__ import annotations

import ast
import copy
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

import nndsl
from nndsl.extending import (
    LayerCall,
    Rejected,
    TensorType,
    Weight,
    argument,
    gives,
    inferred,
    per_axis,
    times,
)

pytestmark = pytest.mark.usefixtures("undeclared")

Declared = Callable[..., Any]


def gate(**more: Any) -> Any:
    """``torch.nn.Linear`` under another name, so that torch itself is the oracle."""

    @nndsl.layer(
        "tests.extending.things.Gate",
        inferred("features", "size of the last axis"),
        argument("out", "size", doc="size going out"),
        argument("bias", bool, True, "whether an offset is added"),
        argument("kind", str, "sigmoid", "the function", choices=("sigmoid", "tanh")),
        **{"input": "... features", "arrow": ("features", "out"), **more},
    )
    def gate(call: LayerCall) -> Any:
        """A linear map times a function of itself."""
        *front, features = call.input.shape
        weights = {"linear.weight": (call["out"], features)}
        if call["bias"]:
            weights["linear.bias"] = (call["out"],)
        macs = times(*front, features, call["out"])
        return gives((*front, call["out"]), weights=weights, macs=macs)

    return gate


def messages(text: str) -> str:
    """What a check says."""
    report = nndsl.parse(text).check()
    return "\n".join(f"{d.code} {d.message} {d.help}" for d in report.diagnostics)


def test_it_is_checked_built_printed_and_summed_up() -> None:
    gate()
    text = 'model net(width=5)(x: "b 8"): x | gate(width) | gate 3 | relu'
    spec = nndsl.parse(text)
    assert spec.check()
    net = spec.build(seed=3)
    assert type(net[0]).__name__ == "Gate"
    assert net(torch.zeros(2, 8)).shape == (2, 3)
    source = spec.codegen()
    assert "from tests.extending.things import Gate\nfrom torch import nn\n" in source
    assert "Gate(8, width)" in source and "Gate(width, 3)" in source
    assert "63" in spec.summary() and "Gate" in spec.summary()
    printed: dict[str, Any] = {}
    exec(compile(source, "net.py", "exec"), printed)
    torch.manual_seed(3)
    own = printed["Net"]()
    assert list(own.state_dict()) == list(net.state_dict())
    for mine, theirs in zip(own.state_dict().values(), net.state_dict().values(), strict=True):
        assert torch.equal(mine, theirs)


@pytest.mark.parametrize("name", ["gate", "Gate", "GATE", "g_ate"])
def test_its_name_is_matched_as_torchs_are(name: str) -> None:
    gate()
    assert nndsl.parse(f'model net()(x: "b 8"): x | {name} 3').check()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("x | gate(3, bais=False)", "E202 `gate` has no argument `bais` did you mean `bias`?"),
        ("x | gate", "E203 `gate` needs out"),
        ("x | gate(0)", "out of `gate` is at least 1, not 0"),
        ("x | gate(3, kind='relu')", "kind of `gate` is one of"),
        ("x | gate 9->3", "`gate` is told to expect 9 as features, but receives 8"),
        ("x | gate 8->3 | linear 4->1", "`linear` is told to expect 4 features, but receives 3"),
        ("gate(3)(x, x)", "`gate` takes one tensor, but receives 2"),
        ("int(x) | gate 3", "E303 `gate` takes float values, but receives int values"),
    ],
)
def test_mistakes_in_a_spec_are_found(body: str, words: str) -> None:
    gate()
    assert words in messages(f'model net()(x: "b 8"): {body}')


def test_conditions_on_arguments_make_classes_that_are_right_for_both() -> None:
    gate()
    text = 'model net(bias=True)(x: "b 8"): x | gate(4, bias=bias) | gate(2, bias=not bias)'
    spec = nndsl.parse(text)
    for bias in (True, False):
        keys = set(spec.build(bias=bias, device="meta").state_dict())
        assert ("0.linear.bias" in keys, "1.linear.bias" in keys) == (bias, not bias)
        printed: dict[str, Any] = {}
        exec(compile(spec.codegen(bias=bias), "net.py", "exec"), printed)
        assert set(printed["Net"]().state_dict()) == keys


def test_absent_and_chosen_layers_have_its_type() -> None:
    gate()
    text = (
        'model net(on=True, other=False)(x: "b 8"):\n'
        "    y = x | a: gate 8 if on\n"
        "    y + x | b: (gate 8 if other else linear 8)\n"
    )
    spec = nndsl.parse(text)
    for on, other in ((True, False), (False, True)):
        printed: dict[str, Any] = {}
        exec(compile(spec.codegen(on=on, other=other), "net.py", "exec"), printed)
        keys = list(spec.build(on=on, other=other, device="meta").state_dict())
        assert list(printed["Net"]().state_dict()) == keys


def test_it_stands_among_layers_as_any_other() -> None:
    gate()
    text = (
        'def twice(body: layer)(x: "b c"): x | body | body\n\n'
        'model net(act: layer = gate(8))(x: "b 8"):\n'
        "    x | a: twice(act) | b: twice(gate 8) | cs: gate(8) x3 | (gate(n) for n in [4, 2])\n"
    )
    net = nndsl.build(text, device="meta")
    assert "a.body.0.linear.weight" in net.state_dict() or "a.0.linear.weight" in net.state_dict()
    assert "cs.2.linear.weight" in net.state_dict()
    ast.parse(nndsl.codegen(text))


def test_built_modules_are_copied_and_pickled() -> None:
    gate()
    net = nndsl.build('model net()(x: "b 8"):\n    y = x | first: gate 4\n    y + y | last: gate 2')
    x = torch.randn(3, 8)
    for copied in (copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
        assert torch.equal(copied(x), net(x))


def test_a_pickle_needs_no_plug_in(tmp_path: Path) -> None:
    gate()
    net = nndsl.build('model net()(x: "b 8"):\n    y = x | first: gate 4\n    y + y | last: gate 2')
    path = tmp_path / "net.pkl"
    path.write_bytes(pickle.dumps(net))
    probe = f"import pickle; print(pickle.load(open({str(path)!r}, 'rb')).last)"
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, cwd=root)
    assert done.stdout.startswith("Gate("), done.stderr


def test_the_meta_device_and_back() -> None:
    gate()
    text = 'model net()(x: "b 8"): x | gate 4'
    net = nndsl.materialize(nndsl.build(text, device="meta"))
    assert net(torch.ones(1, 8)).isfinite().all()

    @nndsl.layer("tests.extending.things.Scale", inferred("n"), input="b n")
    def scale(call: LayerCall) -> Any:
        return gives(call.input, weights={"factor": (call["n"],)})

    net = nndsl.build('model net()(x: "b 8"): x | scale', device="meta")
    with pytest.raises(NotImplementedError, match="Scale has tensors of its own"):
        nndsl.materialize(net)


def test_names_of_a_spec_come_first_and_imports_step_aside() -> None:
    gate()
    text = (
        "def Gate(n)(x): x | linear n | gate(n)\n\n"
        'model net()(x: "b 8"): x | Gate(4) | head: gate 2'
    )
    source = nndsl.codegen(text)
    assert "from tests.extending.things import Gate as Gate2\n" in source
    printed: dict[str, Any] = {}
    exec(compile(source, "net.py", "exec"), printed)
    assert list(printed["Net"]().state_dict()) == list(nndsl.build(text).state_dict())


def test_without_parameters_it_is_a_function_where_nobody_needs_a_module() -> None:
    @nndsl.layer(
        "tests.extending.things.Twice",
        argument("factor", float, 2.0),
        functional="tests.extending.things.twice",
    )
    def twice(call: LayerCall) -> TensorType:
        return call.input

    text = 'model net()(x: "b 8"):\n    y = x | twice\n    y + (x | twice(factor=3)) | t: twice'
    source = nndsl.codegen(text)
    assert "from tests.extending.things import Twice, twice\n" in source
    assert "twice(x)" in source and "twice(x, factor=3)" in source and "self.t = Twice()" in source
    net = nndsl.build(text)
    assert torch.equal(net(torch.ones(1, 8)), torch.full((1, 8), 10.0))


def test_an_undeclared_input_gets_the_shape_that_the_layer_expects() -> None:
    gate(input="b t features")
    spec = nndsl.parse("gate 8->3")
    assert str(spec.check().diagnostics) == "()"
    assert spec.build()(torch.zeros(2, 5, 8)).shape == (2, 5, 3)


@pytest.mark.parametrize(
    ("pattern", "shape", "words"),
    [
        ("b t features", "b 8", "E302 `gate` takes (b, t, features), but receives (b, 8)"),
        ("b 2 features", "b 3 8", "3 should be 2"),
        ("... a features", "8", "E302 `gate` takes (..., a, features), but receives (8)"),
    ],
)
def test_inputs_that_do_not_fit(pattern: str, shape: str, words: str) -> None:
    gate(input=pattern)
    assert words in messages(f'model net()(x: "{shape}"): x | gate 3')


def test_an_open_size_that_has_to_be_a_number_is_assumed() -> None:
    gate(input="b 4 features")
    report = nndsl.parse('model net()(x: "b t 8"): x | gate 3').check()
    assert report and report.assumptions["net"] == ("`t` is 4",)


def test_several_inputs_and_outputs_and_buffers_between_parameters() -> None:
    @nndsl.layer(
        "tests.extending.things.Pair",
        argument("n", "ints", 1),
        inputs=("a", "b?"),
        input="b c h w",
    )
    def pair(call: LayerCall) -> Any:
        b, c, h, w = call.input.shape
        kh, kw = per_axis(call, "n", 2)
        weights = [Weight("w", (c,)), Weight("seen", (), False, "int"), Weight("v", (kh, kw))]
        output = ((b, c, h * kh, w * kw), TensorType((b, len(call.inputs)), "int"))
        return gives(output, weights=weights)

    text = 'model net()(x: "b 4 5 6", z: "b"):\n    y, k = pair([2, 3])(x, z)\n    y, k'
    block = nndsl.parse(text).resolved()
    assert str(block.output.items[0].shape).replace("Name", "") and len(block.output.items) == 2
    assert block.output.items[0].shape[1:] == (4, 10, 18)
    assert block.output.items[1].dtype == "int"


# ------------------------------------------------------------------ rules that go wrong


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (lambda call: None, "TypeError: a rule gives a shape, not None"),
        (lambda call: (1, 2.5), "TypeError: a size is a whole number, not 2.5"),
        (lambda call: (1, True), "TypeError: a size is a whole number, not True"),
        (lambda call: (-1,), "TypeError: a size is a whole number, not -1"),
        (lambda call: TensorType((1,), "double"), "TypeError: a tensor is of float, int or bool"),
        (lambda call: call["no"], "KeyError: 'no'"),
        (lambda call: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_a_rule_that_fails_is_the_plug_ins_mistake(made: Any, words: str) -> None:
    nndsl.layer("somewhere.Broken", name="broken")(made)
    said = messages('model net()(x: "b 8"): x | broken')
    assert said.startswith("E508 the shape rule tests.") and words in said
    assert "not of the spec" in said


def test_a_rule_refuses_in_its_own_words() -> None:
    @nndsl.layer("somewhere.Odd", argument("n", int))
    def odd(call: LayerCall) -> TensorType:
        if call.check.divides(2, call["n"]):
            raise Rejected("`{layer}` takes odd numbers", "n", "add one")
        return call.input

    assert not messages('model net()(x: "b 8"): x | odd 3')
    assert "`odd` takes odd numbers add one" in messages('model net()(x: "b 8"): x | odd 4')


def test_a_package_that_is_not_there_is_missed_when_building_only() -> None:
    nndsl.layer("no_such_package.Layer", name="far")(lambda call: call.input)
    spec = nndsl.parse('model net()(x: "b 8"): x | far')
    assert spec.check()
    assert "from no_such_package import Layer\n" in spec.codegen()
    with pytest.raises(nndsl.SpecError, match=r"E507.*no_such_package"):
        spec.build()


# ------------------------------------------------------------------ declarations that can't be


def _declare(path: str = "far.Layer", *arguments: Any, **more: Any) -> Any:
    return nndsl.layer(path, *arguments, **{"name": "far", **more})(lambda call: call.input)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: _declare("Layer"), "not of the form package.Name"),
        (lambda: _declare("far.1"), "not of the form package.Name"),
        (lambda: _declare("far..Layer"), "not of the form package.Name"),
        (lambda: _declare("torch.nn.Linear"), "belongs to torch"),
        (lambda: _declare("os.path.join; x"), "not of the form package.Name"),
        (lambda: _declare(name="conv_2d"), "built in"),
        (lambda: _declare(name="where"), "built in"),
        (lambda: _declare(name="range"), "built in"),
        (lambda: _declare(name="block"), "built in"),
        (lambda: _declare(name="a-b"), "can't be a name"),
        (lambda: _declare(name="class"), "can't be a name"),
        (lambda: _declare(name="größe"), "can't be a name"),
        (lambda: _declare("a.B", argument("n", "number")), "has the type 'number'"),
        (lambda: _declare("a.B", argument("n", int), argument("n", int)), "declared twice"),
        (lambda: _declare("a.B", argument("n", int), positional=["m"]), "positional names 'm'"),
        (lambda: _declare("a.B", argument("n", int), arrow=("n", "m")), "arrow names 'm'"),
        (lambda: _declare(input="b (h w)"), "groups belong"),
        (lambda: _declare(input="b -> b"), "rearranges"),
        (lambda: _declare(input="b ... c"), "in front only"),
        (lambda: _declare(input="b {n}"), "in front only"),
        (lambda: _declare(input="b b c"), "stands twice"),
        (lambda: _declare(input="b ("), "input='b ('"),
        (lambda: _declare(functional="nowhere"), "not of the form"),
    ],
)
def test_declarations_that_can_not_be(make: Declared, words: str) -> None:
    with pytest.raises(ValueError) as raised:
        make()
    assert words in str(raised.value)


def test_forgotten_parentheses_and_bare_names() -> None:
    with pytest.raises(TypeError, match="as text, not <function"):
        nndsl.layer(gate)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"are made by `argument`.*not 'n'"):
        nndsl.layer("far.Layer", "n")  # type: ignore[arg-type]


def test_a_name_belongs_to_the_module_that_declared_it_first() -> None:
    _declare()
    _declare()  # the same module, as when it is imported anew

    def rule(call: LayerCall) -> TensorType:
        return call.input

    rule.__module__ = "other"
    with pytest.raises(ValueError, match="declared already, by tests"):
        nndsl.layer("other.Layer", name="FAR")(rule)


def test_declaring_anew_changes_what_specs_mean() -> None:
    nndsl.layer("far.Layer", name="far")(lambda call: (1,))
    text = 'model net()(x: "b 8"): x | far | linear 1->2'
    assert nndsl.parse(text).check()
    nndsl.layer("far.Layer", name="far")(lambda call: (3,))
    assert "`linear` is told to expect 1 features, but receives 3" in messages(text)


# ------------------------------------------------------------------ inside layers of torch


def test_a_declared_layer_is_wrapped_like_torchs() -> None:
    @nndsl.layer(
        "tests.extending.things.Scale",
        inferred("n", "size of the last axis"),
        input="... n",
    )
    def scale(call: LayerCall) -> Any:
        """A factor for each feature."""
        return gives(call.input, weights={"factor": (call["n"],)})

    text = 'model net()(x: "b 4"):\n    a: weight_norm(scale, name="factor") | linear 3\n'
    net, x = nndsl.build(text), torch.randn(2, 4)
    keys = [f"a.parametrizations.factor.original{i}" for i in (0, 1)]
    assert list(net.state_dict())[:2] == keys
    source = nndsl.codegen(text)
    assert "from tests.extending.things import Scale\n" in source
    assert "weight_norm(Scale(4), name=" in source
    names: dict[str, Any] = {}
    exec(source, names)
    printed = names["Net"]()
    printed.load_state_dict(net.state_dict(), strict=True)
    torch.testing.assert_close(printed(x), net(x))


def test_further_tensors_are_what_the_rule_says() -> None:
    @nndsl.layer("tests.extending.things.Twice", input="b t", dtype="int", inputs=("x", "y"))
    def pair(call: LayerCall) -> Any:
        """Indices and features."""
        return gives(call.inputs[1])

    text = 'model net()(x: int "b t", y: "b t 4"):\n    p: pair()(x, y)\n'
    assert not [d for d in nndsl.parse(text).check().diagnostics if d.severity == "error"]
