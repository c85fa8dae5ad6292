"""One thread for torch: the networks here are small, and the tests run side by side."""

from __future__ import annotations

import torch

torch.set_num_threads(1)
