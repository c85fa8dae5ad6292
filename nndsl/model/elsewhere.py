"""What layers, functions and arguments are called in other libraries, and how it is said here."""

from __future__ import annotations

from collections.abc import Collection

# names, folded (no case, no underscores): what the message says
_NAMES = {
    "dense fullyconnected fc affine innerproduct denselayer": "write `linear`",
    "activation": "an activation is a layer of its own: `| relu`",
    "convolution conv2dlayer": "write `conv`",
    "globalaveragepooling1d globalaveragepooling2d globalavgpool globalavgpool2d globalavgpooling":
        "write `adaptive_avgpool 1 | flatten`",
    "globalmaxpooling1d globalmaxpooling2d globalmaxpool globalmaxpool2d":
        "write `adaptive_maxpool 1 | flatten`",
    "batchnormalization batchnormlayer": "write `batchnorm`",
    "layernormalization": "write `layernorm`",
    "groupnormalization": "write `groupnorm`",
    "add addition merge": "write `x + y`",
    "concatenate concatenation": "write `cat(x, y, dim=1)`",
    "multiply": "write `x * y`",
    "input inputlayer": "inputs are declared: `model net()(x: \"b 784\"):`",
    "lambda": "define it: `fn name(a): expression`",
    "timedistributed": "layers of features work on every step as they are",
    "bidirectional": "write `bidirectional=True`",
    "zeropadding2d": "write `zero_pad2d`",
    "upsampling2d": "write `upsample`",
    "spatialdropout2d": "write `dropout_channels`",
    "print log2console": "nothing is printed while a model runs",
    "rearrange": "a pattern is a stage: `x | \"b c h w -> b (c h w)\"`",
    "reduce": "functions reduce: `mean(x, dim=1)`, `sum(x, dim=1)`",
    "registerbuffer": "a buffer is declared: `buffer name = ones(8)`",
    "registerparameter": "a learned parameter is declared: `param name: \"c\" = ones`",
    "isinstance hasattr getattr setattr": "what a name is, its place says: nothing is asked of it",
    "relu6layer": "write `relu6`",
    "selfattention attentionlayer": "write `multihead_attention(heads)(x, x, x)`",
    "yes on": "write `True`",
    "bn": "write `batchnorm`",
    "ln": "write `layernorm`",
    "gn": "write `groupnorm`",
    "mha": "write `multihead_attention`",
    "emb embed": "write `embedding`",
    "gap": "write `adaptive_avgpool 1`",
    "drop": "write `dropout`",
    "off": "write `False`",
}  # fmt: skip

NAMES = {name: said for names, said in _NAMES.items() for name in names.split()}

# arguments, folded: what they are called here, if the layer has such an argument
_ARGUMENTS = {
    "filters outchannels channels outplanes numfilters features out": "out_channels",
    "units outfeatures outputs hiddenunits features outdim outputdim out size width":
        "out_features",
    "indim inputdim infeatures inchannels": "in_features in_channels num_embeddings",
    "strides step s": "stride",
    "kernel kernelsize poolsize windowsize ksize k": "kernel_size",
    "pad pads p": "padding",
    "dilationrate d": "dilation",
    "group g": "groups",
    "rate prob probability dropprob dropoutrate keepprob": "p dropout",
    "usebias hasbias": "bias",
    "epsilon": "eps",
    "axis axes": "dim",
    "keepdims": "keepdim",
    "layers nlayers depth numberoflayers": "num_layers",
    "heads nheads nhead headcount": "num_heads nhead",
    "hidden hiddendim hiddenunits units dmodel": "hidden_size",
    "dff ffndim feedforward intermediatesize": "dim_feedforward",
    "vocab vocabsize inputdim numtokens": "num_embeddings",
    "dim embeddim embedding embeddingsize outputdim": "embedding_dim",
    "alpha slope": "negative_slope alpha",
    "groupcount ngroups numgroups": "num_groups groups",
    "classes numclasses": "out_features",
    "temperature temp": "beta",
    "labelsmooth": "label_smoothing",
    "classweights classweight": "weight",
}  # fmt: skip

_ARGUMENTS_SAID = {
    "activation act": "an activation is a stage of its own: `| relu`",
    "inputshape batchinputshape": "the input is declared: `model net()(x: \"b 784\"):`",
    "name": "a name is a label in front: `name: layer`",
    "kernelinitializer biasinitializer init initializer weightinit":
        "first values are given by rules: `init linear.weight: normal(0, 0.02)`",
    "returnsequences": "every step is given: `_[0]`, of which `_[0][:, -1]` is the last one",
    "returnstate": "the state is the second output: `y, state = x | gru 64`",
    "trainable requiresgrad": "which weights learn is for the program that uses the model",
    "device dtype": "where a model lies, and how exact, is said when it is built",
    "dataformat": "channels stand behind the batch: `\"b c h w\"`",
}  # fmt: skip

ARGUMENTS_SAID = {name: said for names, said in _ARGUMENTS_SAID.items() for name in names.split()}


def name_here(name: str) -> str:
    """What to say of a name that another library has; empty where nothing is known."""
    return NAMES.get(_folded(name), "")


def argument_here(name: str, known: Collection[str]) -> str:
    """What to say of an argument that other libraries have, to a layer that has the known ones."""
    folded = _folded(name)
    for names, meant in _ARGUMENTS.items():
        if folded in names.split():
            for one in meant.split():
                if one in known:
                    return f"did you mean `{one}`?"
    return ARGUMENTS_SAID.get(folded, "")


def _folded(name: str) -> str:
    return name.lower().replace("_", "")
