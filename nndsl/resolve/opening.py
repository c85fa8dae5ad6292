"""Opening an imported file: inside the root folder, no links, a bounded read."""

from __future__ import annotations

import errno
import os
import stat

from nndsl.limits import CODES, current
from nndsl.resolve.context import fault
from nndsl.syntax import decode, tree
from nndsl.syntax.mistakes import size_text


def open_inside(item: tree.Import, importer: str | None, root: str | None) -> tuple[str, str]:
    """The real path and the text of an imported file."""
    text = item.path.value
    if importer is None or root is None:
        raise fault(
            "E209", "only a spec in a file can import", item.path.span, "nothing to import from"
        )
    parts = text.split("/")
    if os.path.isabs(text) or "\\" in text or any(p in ("", ".") for p in parts) or ":" in text:
        raise fault(
            "E209",
            "an import is a path from this file's folder",
            item.path.span,
            "not allowed",
            help='write it as "folder/name.nn"',
        )
    path = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(importer)), *parts))
    folder = os.path.abspath(root)
    if os.path.commonpath([path, folder]) != folder:
        raise fault(
            "E209",
            "an import can't leave the root folder",
            item.path.span,
            "outside of it",
            help="the root is the folder of the first file, unless the caller names another",
        )
    return path, _read(path, folder, item)


def _read(path: str, folder: str, item: tree.Import) -> str:
    """Walk down from the root folder by file descriptors, following no link."""
    names = os.path.relpath(path, folder).split(os.sep)
    nofollow = getattr(os, "O_NOFOLLOW", 0)
    try:
        at = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
        try:
            for name in names[:-1]:
                deeper = os.open(name, os.O_RDONLY | os.O_DIRECTORY | nofollow, dir_fd=at)
                os.close(at)
                at = deeper
            file = os.open(names[-1], os.O_RDONLY | nofollow | os.O_NONBLOCK, dir_fd=at)
        finally:
            os.close(at)
    except OSError as problem:
        linked = problem.errno in (errno.ELOOP, errno.EMLINK)
        reason = "a link" if linked else (problem.strerror or "can't be opened").lower()
        raise fault(
            "E209",
            f'"{item.path.value}" can\'t be read',
            item.path.span,
            reason,
            help="imports follow no links" if linked else _not_there(item.path.value),
        ) from None
    return _text(file, path, item)


def _not_there(path: str) -> str:
    if not path.endswith(".nn"):
        return f'write `"{path}.nn"`' if path.isprintable() else ""
    return "paths begin in the folder of the file that imports"


def _text(file: int, path: str, item: tree.Import) -> str:
    info = os.fstat(file)
    if not stat.S_ISREG(info.st_mode) or info.st_nlink > 1:
        os.close(file)
        raise fault(
            "E209",
            f'"{item.path.value}" is no plain file',
            item.path.span,
            "a link, a folder or a device",
        )
    most = current().file_bytes
    with os.fdopen(file, "rb") as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        raise fault(
            CODES["file_bytes"],
            f'"{item.path.value}" is larger than {size_text(most)}',
            item.path.span,
            "too large",
        )
    found = decode(content, os.path.basename(path))
    if not hasattr(found, "text"):
        raise fault(
            "E209", f'"{item.path.value}" is no UTF-8 text', item.path.span, "can't be read"
        )
    return found.text
