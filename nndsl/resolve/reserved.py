"""Names that can't be used: they would break the module or its printed source."""

from __future__ import annotations

from keyword import iskeyword

from nndsl.resolve.context import fault
from nndsl.source import Span

# Public names of torch.nn.Module; a test compares the list with the installed torch.
_MODULE = """
    T_destination add_module apply bfloat16 buffers call_super_init children compile cpu
    cuda double dump_patches eval extra_repr float forward get_buffer get_extra_state
    get_parameter get_submodule half ipu load_state_dict modules mtia named_buffers
    named_children named_modules named_parameters parameters register_backward_hook
    register_buffer register_forward_hook register_forward_pre_hook
    register_full_backward_hook register_full_backward_pre_hook
    register_load_state_dict_post_hook register_load_state_dict_pre_hook register_module
    register_parameter register_state_dict_post_hook register_state_dict_pre_hook
    requires_grad_ set_extra_state set_submodule share_memory state_dict to to_empty train
    training type xpu zero_grad
"""
MODULE_NAMES = frozenset(_MODULE.split())

# Names that printed source needs for itself.
_SOURCE = """
    torch nn F Tensor self super range len enumerate zip reversed sorted sum min max abs
    round int float bool str list tuple math Callable Sequence NamedTuple OrderedDict
    partial print isinstance getattr setattr True False None
"""
SOURCE_NAMES = frozenset(_SOURCE.split())


def check_value_name(name: str, span: Span) -> None:
    """Refuse a name of a value, an input or a definition that printing needs."""
    if iskeyword(name) or name in SOURCE_NAMES or name == "training" or name.startswith("__"):
        raise fault(
            "E207",
            f"`{name}` can't be used as a name",
            span,
            "the module's mode has this name"
            if name == "training"
            else "Python or torch needs this name",
            help=f"call it `{name.strip('_')}_`"
            if not name.startswith("__")
            else "begin with a letter",
        )


def check_member_name(name: str, span: Span, what: str = "a module", advice: str = "") -> None:
    """Refuse a name of a member that ``nn.Module`` has already.

    A static parameter is one too: a constructor may keep it as an attribute.
    """
    if name in MODULE_NAMES or iskeyword(name) or name.startswith("__") or not name:
        raise fault(
            "E207",
            f"`{name}` can't be the name of {what}" if name else "a label needs a name",
            span,
            "nn.Module has this name already" if name in MODULE_NAMES else "not a name",
            help=f"call it `{name.strip('_')}_`{advice}" if name.strip("_") else "",
        )
