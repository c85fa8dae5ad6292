"""Rules of ``weights``: what they do to a file's tensors, and what is said where they don't fit."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

import nndsl

State = dict[str, Tensor]

MODEL = (
    'def pair(n)(x: "b d"):\n    x | left: linear n | right: linear(n, bias=False)\n\n'
    'model net(n=4)(x: "b 4"):\n    x | pairs: pair(n) x2 | head: linear 4\n\n'
)
KEYS = [
    "pairs.0.left.weight", "pairs.0.left.bias", "pairs.0.right.weight",
    "pairs.1.left.weight", "pairs.1.left.bias", "pairs.1.right.weight",
    "head.weight", "head.bias",
]  # fmt: skip


def numbers(*shape: int, start: int = 0) -> Tensor:
    return torch.arange(start, start + torch.Size(shape).numel()).float().reshape(shape)


STATE: State = {
    key: numbers(4) + place if key.endswith("bias") else numbers(4, 4, start=100 * place)
    for place, key in enumerate(KEYS)
}


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "w.safetensors")


def load(rules: str, file: State, path: str, text: str = MODEL) -> State:
    """The state dict of the model with the weights of a file."""
    save_file({key: tensor.contiguous().clone() for key, tensor in file.items()}, path)
    lines = "".join(f"    {line}\n" for line in rules.splitlines())
    spec = nndsl.parse(text + (f"weights net:\n{lines}" if rules else ""))
    report = spec.verify(path)
    assert report.diagnostics == (), str(report)
    return dict(spec.build(weights=path).state_dict())


def same(found: State, wanted: State) -> None:
    assert list(found) == list(wanted)
    for key, tensor in wanted.items():
        assert torch.equal(found[key], tensor), key


def changed(**parts: Tensor | None) -> State:
    """The state with some keys (``__`` for dots) replaced, left out or added."""
    made: dict[str, Tensor | None] = {**STATE}
    made.update((key.replace("__", "."), tensor) for key, tensor in parts.items())
    return {key: tensor for key, tensor in made.items() if tensor is not None}


def test_no_rules(path: str) -> None:
    same(load("", STATE, path), STATE)


def test_renaming_goes_on(path: str) -> None:
    file = {
        f"module.{key}".replace("left", "l").replace("pairs.", "blocks"): tensor
        for key, tensor in STATE.items()
    }
    rules = (
        '"module.{rest...}" -> "{rest...}"\n'
        '"blocks{i}.{rest...}" -> "pairs.{i}.{rest...}"\n'
        '"{p...}.l.{w}" -> "{p...}.left.{w}"'
    )
    same(load(rules, file, path), STATE)


def test_a_rule_with_functions_takes_the_key(path: str) -> None:
    file = changed(head__weight=STATE["head.weight"].T)
    rules = (
        '"head.{w}" -> "top.{w}"\n'
        '"top.weight" | transpose(0, 1) -> "head.weight"\n'
        '"top.{w}" -> "head.{w}"\n'
        '"{all...}" -> "{all...}"'
    )
    same(load(rules, file, path), STATE)


def test_several_flow_in_as_a_list(path: str) -> None:
    a, b = STATE["head.weight"].split(2)
    file = changed(head__weight=None, head__a=a, head__b=b)
    same(load('"{p...}.a", "{p...}.b" | cat(dim=0) -> "{p...}.weight"', file, path), STATE)
    same(load('"{p...}.a", "{p...}.b" | cat(_[0], _[1]) -> "{p...}.weight"', file, path), STATE)


def test_one_becomes_several(path: str) -> None:
    packed = torch.cat([STATE["pairs.0.left.weight"], STATE["pairs.0.right.weight"]])
    file = changed(pairs__0__left__weight=None, pairs__0__right__weight=None, pairs__0__p=packed)
    rule = '"{i...}.p" | chunk(2, dim=0) -> "{i...}.left.weight", "{i...}.right.weight"'
    same(load(rule, file, path), STATE)


def test_several_renamed_together(path: str) -> None:
    file = changed(head__weight=None, head__bias=None)
    file |= {"w": STATE["head.weight"], "b": STATE["head.bias"]}
    same(load('"w", "b" -> "head.weight", "head.bias"', file, path), STATE)


def test_a_list_by_number(path: str) -> None:
    rows = {f"head.rows.{i}": row for i, row in enumerate(STATE["head.weight"])}
    file = changed(head__weight=None) | dict(reversed(rows.items()))
    same(load('"{p...}.rows.{i}" for i | stack -> "{p...}.weight"', file, path), STATE)


def test_numbers_are_in_the_order_of_numbers(path: str) -> None:
    text = 'model net()(x: "b 12"):\n    x | head: linear(12, bias=False)\n\n'
    wanted = {"head.weight": numbers(12, 12)}
    file = {f"row{i}": row for i, row in enumerate(wanted["head.weight"])}
    same(load('"row{i}" for i | stack -> "head.weight"', file, path, text), wanted)


def test_several_lists(path: str) -> None:
    a, b = STATE["head.weight"].chunk(2, dim=1)
    file = changed(head__weight=None)
    for i in range(4):
        file |= {f"a.{i}": a[i], f"b.{i}": b[i]}
    rule = '"a.{i}", "b.{i}" for i | cat(stack(_[0]), stack(_[1]), dim=1) -> "head.weight"'
    same(load(rule, file, path), STATE)
    rule = '"a.{i}", "b.{i}" for i | [stack(one) for one in _] | cat(dim=1) -> "head.weight"'
    same(load(rule, file, path), STATE)


def test_one_becomes_a_list_by_number(path: str) -> None:
    keys = [f"pairs.{i}.left.weight" for i in range(2)]
    file = {key: tensor for key, tensor in STATE.items() if key not in keys}
    file["all"] = torch.stack([STATE[key] for key in keys])
    same(load('"all" | unbind -> "pairs.{i}.left.weight" for i', file, path), STATE)


def test_functions_of_the_spec_parameters_and_patterns(path: str) -> None:
    file = changed(head__weight=STATE["head.weight"].reshape(16) / 2)
    text = MODEL + "fn twice(w): w * 2\n\n"
    rule = '"head.weight" | "(o i) -> o i" | twice -> "head.weight"'
    with pytest.raises(AssertionError, match="E30"):
        load(rule, file, path, text)
    rule = '"head.weight" | reshape(n, -1) | twice -> "head.weight"'
    same(load(rule, file, path, text), STATE)


def test_conditions_on_the_parameters(path: str) -> None:
    turned = STATE["head.weight"].T
    rule = '"head.weight" | transpose(0, 1) if n > 3 else _ -> "head.weight"'
    same(load(rule, changed(head__weight=turned), path), STATE)
    rule = rule.replace("n > 3", "n > 4")
    same(load(rule, STATE, path), STATE)


def test_dropped(path: str) -> None:
    file = {**STATE, "opt.step": numbers(1), "head.mask": numbers(2), "mask": numbers(2)}
    same(load('drop "opt.{rest...}", "{p...}.mask"', file, path), STATE)


def test_configured_models_have_the_rules_of_what_they_configure(path: str) -> None:
    text = MODEL + 'weights net: "h.{w}" -> "head.{w}"\n\nmodel small = net(4)\n'
    text += 'model other = net(4)\n\nweights other: "g.{w}" -> "head.{w}"\n'
    for letter, model in (("h", "net"), ("h", "small"), ("g", "other")):
        file = {key.replace("head", letter): tensor for key, tensor in STATE.items()}
        save_file(file, path)
        assert nndsl.parse(text).verify(path, model).diagnostics == ()
    assert not nndsl.parse(text).verify(path, "net")


def test_rules_come_with_imported_models(tmp_path: Path, path: str) -> None:
    (tmp_path / "a.nn").write_text(MODEL + 'weights net: "h.{w}" -> "head.{w}"\n')
    (tmp_path / "b.nn").write_text('from "a.nn" import net\n\nmodel small = net(4)\n')
    save_file({key.replace("head", "h"): tensor for key, tensor in STATE.items()}, path)
    assert nndsl.load(tmp_path / "b.nn").verify(path).diagnostics == ()


# ------------------------------------------------------------------ what is built

REST = (
    'model net()(x: "b 4"):\n'
    '    param gain: "4" = normal(0, 1)\n'
    "    buffer shift = arange(0, 4, 1) * 0.5, persistent=False\n"
    "    x = x * gain + shift | emb: linear(4, bias=False) | bn: batchnorm\n"
    "    x | head: linear(4, bias=False)\n"
    "    tie head.weight = emb.weight\n"
)


def test_ties_counters_and_what_is_computed(path: str) -> None:
    file = {"gain": numbers(4), "emb.weight": numbers(4, 4), "bn.weight": numbers(4)}
    file |= {"bn.bias": numbers(4), "bn.running_mean": numbers(4), "bn.running_var": numbers(4)}
    save_file(file, path)
    spec = nndsl.parse(REST)
    assert spec.verify(path).diagnostics == ()
    net = spec.build(weights=path)
    assert net.head.weight is net.emb.weight
    assert isinstance(net.gain, torch.nn.Parameter)
    assert torch.equal(net.shift, torch.arange(4) * 0.5)
    assert net.bn.num_batches_tracked == 0
    for key, tensor in file.items():
        assert torch.equal(net.state_dict()[key], tensor)
    assert net(torch.ones(2, 4)).shape == (2, 4)


def test_the_other_name_of_a_tie(path: str) -> None:
    text = 'model net()(x: "b 4"):\n    x | a: linear(4, bias=False) | b: linear(4, bias=False)\n'
    text += "    tie b.weight = a.weight\n"
    save_file({"b.weight": numbers(4, 4)}, path)
    net = nndsl.parse(text).build(weights=path)
    assert net.a.weight is net.b.weight
    assert torch.equal(net.a.weight, numbers(4, 4))


def test_ties_of_ties(path: str) -> None:
    text = 'model net()(x: "b 4"):\n    x'
    text += "".join(f" | l{i}: linear(4, bias=False)" for i in range(4)) + "\n"
    text += "".join(f"    tie l{i}.weight = l{i - 1}.weight\n" for i in (1, 2, 3))
    for given in range(4):
        save_file({f"l{given}.weight": numbers(4, 4)}, path)
        net = nndsl.parse(text).build(weights=path)
        assert all(getattr(net, f"l{i}").weight is net.l0.weight for i in range(4))
        assert torch.equal(net.l0.weight, numbers(4, 4))


def test_a_tie_that_another_tie_leaves_behind(path: str) -> None:
    text = 'model net()(x: "b 4"):\n    x'
    text += "".join(f" | l{i}: linear(4, bias=False)" for i in range(3)) + "\n"
    text += "    tie l2.weight = l1.weight\n    tie l1.weight = l0.weight\n"
    save_file({"l0.weight": numbers(4, 4)}, path)
    spec = nndsl.parse(text)
    net = spec.build()
    assert net.l1.weight is net.l0.weight
    assert net.l2.weight is not net.l0.weight
    assert [one.code for one in spec.verify(path).diagnostics] == ["E703"]
    save_file({"l0.weight": numbers(4, 4), "l2.weight": numbers(4, 4, start=1)}, path)
    same(dict(spec.build(weights=path).state_dict()), {
        "l0.weight": numbers(4, 4), "l1.weight": numbers(4, 4), "l2.weight": numbers(4, 4, start=1),
    })  # fmt: skip


def test_two_values_for_one_parameter(path: str) -> None:
    text = 'model net()(x: "b 4"):\n    x | a: linear(4, bias=False) | b: linear(4, bias=False)\n'
    text += "    tie b.weight = a.weight\n"
    save_file({"a.weight": numbers(4, 4), "b.weight": numbers(4, 4)}, path)
    assert nndsl.parse(text).build(weights=path)
    save_file({"a.weight": numbers(4, 4), "b.weight": numbers(4, 4, start=1)}, path)
    with pytest.raises(nndsl.SpecError, match=r"E710.*`a.weight` and `b.weight`"):
        nndsl.parse(text).build(weights=path)


def test_parameters_have_memory_of_their_own(path: str, tmp_path: Path) -> None:
    one = numbers(4, 4)
    tied = {"pairs.0.left.weight": one, "pairs.0.right.weight": one, "head.weight": one[:]}
    torch.save({**STATE, **tied}, tmp_path / "w.pt")
    alone(nndsl.parse(MODEL).build(weights=tmp_path / "w.pt"))
    rules = (
        'weights net:\n    "all" | unbind -> "pairs.{i}.left.weight" for i\n'
        '    "head.weight" | [_[:], _[:]] -> "head.weight", "pairs.0.right.weight"\n'
    )
    keys = [f"pairs.{i}.left.weight" for i in range(2)]
    file = {key: tensor for key, tensor in STATE.items() if key not in keys}
    del file["pairs.0.right.weight"]
    save_file({**file, "all": torch.stack([STATE[key] for key in keys])}, path)
    alone(nndsl.parse(MODEL + rules).build(weights=path))


def alone(net: torch.nn.Module) -> None:
    storages = [tensor.untyped_storage() for tensor in net.parameters()]
    assert len({one.data_ptr() for one in storages}) == len(storages)
    assert [one.nbytes() for one in storages] == [p.nbytes for p in net.parameters()]


def test_a_built_model_does_not_need_its_file(path: str, tmp_path: Path) -> None:
    other = str(tmp_path / "w.pt")
    save_file(STATE, path)
    torch.save(STATE, other)
    nets = [nndsl.parse(MODEL).build(weights=one) for one in (path, other)]
    for one in (path, other):
        with open(one, "r+b") as file:
            file.truncate(0)
    for net in nets:
        same(dict(net.state_dict()), STATE)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_floats_stay_as_wide_as_they_are(dtype: torch.dtype, path: str) -> None:
    net = nndsl.parse(REST).build(seed=1)
    file = {k: v.to(dtype) if v.is_floating_point() else v for k, v in net.state_dict().items()}
    del file["head.weight"]
    save_file(file, path)
    kept = nndsl.parse(REST).build(weights=path)
    assert {t.dtype for t in (*kept.parameters(), kept.shift)} == {dtype}
    assert kept.bn.num_batches_tracked.dtype == torch.int64
    wide = nndsl.parse(REST).build(weights=path, dtype="float32")
    assert {t.dtype for t in (*wide.parameters(), wide.shift)} == {torch.float32}


def test_frozen_parameters_stay_frozen(path: str) -> None:
    text = 'model net()(x: "b 4"):\n    param g: "4" = ones, requires_grad=False\n    x * g\n'
    save_file({"g": numbers(4)}, path)
    assert not nndsl.parse(text).build(weights=path).g.requires_grad


def test_torch_generators_are_left_alone(path: str) -> None:
    save_file(STATE, path)
    before = torch.get_rng_state()
    nndsl.parse(MODEL).build(weights=path)
    assert torch.equal(torch.get_rng_state(), before)


def test_no_weights_on_the_meta_device(path: str) -> None:
    save_file(STATE, path)
    with pytest.raises(ValueError, match="meta"):
        nndsl.parse(MODEL).build(weights=path, device="meta")


# ------------------------------------------------------------------ what does not fit

FINDINGS: dict[str, tuple[str, State, list[tuple[str, str, str]]]] = {
    "missing": ("", changed(head__bias=None), [("E703", "`head.bias`", "linear 4")]),
    "missing in each round": (
        "", changed(pairs__0__left__bias=None, pairs__1__left__bias=None),
        [("E703", "`pairs.0.left.bias` and 1 more", "linear n")],
    ),
    "unexpected": ("", changed(head__mask=numbers(1)), [("E704", "`head.mask`", "linear 4")]),
    "nowhere": ("", changed(foot__mask=numbers(1)), [("E704", "`foot.mask`", "")]),
    "unexpected in each round": (
        "", changed(pairs__0__left__g=numbers(1), pairs__1__left__g=numbers(1)),
        [("E704", "`pairs.0.left.g` and 1 more", "linear n")],
    ),
    "shape": (
        "", changed(head__bias=numbers(5)),
        [("E705", "`head.bias` is (5) in the file, but (4) in the model", "linear 4")],
    ),
    "dtype": (
        "", changed(head__bias=torch.arange(4)),
        [("E706", "`head.bias` is int in the file, but float in the model", "linear 4")],
    ),
    "no such key": (
        '"head.weight" | transpose(0, 1) -> "heat.weight"', STATE,
        [("E702", "`heat.weight`", '"heat.weight"'), ("E703", "`head.weight`", "linear 4")],
    ),
    "renamed to nothing": (
        '"head.bias" -> "heat.bias"', STATE,
        [("E704", "`head.bias` (renamed `heat.bias`)", '"heat.bias"'),
         ("E703", "`head.bias`", "linear 4")],
    ),
    "too many": (
        '"head.weight" | chunk(2, dim=0) -> "head.weight"', STATE,
        [("E707", "a rule gives 2, and has one key for them", '"head.weight"')],
    ),
    "too few": (
        '"head.weight" -> "head.weight"\n"head.bias" | exp -> "head.bias", "head.weight"', STATE,
        [("E707", "a rule gives 1, and has 2 keys for them", '"head.bias", "head.weight"')],
    ),
    "incomplete": (
        '"{p...}.weight", "{p...}.scale" | _[0] * _[1] -> "{p...}.weight"',
        {"head.weight": numbers(4, 4)} | {k: v for k, v in STATE.items() if k.endswith("bias")},
        [("E708", "`head.weight`", '"{p...}.weight", "{p...}.scale"'), ("E703", "", "")],
    ),
    "twice": (
        '"h.bias" -> "head.bias"', changed(h__bias=numbers(4)),
        [("E709", "`head.bias` would come from", "")],
    ),
    "function": (
        '"head.weight" | transpose(0, 5) -> "head.weight"', STATE,
        [("E301", "", "5")],
    ),
    "no tensor": (
        '"head.weight" | numel -> "head.weight"', STATE, [("E205", "", "numel")]
    ),
    "state": ('"head.weight" | linear 4 -> "head.weight"', STATE, [("E148", "", "")]),
    "state in parentheses": (
        '"head.weight" | linear(4) -> "head.weight"', STATE, [("E407", "", "linear(4)")]
    ),
    "state under a label": (
        '"head.weight" | (l: linear(4)) -> "head.weight"', STATE, [("E407", "", "linear(4)")]
    ),
    "a model": ('"head.weight" | net(4) -> "head.weight"', STATE, [("E407", "", "net(4)")]),
    "unused": ('"foot.{w}" -> "head.{w}"', STATE, [("W701", "takes nothing", '"foot.{w}"')]),
}  # fmt: skip


@pytest.mark.parametrize("name", FINDINGS)
def test_findings(name: str, path: str) -> None:
    rules, file, wanted = FINDINGS[name]
    save_file(file, path)
    lines = "".join(f"    {line}\n" for line in rules.splitlines())
    spec = nndsl.parse(MODEL + (f"weights net:\n{lines}" if rules else ""))
    try:
        found = spec.verify(path).diagnostics
    except nndsl.SpecError as wrong:
        found = wrong.diagnostics
    assert sorted({one.code for one in found}) == sorted({code for code, _, _ in wanted})
    for code, message, place in wanted:
        one = next(one for one in found if one.code == code)
        assert message in one.message
        if place:
            assert one.span is not None
            assert one.span.text == place
    errors = any(one.severity == "error" for one in found)
    assert errors == (name != "unused")
    if errors:
        with pytest.raises(nndsl.SpecError):
            spec.build(weights=path)


def test_what_was_meant(path: str) -> None:
    file = {key.replace("head", "heads"): tensor for key, tensor in STATE.items()}
    save_file(file, path)
    helps = [one.help for one in nndsl.parse(MODEL).verify(path).diagnostics]
    assert "did you mean `head.weight`?" in helps
    assert "the file has `heads.weight`; a rule of `weights` can rename it" in helps


@pytest.mark.parametrize("shape", [(2, 1), (3, 1, 1)])
def test_a_turned_matrix_is_told_how_to_turn(path: str, shape: tuple[int, ...]) -> None:
    wide = 'model net()(x: "b 2"): x | head: linear(1)\n'
    save_file({"head.weight": numbers(*shape), "head.bias": numbers(1)}, path)
    (found,) = nndsl.parse(wide).verify(path).diagnostics
    turned = 'a rule can turn it: `"head.weight" | transpose(0, 1) -> ...`'
    assert found.help == (turned if len(shape) == 2 else "")


def test_a_file_of_another_model_is_described_in_bounds(path: str) -> None:
    file = {f"{a}.{b}{c}": numbers(1) for a in "abcdefgh" for b in "abcdefgh" for c in "abcd"}
    save_file({**STATE, **file}, path)
    found = nndsl.parse(MODEL).verify(path).diagnostics
    assert len(found) == 101
    assert any("156 more keys do not fit" in one.message for one in found)


def test_too_many_rules_for_a_large_file(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nndsl.resolve.loading.MAX_TRIALS", 15)
    save_file(STATE, path)
    rule = 'weights net:\n    "a.{x}" -> "b.{x}"\n'
    assert [one.code for one in nndsl.parse(MODEL + rule).verify(path).diagnostics] == ["W701"]
    found = nndsl.parse(MODEL + rule + '    drop "c"\n').verify(path).diagnostics
    assert [one.code for one in found] == ["E512"]


# ------------------------------------------------------------------ rules that can't be

REFUSED = [
    ('weights net: "a.{" -> "b"', "E701"),
    ('weights net: "a.{x}" -> "b.{y}"', "E701"),
    ('weights net: "a.{x}", "b" | cat -> "c"', "E701"),
    ('weights net: "a", "b" -> "c"', "E701"),
    ('weights net: "a.{x}" for x -> "b"', "E701"),
    ('weights net: "a.{x...}" for x | stack -> "b"', "E701"),
    ('weights net: "a" for x | stack -> "b"', "E701"),
    ('weights net: "a.{x}" for x | stack -> "b.{x}"', "E701"),
    ('weights net: "a" | unbind -> "b" for x', "E701"),
    ('weights net: "a" -> "b.{x}" for x', "E701"),
    ('weights net: "a.{x}" | unbind -> "b.{x}" for x', "E701"),
    ('weights net: "a" | unbind -> "b.{x}", "c.{x}" for x', "E701"),
    ('weights net: "a" | stak -> "b"', "E201"),
    ('weights nett: drop "a"', "E201"),
    ('weights pi: drop "a"', "E211"),
    ('weights net: drop "a"\nweights net: drop "b"', "E208"),
    ("weights net:\n" + '    drop "a"\n' * 1001, "E512"),
]


@pytest.mark.parametrize(("text", "code"), REFUSED)
def test_refused(text: str, code: str) -> None:
    report = nndsl.parse(MODEL + text + "\n").check()
    assert [one.code for one in report.diagnostics] == [code]


def test_a_rule_leaves_what_is_checked_and_printed_alone() -> None:
    rules = 'weights net:\n    "a.{x}" -> "head.{x}"\n    drop "b"\n'
    spec = nndsl.parse(MODEL + rules)
    assert spec.check().diagnostics == ()
    assert spec.codegen() == nndsl.parse(MODEL).codegen()
