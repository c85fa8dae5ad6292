"""The rooms of the module backend: from a block to a live ``torch.nn.Module``."""
