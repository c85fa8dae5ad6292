"""What random bodies are made of: texts with holes, each with a weight and what it needs."""

from __future__ import annotations

Weighted = tuple[tuple[str, int, str], ...]

HEADS = """fn bump(k, by=2): k * by + 1

fn rounds(t, count):
    for i in range(count):
        s = i + 1
        t = t * s + sin(t)
    t

fn sum_of(ts):
    total = ts[0]
    for t in ts[1:]:
        total = total + t
    total

def gate()(x: "b d", by: "b d"):
    x * sigmoid(by)

def both(width)(x: "b _"):
    u = x | left: linear width
    v = x | right: linear width
    return u, v

def merged(width)(ts: list "b _"):
    stack(ts, dim=0) | mean(dim=0) | fc: linear width

def twice(body: layer)(x: "b d"):
    x | body | body"""

STATEMENTS: Weighted = (
    ("count", 3, ""),
    ("flow", 5, ""),
    ("another", 2, ""),
    ("pair", 1, ""),
    ("if", 2, "room"),
    ("rounds", 5, "room"),
    ("gather", 3, "room still"),
    ("listed", 2, "still"),
    ("use", 3, "made"),
)

NUMBERS: Weighted = (
    ("n", 1, ""),
    ("2", 1, ""),
    ("{i} + 1", 3, "place"),
    ("max(n - {i}, 1)", 1, "place"),
    ("{k} + 1", 2, "numbers"),
    ("{k}", 1, "numbers"),
    ("2 * {k} - 1", 1, "numbers"),
    ("max({k}, 2)", 1, "numbers"),
    ("bump({k})", 1, "numbers"),
    ("min({k}, n) + 1", 1, "numbers"),
    ("len({hs})", 2, "lists"),
    ("ws[0]", 1, "ws"),
    ("len(ws)", 1, "ws"),
    ("(3 if flag else 2)", 2, "flag"),
    ("(2 if {i} == 0 else 1)", 1, "place"),
)

FLOWS: Weighted = (
    ("{z} | {label}linear width", 4, ""),
    ("{z} | {label}linear width | tanh", 2, ""),
    ("{z} + {z}", 2, ""),
    ("{z} * {num}", 2, ""),
    ("{z} | {label}linear({num}) | relu | {label}linear width", 3, ""),
    ("{z} | {label}(linear({num}) | tanh | linear width)", 1, ""),
    ("{z} | rounds({num})", 1, ""),
    ("{z} | {label}gate()({z})", 1, ""),
    ("{z} | dropout(p / {num}) | {label}linear width", 1, "p"),
    ("{z} | act | {label}linear width", 2, "act"),
    ("{z} | {label}twice(act)", 1, "act"),
    ("{z} + ({z} | {label}linear width if {num} > 2)", 1, ""),
    ("{z} | ({label}linear width if flag else tanh)", 1, "flag"),
    ("{z} | {label}(linear width | relu) x ({num})", 1, ""),
    ("{hs}[-1] + {z}", 2, "lists"),
    ("{hs}[0] | {label}linear width", 1, "lists"),
    ("stack({hs}, dim=0) | mean(dim=0)", 2, "lists"),
    ("cat({hs}, dim=1) | {label}linear width", 2, "lists"),
    ("sum_of({hs})", 1, "lists"),
    ("{hs} | {label}merged(width)", 2, "lists"),
)

LABELS: Weighted = (
    ("", 3, ""),
    ('"NAME.OUTER<LAST>"', 4, "apart"),
    ('"NAME.OUTER<LAST + 1>"', 1, "apart"),
    ('"NAME.OUTERb<LAST>"', 1, "apart"),
    ('"NAMEOUTER<LAST>.fc"', 1, "apart"),
    ("NAME", 4, "top"),
)

LIST_VALUES: Weighted = (
    ("[y, {z}]", 1, ""),
    ("[y] + {hs}", 1, "lists"),
    ("[{z} + h for h in {hs}]", 1, "lists"),
    ("[y, *{hs}[1:]]", 1, "lists"),
    ("[y * a for a in ws]", 1, "ws"),
    ("[(y | linear a | linear width) for a in ws]", 1, "ws"),
    ("[(y | linear a | linear width) * c for a, c in rows]", 2, "rows"),
    ("[(y | linear(j + 1) | linear width) for j in range(n + 1)]", 1, ""),
    ("[y * j + 1 for j in range(n + 1)]", 1, ""),
)

ROUNDS: Weighted = (
    ("{i} in range(n)", 5, ""),
    ("{i} in range(2)", 1, ""),
    ("{i} in range(1, n + 1)", 2, ""),
    ("{i} in range({num})", 1, ""),
    ("{i} in reversed(range(n))", 1, ""),
    ("{a} in ws", 2, "ws"),
    ("{i}, {a} in enumerate(ws)", 3, "ws"),
    ("{i}, {a} in enumerate(reversed(ws))", 1, "ws"),
    ("{a} in ws[1:]", 1, "ws"),
    ("{a}, {c} in zip(ws[:-1], ws[1:])", 1, "ws"),
    ("{a}, {c} in rows", 2, "rows"),
    ("{row} in rows", 1, "rows"),
    ("{i}, {row} in enumerate(rows)", 1, "rows"),
    ("{i}, ({a}, {c}) in enumerate(rows)", 1, "rows"),
    ("{h} in {hs}", 1, "lists"),
    ("{i}, {h} in enumerate({hs})", 1, "lists"),
    ("{h} in reversed({hs})", 1, "lists"),
)
