"""Files of weights: what their headers say, and what is refused."""

from __future__ import annotations

import json
import os
import pickle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import save, save_file

from nndsl.backends.checkpoints import MAX_HEADER, stored_in
from nndsl.model.checkpoints import Stored

TENSORS = {
    "half": torch.zeros(2, 3, dtype=torch.float16),
    "brain": torch.zeros(4, dtype=torch.bfloat16),
    "eighth": torch.zeros(4, dtype=torch.float8_e4m3fn),
    "wide": torch.zeros((), dtype=torch.float64),
    "none": torch.zeros(0, 3),
    "count": torch.zeros((), dtype=torch.int64),
    "small": torch.zeros(3, dtype=torch.uint8),
    "mask": torch.zeros(1, 2, dtype=torch.bool),
}
WANTED = {
    "half": Stored((2, 3), "float"),
    "brain": Stored((4,), "float"),
    "eighth": Stored((4,), "float"),
    "wide": Stored((), "float"),
    "none": Stored((0, 3), "float"),
    "count": Stored((), "int"),
    "small": Stored((3,), "int"),
    "mask": Stored((1, 2), "bool"),
}


@pytest.mark.parametrize("name", ["w.safetensors", "w.pt", "w.pth", "w.bin"])
def test_what_a_file_holds(name: str, tmp_path: Path) -> None:
    path = str(tmp_path / name)
    if name.endswith("safetensors"):
        save_file(TENSORS, path, {"format": "pt"})
    else:
        torch.save(TENSORS, path)
    assert stored_in(path) == WANTED


def test_a_state_dict_among_other_things(tmp_path: Path) -> None:
    path = str(tmp_path / "w.pt")
    torch.save({"epoch": 3, "model": TENSORS, "rates": [0.1]}, path)
    assert stored_in(path) == WANTED
    torch.save({"model": TENSORS, "averaged": TENSORS}, path)
    with pytest.raises(OSError, match="not one table"):
        stored_in(path)


def test_old_files_of_torch(tmp_path: Path) -> None:
    path = str(tmp_path / "w.pth")
    known = {name: TENSORS[name] for name in ("half", "brain", "count", "mask")}
    torch.save(known, path, _use_new_zipfile_serialization=False)
    assert stored_in(path) == {name: WANTED[name] for name in known}


class Evil:
    """Creates a file when it is unpickled."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return open, (self.path, "w")


def test_no_code_of_a_file_is_run(tmp_path: Path) -> None:
    path, mark = str(tmp_path / "w.pt"), str(tmp_path / "mark")
    torch.save({"a": torch.zeros(1), "b": Evil(mark)}, path)
    with pytest.raises(OSError, match="could run code"):
        stored_in(path)
    (tmp_path / "w.bin").write_bytes(pickle.dumps(Evil(mark), protocol=2))
    with pytest.raises(OSError, match="no file of weights"):
        stored_in(str(tmp_path / "w.bin"))
    assert not os.path.exists(mark)


# ------------------------------------------------------------------ headers that lie


def header(content: Any, data: int = 8) -> bytes:
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    return len(text).to_bytes(8, "little") + text + bytes(data)


def entry(dtype: Any = "F32", shape: Any = (2,), offsets: Any = (0, 8)) -> Any:
    return {"a": {"dtype": dtype, "shape": shape, "data_offsets": offsets}}


LIES = {
    "empty": b"",
    "short": b"\x02\x00",
    "length": (MAX_HEADER + 1).to_bytes(8, "little") + b"{}",
    "huge": b"\xff" * 8 + b"{}",
    "cut": header(entry())[:20],
    "no json": header(b"{nothing}"),
    "no text": header(b"\xff\xfe"),
    "nested": header(b"[" * 100_000),
    "digits": header(b'{"a": ' + b"9" * 5000 + b"}"),
    "list": header([1, 2]),
    "twice": header(b'{"a": {}, "a": {}}'),
    "no table": header({"a": 3}),
    "no dtype": header(entry(dtype="")),
    "dtype": header(entry(dtype=3)),
    "shape": header(entry(shape=3)),
    "negative": header(entry(shape=(-2,))),
    "bool": header(entry(shape=(True, 2))),
    "fraction": header(entry(shape=(2.0,))),
    "wide": header(entry(shape=(2**63,))),
    "size": header(entry(shape=(3,))),
    "backwards": header(entry(shape=(0,), offsets=(8, 0))),
    "beyond": header(entry(shape=(4,), offsets=(0, 16))),
    "offsets": header(entry(offsets=(0, 8, 8))),
    "long name": header({"a" * 401: entry()["a"]}),
    "many parts": header({"a." * 50 + "a": entry()["a"]}),
}


def test_the_plain_header_is_understood(tmp_path: Path) -> None:
    (tmp_path / "w.safetensors").write_bytes(header(entry()))
    assert stored_in(str(tmp_path / "w.safetensors")) == {"a": Stored((2,), "float")}


@pytest.mark.parametrize("name", LIES)
def test_lies(name: str, tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    path.write_bytes(LIES[name])
    with pytest.raises(OSError, match=r"safetensors file|too long") as refused:
        stored_in(str(path))
    assert refused.value.filename == str(path)


GOOD = save({"a": torch.ones(2, 2), "b": torch.zeros(3, dtype=torch.int32)})


@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), max_size=3))
def test_changed_bytes_end_in_an_error_or_in_tensors(changes: list[tuple[int, int]]) -> None:
    content = bytearray(GOOD)
    for at, byte in changes:
        content[at] = byte
    with TemporaryDirectory() as folder:
        path = Path(folder) / "w.safetensors"
        path.write_bytes(content)
        try:
            found = stored_in(str(path))
        except OSError:
            return
        assert all(isinstance(one, Stored) for one in found.values())


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"\.safetensors"):
        stored_in(str(tmp_path / "w.onnx"))
    with pytest.raises(FileNotFoundError):
        stored_in(str(tmp_path / "w.safetensors"))
    for name in ("pipe.safetensors", "pipe.pt"):
        os.mkfifo(tmp_path / name)
        with pytest.raises(OSError, match="no plain file"):
            stored_in(str(tmp_path / name))
