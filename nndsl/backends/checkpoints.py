"""What files of weights hold: names, shapes and dtypes. Headers of safetensors are read without
torch, and without trusting them.

A file that can't be understood raises OSError, as one that can't be read.
"""

from __future__ import annotations

import errno
import json
import math
import os
from typing import Any, BinaryIO

from nndsl.model.checkpoints import Stored

MAX_HEADER = 32 << 20
"""Bytes of a safetensors header: some 300,000 tensors."""

MAX_NAME = 400
MAX_PARTS = 50

PICKLES = (".pt", ".pth", ".bin")
SAFE = ".safetensors"
INDEX = ".index.json"
READS = (SAFE, *PICKLES, INDEX)

_BITS = {
    "F64": 64, "F32": 32, "F16": 16, "BF16": 16, "F8_E4M3": 8, "F8_E5M2": 8,
    "I64": 64, "I32": 32, "I16": 16, "I8": 8, "U64": 64, "U32": 32, "U16": 16, "U8": 8, "BOOL": 8,
}  # fmt: skip


def stored_in(path: str) -> dict[str, Stored]:
    """The tensors of a file, in its order. Only files of ``torch.save`` need torch.

    An index (``model.safetensors.index.json``) names the tensors of several files beside it.

    Raises:
        ValueError: the name ends in none of ``READS``.
        OSError: the file can't be read, or is not what its name says.
    """
    if os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path):
        raise not_understood(path, "no plain file")  # reading a pipe might never end
    if path.endswith(PICKLES):
        from nndsl.backends.weights import stored_in_pickle

        found = stored_in_pickle(path)
    elif path.endswith(SAFE):
        found = _header(path)
    elif path.endswith(INDEX):
        found = _indexed(path)
    else:
        raise ValueError(f"weights are read from files that end in {', '.join(READS)}")
    for name in found:
        if len(name) > MAX_NAME or name.count(".") >= MAX_PARTS:
            raise not_understood(path, "a tensor's name is too long")
    return found


def parts_of(path: str) -> dict[str, str]:
    """Which file holds each tensor that an index names; all lie in the index's own folder.

    Raises:
        OSError: the file can't be read, or is no index.
    """
    with open(path, "rb") as file:
        text = file.read(MAX_HEADER + 1)
    try:
        content = json.loads(text, object_pairs_hook=_table) if len(text) <= MAX_HEADER else None
    except (ValueError, RecursionError):
        content = None
    table = content.get("weight_map") if isinstance(content, dict) else None
    if not isinstance(table, dict) or not table:
        raise not_understood(path, "no index of weights: it has no `weight_map`")
    for name in {*table.values()} if all(isinstance(v, str) for v in table.values()) else [""]:
        plain = os.path.basename(name) == name and "\\" not in name and "\0" not in name
        if not plain or not name.endswith((SAFE, *PICKLES)):
            raise not_understood(path, f"`{str(name)[:100]}` is no file of weights beside it")
    folder = os.path.dirname(path)
    return {name: os.path.join(folder, part) for name, part in table.items()}


def _indexed(path: str) -> dict[str, Stored]:
    """The tensors of the files that an index names."""
    parts = parts_of(path)
    stored = {part: stored_in(part) for part in dict.fromkeys(parts.values())}
    for name, part in parts.items():
        if name not in stored[part]:
            raise not_understood(part, f"it lacks `{name[:100]}`, which its index says it holds")
    return {name: stored[part][name] for name, part in parts.items()}


def not_understood(path: str, why: str) -> OSError:
    """The exception for a file that is not what its name says."""
    return OSError(errno.EINVAL, why, path)


def _header(path: str) -> dict[str, Stored]:
    with open(path, "rb") as file:
        content = _json(file, path)
        room = os.fstat(file.fileno()).st_size - file.tell()
    if not isinstance(content, dict):
        raise not_understood(path, "no safetensors file: its header is no table")
    content.pop("__metadata__", None)
    return {name: _entry(name, entry, room, path) for name, entry in content.items()}


def _json(file: BinaryIO, path: str) -> Any:
    """The header: its length in eight bytes, then JSON."""
    length = int.from_bytes(file.read(8), "little")
    if not 2 <= length <= MAX_HEADER:
        raise not_understood(path, "no safetensors file: its header has no sensible length")
    text = file.read(length)
    if len(text) < length:
        raise not_understood(path, "no safetensors file: it ends within its header")
    try:
        return json.loads(text, object_pairs_hook=_table)
    except (ValueError, RecursionError):
        raise not_understood(path, "no safetensors file: its header is no JSON") from None


def _table(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("a name stands twice")
    return made


def _entry(name: str, entry: Any, room: int, path: str) -> Stored:
    """One tensor: its dtype, its shape, and where its bytes lie."""
    if isinstance(entry, dict):
        dtype, shape = entry.get("dtype"), _counts(entry.get("shape"))
        place = _counts(entry.get("data_offsets"))
        if isinstance(dtype, str) and dtype and shape is not None and place and len(place) == 2:
            size = math.prod(shape) * _BITS.get(dtype, 0) // 8
            fits = place[0] <= place[1] <= room
            if fits and (dtype not in _BITS or size == place[1] - place[0]):
                return Stored(shape, _kind(dtype))
    raise not_understood(path, f"no safetensors file: `{name[:100]}` is not described rightly")


def _counts(value: Any) -> tuple[int, ...] | None:
    """A list of sizes or places, or None where it is something else."""
    if isinstance(value, list) and all(type(n) is int and 0 <= n < 2**63 for n in value):
        return tuple(value)
    return None


def _kind(dtype: str) -> str:
    if dtype == "BOOL":
        return "bool"
    return "int" if dtype[0] in "IU" else "float" if dtype.startswith(("F", "BF")) else "complex"
