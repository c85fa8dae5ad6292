"""Golden oracle: deterministic fill, inputs, output summaries and comparison.

Needs only numpy and torch; no reference package.

The whole thing rests on one function, ``hash32(key, n)``: n pseudo-random
uint32 keyed by a string, and ``u(key, n)`` = that as float64 in [-1, 1).
Every value is a multiple of 2**-23, so float32 holds u exactly.
"""

import json
import math
import zlib

import numpy as np
import torch

FILL = "v1"


def hash32(key, n, start=0):
    x = np.arange(start, start + n, dtype=np.uint32) * np.uint32(0x9E3779B1)
    x ^= np.uint32(zlib.crc32(key.encode()))
    x ^= x >> np.uint32(16)
    x *= np.uint32(0x7FEB352D)
    x ^= x >> np.uint32(15)
    x *= np.uint32(0x846CA68B)
    x ^= x >> np.uint32(16)
    return x


def u(key, n):
    out = np.empty(n, dtype=np.float64)
    step = 1 << 20
    for s in range(0, n, step):
        e = min(n, s + step)
        out[s:e] = (hash32(key, e - s, s) >> np.uint32(8)) * 2.0**-23 - 1.0
    return out


def numel(shape):
    return math.prod(shape)


def value(key, shape, code, gain=1.0):
    """float64 array for a state-dict entry with fill code `code`:

    w  gain*sqrt(3/fan_in)*u, fan_in = numel/shape[0]   (ndim >= 2)
    n  1 + 0.1*u        (ndim < 2, last name is weight or gamma)
    v  1 + 0.1*|u|      (running_var)
    b  0.1*u            (everything else: bias, running_mean, ...)
    """
    n = numel(shape)
    r = u(key, n)
    if code == "w":
        r *= gain * math.sqrt(3.0 * shape[0] / n)
    elif code == "n":
        r = 1.0 + 0.1 * r
    elif code == "v":
        r = 1.0 + 0.1 * np.abs(r)
    elif code == "b":
        r *= 0.1
    else:
        raise ValueError(code)
    return r.reshape(tuple(shape))


def fill_code(key, shape):
    """The code of a floating parameter or running statistic."""
    last = key.rsplit(".", 1)[-1]
    if last == "running_var":
        return "v"
    if last == "running_mean":
        return "b"
    if len(shape) >= 2:
        return "w"
    if last in ("weight", "gamma"):
        return "n"
    return "b"


def state_values(golden):
    """Yield (key, float64 array) for every entry that the oracle fills.

    Tied entries (code "t") are not yielded: they are the same tensor as
    golden["tied"][key].  "c" (constant buffers) and "i" (integer buffers)
    keep the value that the constructor gave them.
    """
    for entry in golden["state"]:
        key, shape, _dtype, code = entry[:4]
        if code in "tci":
            continue
        gain = entry[4] if len(entry) > 4 else golden["gain"]
        yield key, value(key, shape, code, gain)


def fill(module, golden, rename=lambda key: key):
    """Fill module's tensors in place; rename maps a reference key to module's."""
    state = module.state_dict()
    with torch.no_grad():
        for key, arr in state_values(golden):
            t = state[rename(key)]
            if tuple(t.shape) != arr.shape:
                raise ValueError(f"{key}: {tuple(t.shape)} is not {arr.shape}")
            t.copy_(torch.from_numpy(arr))


def make_input(spec, dtype=torch.float64, salt=""):
    """spec: {"name", "kind", "shape", ...} -> tensor.

    u      scale*u("input:"+name)          floats
    ints   low + hash32("input:"+name) % (high-low)   int64
    values an explicit list, with "dtype" int64, bool or float
    """
    shape = tuple(spec["shape"])
    key = "input:" + salt + spec["name"]
    if spec["kind"] == "u":
        v = torch.from_numpy(u(key, numel(shape)) * spec.get("scale", 1.0))
        return (v + spec.get("shift", 0.0)).reshape(shape).to(dtype)
    if spec["kind"] == "ints":
        low, high = spec["low"], spec["high"]
        v = low + hash32(key, numel(shape)).astype(np.int64) % (high - low)
        return torch.from_numpy(v).reshape(shape)
    if spec["kind"] == "values":
        d = spec["dtype"]
        d = dtype if d == "float" else getattr(torch, d)
        return torch.tensor(spec["values"], dtype=d).reshape(shape)
    raise ValueError(spec["kind"])


def flatten(out, path=""):
    """Depth first; tuples and lists in index order, dicts in insertion order,
    None skipped.  Paths join with "."; a lone tensor has the path "out"."""
    if out is None:
        return []
    if isinstance(out, torch.Tensor):
        return [(path or "out", out)]
    if isinstance(out, dict):
        items = [(str(k), v) for k, v in out.items()]
    elif isinstance(out, (tuple, list)):
        items = [(str(i), v) for i, v in enumerate(out)]
    else:
        raise TypeError(type(out))
    r = []
    for k, v in items:
        r += flatten(v, f"{path}.{k}" if path else k)
    return r


def indices(n, k=16):
    return list(range(n)) if n <= k else [i * (n - 1) // (k - 1) for i in range(k)]


def dot_weights(path, n):
    return u("dot:" + path, n)


def summarize(path, t):
    a = t.detach().reshape(-1)
    n = a.numel()
    d = {"path": path, "shape": list(t.shape), "dtype": str(t.dtype)[6:]}
    if not t.dtype.is_floating_point:
        d["val"] = [int(a[i]) for i in indices(n)]
        d["sum"] = int(a.long().sum())
        return d
    a = a.double()
    d["mean"] = float(a.mean())
    d["std"] = float(a.std(unbiased=False))
    d["min"] = float(a.min())
    d["max"] = float(a.max())
    d["dot"] = float(a @ torch.from_numpy(dot_weights(path, n)))
    d["val"] = [float(a[i]) for i in indices(n)]
    return d


def loss(outs):
    """sum over floating outputs of sum(out * u("dot:"+path))."""
    total = 0.0
    for path, t in outs:
        if t.dtype.is_floating_point:
            w = torch.from_numpy(dot_weights(path, t.numel())).to(t.dtype)
            total = total + (t.reshape(-1) * w).sum()
    return total


def difference(want, got):
    """Largest difference of two summaries of one output, relative to its size.

    mean, std, min, max and val differ relative to s = max(std, 1e-3*|mean|)
    (|mean| for a single element);
    dot relative to s*sqrt(n/3), its natural size.  inf if shapes differ.
    """
    if want["shape"] != got["shape"]:
        return math.inf
    if "mean" not in want:
        return 0.0 if want["val"] == got["val"] and want["sum"] == got["sum"] else math.inf
    n = numel(want["shape"])
    s = max(want["std"], (1.0 if n == 1 else 1e-3) * abs(want["mean"]), 1e-300)
    diffs = [abs(want[k] - got[k]) / s for k in ("mean", "std", "min", "max")]
    diffs += [abs(a - b) / s for a, b in zip(want["val"], got["val"], strict=True)]
    diffs.append(abs(want["dot"] - got["dot"]) / (s * math.sqrt(n / 3)))
    return math.inf if any(d != d for d in diffs) else max(diffs)


def compare(golden, outs):
    """outs: flatten(model(...)) -> [(path, difference)]; paths must agree."""
    want = golden["outputs"]
    if len(want) != len(outs):
        raise ValueError(f"{len(outs)} outputs, not {len(want)}")
    pairs = zip(want, outs, strict=True)
    return [(w["path"], difference(w, summarize(w["path"], t))) for w, (_, t) in pairs]


def grad_norms(module, golden, outs, rename=lambda key: key):
    """Largest relative difference of the recorded gradient norms."""
    loss([(w["path"], t) for w, (_, t) in zip(golden["outputs"], outs, strict=True)]).backward()
    params = dict(module.named_parameters())
    worst = 0.0
    for key, norm in golden["grads"]["first"] + golden["grads"]["last"]:
        g = params[rename(key)].grad
        got = 0.0 if g is None else float(g.double().norm())
        worst = max(worst, abs(got - norm) / max(norm, golden["grads"]["total"] * 1e-9))
    return worst


def load(path):
    with open(path) as f:
        return json.load(f)
