"""Which known name was meant by one that nobody knows."""

from __future__ import annotations

from collections.abc import Iterable

from nndsl.limits import spend

MAX_COMPARED = 1500  # of more names only those that begin alike
MAX_LENGTH = 60  # a longer name is no slip of a finger
ALIKE = 0.75  # how much of two names must be the same where more than a letter or two differs
_LONG = 5  # letters that a name needs to be recognised by a part of it


def suggest(name: str, known: Iterable[str]) -> str:
    """``did you mean `linear`?`` or an empty text."""
    found = nearest(name, known)
    return f"did you mean `{found}`?" if found else ""


def nearest(name: str, known: Iterable[str]) -> str:
    """The name that was meant, or an empty text where none is near enough.

    Case and underscores don't count. One or two letters that differ, or are swapped, make a slip,
    the fewer the shorter the name is; else one name is a part of the other, or most of it.
    """
    wanted = _folded(name)
    if not wanted or len(wanted) > MAX_LENGTH:
        return ""
    # several names may be one to the reader; the last of them counts, as the outermost
    candidates = {_folded(each): each for each in known if len(each) <= MAX_LENGTH}
    candidates.pop("", None)
    if wanted in candidates:
        return candidates[wanted]
    if len(candidates) > MAX_COMPARED:
        alike = [each for each in candidates if each[0] == wanted[0]]
        candidates = {each: candidates[each] for each in alike[:MAX_COMPARED]}
    spend(len(candidates))
    slips = []
    for each in candidates:
        allowed = _allowed(min(wanted, each, key=len))
        if abs(len(each) - len(wanted)) <= allowed:
            changes = distance(wanted, each, allowed)
            if changes <= allowed and _is_slip(wanted, each):
                slips.append((changes, sorted(each) != sorted(wanted), each[0] != wanted[0], each))
    if slips:
        return candidates[min(slips)[-1]]
    return _by_part(wanted, candidates)


def _folded(name: str) -> str:
    return name.lower().replace("_", "")


def _allowed(name: str) -> int:
    """How many letters may be wrong in a name of this length."""
    return 1 if len(name) < 6 else 2 if len(name) < 10 else 3


def _is_slip(name: str, other: str) -> bool:
    """Names of one or two letters are all near each other: only a swap is a slip there."""
    return len(name) > 2 < len(other) or sorted(name) == sorted(other)


def _by_part(name: str, candidates: dict[str, str]) -> str:
    """A longer or shorter form of a name: `MaxPooling2D`, `attention` for `attn`."""
    from difflib import SequenceMatcher

    matcher = SequenceMatcher(None, "", name)
    best, found = 0.0, ""
    for each in candidates:
        if min(len(each), len(name)) < (3 if each.startswith(name) else 4):
            continue
        matcher.set_seq1(each)
        likely = matcher.real_quick_ratio() >= 0.5 and matcher.quick_ratio() >= 0.5
        alike = matcher.ratio() if likely else 0.0
        if alike > best and (alike >= ALIKE or _is_part(each, name)):
            best, found = alike, each
    return candidates[found] if found else ""


def _is_part(one: str, other: str) -> bool:
    """Whether a name is in another one, or shortens it as `attn` does `attention`."""
    short, long = sorted((one, other), key=len)
    if len(short) >= _LONG and short in long or short == other and long.startswith(short):
        return True
    letters = iter(long)
    return (
        short[0] == long[0] and 2 * len(short) + 1 >= len(long) and all(c in letters for c in short)
    )


def distance(one: str, other: str, most: int) -> int:
    """How many letters are left out, put in, changed or swapped with their neighbour.

    More than ``most`` is ``most + 1``, so that only places that are at most so far apart are looked
    at. (Optimal string alignment distance.)
    """
    far = most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, row = row, [far] * len(row)
        row[0] = i
        for j in range(max(1, i - most), min(len(other), i + most) + 1):
            b = other[j - 1]
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 < j and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row[j] = cost
        if min(row) > most:
            return far
        before = last
    return min(row[-1], far)
