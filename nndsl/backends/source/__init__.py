"""Printing a resolved model as the PyTorch source that a person would have written."""
