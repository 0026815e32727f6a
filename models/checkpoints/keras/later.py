"""Torch as tables name it, imported only where a network is built: a file is read without it, seconds sooner."""

from __future__ import annotations

import importlib
from functools import partial
from typing import TYPE_CHECKING, Any


class Later:
    """The classes of a module that is imported once one of them is made."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        return partial(self._make, name)

    def _make(self, name: str, /, *args: Any, **settings: Any) -> Any:
        return getattr(importlib.import_module(self._module), name)(*args, **settings)


if TYPE_CHECKING:
    from torch import nn

    from models.checkpoints.keras import modules
else:
    nn, modules = Later("torch.nn"), Later("models.checkpoints.keras.modules")

# What `modules.Graph` has besides layers, none of which may be called so.
RESERVED = frozenset(
    """
    T_destination __annotations__ __call__ __class__ __delattr__ __dict__ __dir__ __doc__ __eq__
    __format__ __ge__ __getattr__ __getattribute__ __getstate__ __gt__ __hash__ __init__
    __init_subclass__ __le__ __lt__ __module__ __ne__ __new__ __reduce__ __reduce_ex__ __repr__
    __setattr__ __setstate__ __sizeof__ __str__ __subclasshook__ __weakref__ _apply _backward_hooks
    _backward_pre_hooks _buffers _call_impl _compiled_call_impl _forward_hooks
    _forward_hooks_always_called _forward_hooks_with_kwargs _forward_pre_hooks
    _forward_pre_hooks_with_kwargs _get_backward_hooks _get_backward_pre_hooks _get_name
    _is_full_backward_hook _load_from_state_dict _load_state_dict_post_hooks _load_state_dict_pre_hooks
    _maybe_warn_non_full_backward_hook _modules _named_members _non_persistent_buffers_set _parameters
    _register_load_state_dict_pre_hook _register_state_dict_hook _replicate_for_data_parallel
    _save_to_state_dict _slow_forward _state_dict_hooks _state_dict_pre_hooks _version
    _wrapped_call_impl add_module apply bfloat16 buffers call_super_init children compile cpu cuda
    double dump_patches eval extra_repr float forward get_buffer get_extra_state get_parameter
    get_submodule half ipu last load_state_dict modules mtia named_buffers named_children named_modules
    named_parameters parameters register_backward_hook register_buffer register_forward_hook
    register_forward_pre_hook register_full_backward_hook register_full_backward_pre_hook
    register_load_state_dict_post_hook register_load_state_dict_pre_hook register_module
    register_parameter register_state_dict_post_hook register_state_dict_pre_hook requires_grad_
    set_extra_state set_submodule share_memory state_dict steps to to_empty train training type xpu
    zero_grad
    """.split()  # noqa: SIM905  # a hundred quotes say no more
)
__all__ = ["RESERVED", "modules", "nn"]
