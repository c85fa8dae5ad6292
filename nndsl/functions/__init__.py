"""Functions of tensors: one entry each, a family a file, with torch's names and arguments.

An entry says what arguments there are, which shape and dtype come out, and what is refused;
`registry` finds it by name or by one of torch's aliases.

All of `torch`, `torch.nn.functional`, `torch.linalg`, `torch.special`, `torch.fft` and of
tensors' methods was gone through. Left out is

- what changes its input in place, or speaks of memory, devices and gradients;
- what needs weights or statistics, or is a layer without weights (`maxpool(2)(x)`), and losses;
- what gives a Python value, or a result whose size depends on the numbers in a tensor;
- complex numbers, and with them Fourier transforms; dtypes other than float, int and bool;
- several ways to say one thing, quantized and sparse tensors, parts of torch's own;
- statistics of data, and special functions and algebra of other fields.

`absent` knows what to write instead of the ones that people look for. A test has the whole list
with reasons and fails when torch gains a function that is in neither.
"""
