"""What the variables of a printed forward are called, and what is hoisted out of a line."""

from __future__ import annotations

import textwrap

import nndsl


def forward(text: str, of: str = "def forward") -> str:
    """The lines of the last forward, or of another function, that is printed for a spec."""
    lines = nndsl.parse(text).codegen().split("\n")
    first = max(place for place, line in enumerate(lines) if line.lstrip().startswith(of))
    pad = " " * (len(lines[first]) - len(lines[first].lstrip()) + 1)
    rest = lines[first + 1 :]
    last = next((p for p, line in enumerate(rest) if line and not line.startswith(pad)), len(rest))
    return textwrap.dedent("\n".join(rest[:last])).strip()


def test_an_input_s_name_is_not_given_to_what_is_made_of_nothing() -> None:
    made = forward("""
model net(p=0.5)(x: "b 8"):
    x = x | linear(8)
    keep = dropout(ones(size(x, 0)), p)
    transpose(transpose(x, 0, 1) * keep * sigmoid(keep), 0, 1)
""")
    assert "keep = torch.ones(" in made


def test_a_parameter_that_is_widened_is_called_like_it() -> None:
    made = forward("""
model net(dim=8)(image: "b t 8"):
    param class_embedding: "1 1 dim" = zeros
    x = image | projection: linear(dim)
    x = cat([expand(class_embedding, size(image, 0), size(image, 1) // 2, dim), x, 2 * x], dim=1)
    x | norm: layernorm | head: linear(3)
""")
    assert "class_embedding = self.class_embedding.expand(" in made


def test_a_loop_leaves_what_flows_its_name() -> None:
    made = forward("""
model net(n=2)(x: "b 4"):
    layer = x | first: linear 4
    for i in range(n):
        x = x | "layers.{i}": linear 4
    x + layer
""")
    assert "for layer2 in self.layers:\n    x = layer2(x)\nreturn x + layer" in made


def test_labels_that_say_only_what_is_done_name_nothing() -> None:
    made = forward("""
def gate(width)(x: "b c"):
    linear(width) | relu | linear(c)

model net()(x: "b 8"):
    y = x * (x | Gate: gate(4) | act: silu | fc: linear(8) | sigmoid)
    z = x * (x | norm: layernorm | Gate2: gate(4) | dropout(0.5))
    x * (y | fc1: linear(4) | act1: silu | fc2: linear(8)) + z
""")
    assert "Gate =" not in made and "Gate2 =" not in made
    assert "act =" not in made and "act1 =" not in made


def test_functions_keep_the_static_names_that_they_read_more_than_once() -> None:
    made = forward(
        """
fn row(n, buckets, both):
    half = buckets // 2 if both else buckets
    once = half + 1
    plain = buckets
    n * half + clamp(n, max=half - 1) * once * plain * plain

model net(both=True)(x: "b 8"):
    row(x | linear(4), 8, both)
""",
        "def row",
    )
    assert made.split("\n") == [
        "half = buckets // 2 if both else buckets",
        "return n * half + torch.clamp(n, max=half - 1) * (half + 1) * buckets * buckets",
    ]


def test_a_device_is_asked_of_what_is_read_anyway() -> None:
    made = forward("""
model net()(x: "b t 4"):
    y = x * 2.0
    x = dropout(x, 0.5)
    x * ones(4) + float(arange(4)) + y
""")
    assert "x = F.dropout(x, " in made
    assert "x2" not in made


def test_a_dtype_is_asked_of_nothing_that_may_have_another() -> None:
    """A child computes in another dtype where torch casts by itself, and may be elsewhere."""
    made = forward("""
model net()(x: "b 4"):
    y = x | linear 4 | relu
    y = y * ones(4)
    x = x * 2.0
    x = x + zeros(4)
    y + x
""")
    assert "torch.ones(4, device=x.device, dtype=x.dtype)" in made
    assert "torch.zeros(4, device=x.device, dtype=x.dtype)" in made


def test_the_last_axis_of_any_rank_is_counted_from_the_end() -> None:
    text = nndsl.parse("""
def norm()(x: "... d"):
    (x * 1) / size(x, -1)

def plain()(x: "b t d"):
    (x * 2) / size(x, -1)

def first()(x: "b d"):
    (x * 3) / size(x, 0)

model net()(x: "b 4"):
    x = x | first
    x[:, None] | norm | plain
""").codegen()
    assert "x * 1 / x.shape[-1]" in text
    assert "x * 2 / x.shape[2]" in text
    assert "x * 3 / x.shape[0]" in text
