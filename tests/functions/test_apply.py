"""Arguments matched by place and name, checked by type; steps as a person would write them."""

from __future__ import annotations

import math
from typing import Any

import pytest

from nndsl.functions import apply
from nndsl.functions.registry import find, names
from nndsl.model.checker import Checker
from nndsl.model.expr import Listing, Name, Op, Spread, Undecided
from nndsl.model.graph import (
    Dtype,
    ListType,
    Many,
    NoneType,
    Special,
    TensorType,
    TupleType,
    Var,
)
from nndsl.model.spec import Function, FunctionCall, Rejected

B, T, D = Name("b"), Name("t"), Name("d")
X = Var(0, "x", TensorType((B, T, D)))
Y = Var(1, "y", TensorType((B, T, D)))
PAIR = Var(2, "pair", TupleType((X.type, X.type)))
NONE = Var(3, "mask", NoneType())
MAYBE = Var(4, "mask", TensorType((T, T), "bool", optional=True))
UNKNOWN = Var(5, "u", TensorType(None))
LEAD = Var(6, "l", TensorType((T, D), "float", True))


def entry(name: str) -> Function:
    function = find(name)
    assert function is not None
    return function


def refused(name: str, *args: Any, **kwargs: Any) -> Rejected:
    with pytest.raises(Rejected) as caught:
        apply.call(entry(name), args, kwargs)
    return caught.value


def written(name: str, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
    """The one step: its function, arguments and named arguments."""
    _, (step,), _ = apply.call(entry(name), args, kwargs)
    op = step.operation
    return op.fn, op.args, dict(op.kwargs)


def test_what_is_left_out_is_left_out() -> None:
    assert written("mean", X, dim=1) == ("torch.mean", (X,), {"dim": 1})
    assert written("mean", X, 1, True) == ("torch.mean", (X, 1, True), {})
    assert written("chunk", X, 1, dim=-1) == ("Tensor.chunk", (X, 1), {"dim": -1})


def test_stars_are_spread_and_lists_kept() -> None:
    assert written("permute", X, 0, 2, 1)[1] == (X, 0, 2, 1)
    assert written("permute", X, (0, 2, 1))[1] == (X, 0, 2, 1)
    assert written("reshape", X, Listing((B, -1)))[1] == (X, B, -1)
    assert written("zeros", 2, 3)[1] == (2, 3)
    assert written("full", 2, 1.0)[1] == ((2,), 1.0)
    assert written("cat", (X, Y), dim=1) == ("torch.cat", (Many((X, Y)),), {"dim": 1})
    assert written("cat", PAIR)[1] == (PAIR,)


def test_dtypes_and_what_torch_takes_by_name_only() -> None:
    assert written("zeros", 2, dtype="int")[2] == {"dtype": Dtype("int")}
    assert written("sum", X, 1, False, dtype=Dtype("float"))[2] == {"dtype": Dtype("float")}
    assert written("softmax", X, 1, Dtype("float"))[1] == (X, 1, Dtype("float"))
    assert "1 argument without a name" in refused("gelu", X, "tanh").message
    assert refused("gelu", X, "tanh").help == "gelu(input, *, approximate='none')"
    assert written("gelu", X, approximate="tanh")[2] == {"approximate": "tanh"}
    assert written("flatten", X)[1] == (X, 1)
    assert written("max", X, Y)[0] == "torch.maximum"
    assert written("dropout", X)[1:] == ((X,), {"training": Special("training")})
    assert written("dropout", X, p=0.1)[1:] == ((X, 0.1), {"training": Special("training")})


def test_the_drop_rate_of_attention_follows_the_mode() -> None:
    q = Var(0, "q", TensorType((2, 3, 4)))
    _, steps, _ = apply.call(entry("scaled_dot_product_attention"), [q, q, q], {"dropout_p": 0.1})
    assert steps[0].operation.args == (0.1, Special("training"))
    _, steps, _ = apply.call(entry("scaled_dot_product_attention"), [q, q, q], {"dropout_p": 0.0})
    assert len(steps) == 1


def test_messages() -> None:
    assert refused("softmax", X, dmi=1).help == "did you mean `dim`?"
    assert "`dim`, `dtype`" not in refused("softmax", X, xyz=1).message
    assert refused("softmax", X).message == "`softmax` needs `dim`"
    assert refused("softmax", X).help == "softmax(input, dim, dtype=None)"
    assert "3 arguments, 4 are given" in refused("softmax", X, 1, None, 2).message
    assert "given twice" in refused("softmax", X, 1, dim=1).message
    assert "divide whole numbers" in refused("zeros", 2.0).help
    assert refused("exp", PAIR).help == "take one of them: `[0]`"
    assert "was not given" in refused("exp", NONE).message
    assert "may be missing" in refused("exp", MAYBE).message
    assert '"none" or "tanh"' in refused("gelu", X, approximate="relu").message


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("exp", (1,)), ("exp", ("x",)), ("exp", ((X, Y),)), ("softmax", (X, "dim")),
        ("softmax", (X, True)), ("softmax", (X, 1.0)), ("softmax", (X, X)), ("mean", (X, 1, 1)),
        ("dropout", (X, math.nan)), ("dropout", (X, 1.5)), ("dropout", (X, -0.1)),
        ("elu", (X, math.inf)), ("elu", (X, 10**40)), ("zeros", (2**63,)),
        ("zeros", (2**32, 2**32)),
        ("cat", ((X, 1),)), ("cat", (X,)), ("cat", ((),)), ("one_hot", (X, 3)),
        ("interpolate", (X, "a")),
        ("mean", (X, (1, "a"))), ("sum", (X, 1, False, "half")), ("arange", ((1, 2),)),
    ],
)  # fmt: skip
def test_refused(name: str, args: tuple[Any, ...]) -> None:
    refused(name, *args)


def test_an_optional_input_where_none_is_fine() -> None:
    q = Var(0, "q", TensorType((B, 3, T, D)))
    for mask in (NONE, MAYBE):
        output, _, _ = apply.call(
            entry("scaled_dot_product_attention"), [q, q, q], {"attn_mask": mask}
        )
        assert output == q.type


def test_where_the_flowing_tensor_goes() -> None:
    places = {name: apply.first_tensor(entry(name)) for name in ("cat", "einsum", "where", "exp")}
    assert places == {"cat": 0, "einsum": 1, "where": 0, "exp": 0}


def _defaults(function: Function) -> dict[str, Any]:
    """A call of unknown tensors, with something for every argument that is needed."""
    sample: dict[str, Any] = {
        "tensor": UNKNOWN, "tensors": (UNKNOWN, UNKNOWN), "axis": -1, "axes": (-1,), "int": 1,
        "size": 1, "ints": (1, 1), "sizes": (2, 2), "numbers": (1, 2), "float": 0.5, "bool": True,
        "str": "ij,jk->ik",
    }  # fmt: skip
    needed = [a for a in function.arguments if repr(a.default) == "REQUIRED"]
    found = {a.name: a.choices[0] if a.choices else sample[a.type.split("|")[0]] for a in needed}
    whole = {"embedding": "input", "one_hot": "input"}.get(function.name, "index")
    kinds = {whole: "int", "indices": "int", "mask": "bool", "condition": "bool"}
    if function.name.startswith("bitwise") or function.name in ("gcd", "lcm"):
        kinds |= {"input": "int", "other": "int"}
    for name in found.keys() & kinds.keys():
        found[name] = Var(8, "", TensorType(None, kinds[name]))
    more: dict[str, dict[str, Any]] = {
        "clamp": {"min": 0}, "roll": {"dims": (-1, -2)}, "select": {"index": 0},
        "select_scatter": {"index": 0},
    }  # fmt: skip
    return found | more.get(function.name, {})


@pytest.mark.parametrize("name", names())
def test_an_unknown_shape_is_reported_once_only(name: str) -> None:
    function = entry(name)
    if function.creates:
        return
    output, _, _ = apply.call(function, (), _defaults(function))
    shapes = [output] if isinstance(output, TensorType) else getattr(output, "items", ())
    for type in shapes:
        assert isinstance(type, TensorType)


@pytest.mark.parametrize("name", names())
def test_axes_in_front_of_the_known_ones(name: str) -> None:
    """``(..., t, d)`` is worked with or refused, never mistaken for ``(t, d)``."""
    function = entry(name)
    args = {k: LEAD if v is UNKNOWN else v for k, v in _defaults(function).items()}
    args = {k: (LEAD, LEAD) if v == (UNKNOWN, UNKNOWN) else v for k, v in args.items()}
    try:
        output, _, _ = apply.call(function, (), args)
    except Rejected:
        return
    if isinstance(output, TensorType) and not function.creates and output.shape:
        assert output.lead or name in ("outer",), output


def test_a_list_whose_length_is_symbolic() -> None:
    n = Name("n", "param")
    xs = Var(7, "xs", ListType(X.type, n))
    stacked, _, _ = apply.call(entry("stack"), [xs], {"dim": 1})
    assert stacked == TensorType((B, n, T, D))
    joined, _, _ = apply.call(entry("cat"), [xs], {"dim": -1})
    assert joined == TensorType((B, T, Op("*", (D, n))))
    pieces, _, _ = apply.call(entry("unbind"), [X], {"dim": 1})
    assert pieces == ListType(TensorType((B, D)), T)


def test_structure_that_depends_on_a_parameter_is_undecided() -> None:
    n = Name("n", "param")
    for name, kwargs in (("mean", {"dim": n}), ("sum", {"dim": 1, "keepdim": n})):
        with pytest.raises(Undecided):
            apply.call(entry(name), [X], kwargs)


def test_parameters_in_sizes() -> None:
    n = Name("n", "param")
    check = Checker()
    pads = Listing((Op("//", (n, 2)), Op("-", (n, Op("//", (n, 2))))))
    output, _, _ = apply.call(entry("pad"), [X, pads], {}, check)
    assert isinstance(output, TensorType) and output.shape is not None
    assert check.same(output.shape[2], Op("+", (D, n)))
    spread, _, _ = apply.call(entry("reshape"), [X, Listing((Spread((B, T)), 2, -1))], {}, check)
    assert isinstance(spread, TensorType) and spread.shape == (B, T, 2, Op("//", (D, 2)))
    assert check.assumptions


def test_a_chunk_of_a_symbolic_axis_is_assumed_even() -> None:
    check = Checker()
    output, _, _ = apply.call(entry("chunk"), [X, 2], {"dim": -1}, check)
    assert output == TupleType((TensorType((B, T, Op("//", (D, 2)))),) * 2, None, True)
    assert len(check.assumptions) == 1


def test_complete_gives_every_argument() -> None:
    args, given = apply.complete(entry("mean"), [X], {"keepdim": True})
    assert args == {"input": X, "dim": None, "keepdim": True, "dtype": None}
    assert given == {"input", "keepdim"}
    call = FunctionCall(args, given)
    assert call.shape() == (B, T, D)


def test_many_parts_cost_as_much_as_one() -> None:
    long = Var(9, "x", TensorType((2**40, 3)))
    part = TensorType((3,))
    assert apply.call(entry("unbind"), [long], {})[0] == ListType(part, 2**40)
    halves = apply.call(entry("split"), [long, 2], {})[0]
    assert halves == ListType(TensorType((2, 3)), 2**39)
    assert isinstance(refused("split", long, 3), Rejected)
    wide = Var(9, "x", TensorType((D, 3)))
    chunks, _, _ = apply.call(entry("chunk"), [wide, 2**40], {})
    assert isinstance(chunks, ListType) and chunks.length == 2**40
