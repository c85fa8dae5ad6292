"""The reference of all layers and functions, as pages of the terminal and of ``docs/``.

``python -m nndsl.reference docs`` writes ``layers.md`` and ``functions.md``. Never imports torch.
"""
