# SPDX-License-Identifier: Apache-2.0
"""`Preset` as a JAX pytree, without ever importing JAX.

Who has imported JAX already finds `Preset` registered; who imports it later has it registered at the end of that
import. Nobody else notices.
"""

from __future__ import annotations

import sys
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    from numpy.typing import NDArray

_once = Lock()
_INTEGERS_END: Final = 1e9  # what is further from zero is made this: floats reach beyond int32


def is_traced(value: object) -> bool:
    """True if the value is not known yet, because JAX is tracing the function it is used in."""
    tracer = getattr(sys.modules.get("jax.core"), "Tracer", None)
    return tracer is not None and isinstance(value, tracer)


def whole(values: Any) -> Any:
    """Numbers, NumPy's or JAX's, as int32, halves to the even one; NaN as -1, which no field of a voice takes."""
    if isinstance(values, np.ndarray):
        xp: Any = np
    else:
        from jax import numpy as xp
    return xp.rint(xp.nan_to_num(values, nan=-1.0)).clip(-_INTEGERS_END, _INTEGERS_END).astype(np.int32)


def scattered(parts: Iterable[tuple[NDArray[np.intp], Any]], size: int) -> Any:
    """One traced float32 vector of parts: the places of each, and its values."""
    from jax import numpy as jnp

    vector = jnp.zeros(size, np.float32)
    for places, values in parts:
        vector = vector.at[places].set(values)
    return vector


def concatenated(leaves: Iterable[object], size: int, integers: int) -> Any:
    """One traced float32 vector of all leaves, rounded from place `integers` on; ValueError unless it has that size."""
    from jax import numpy as jnp

    vector = jnp.concatenate([jnp.ravel(leaf).astype(jnp.float32) for leaf in map(jnp.asarray, leaves)])
    if vector.size != size:
        raise ValueError(f"Expected {size} elements, got {vector.size}")
    return jnp.concatenate([vector[:integers], jnp.rint(vector[integers:])])


def register_with_jax(
    kind: type,
    names: Sequence[str],
    flatten: Callable[[Any], Sequence[object]],
    unflatten: Callable[[Iterable[object]], object],
) -> None:
    """Make a class a pytree whose leaves are all data, now or as soon as JAX is imported."""

    def register() -> None:
        try:
            from jax import tree_util
        except ImportError:
            return  # it is called jax, but it is something else

        keys = [tree_util.GetAttrKey(name) for name in names]
        tree_util.register_pytree_with_keys(
            kind,
            lambda node: (tuple(zip(keys, flatten(node), strict=True)), ()),
            lambda _, leaves: unflatten(leaves),
            lambda node: (tuple(flatten(node)), ()),
        )

    if sys.modules.get("jax") is not None:
        register()
    else:
        with _once:
            _after_jax.acts.append(register)
            if _after_jax not in sys.meta_path:
                sys.meta_path.insert(0, _after_jax)


class _AfterJax:
    """Finds JAX where others find it, and acts when it has been imported."""

    def __init__(self) -> None:
        self.acts: list[Callable[[], None]] = []
        self._asking = False

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """The spec that the other finders give, with a loader that tells us."""
        if name != "jax" or self._asking:
            return None
        self._asking = True  # another of us, from an earlier import of this module, asks back
        try:
            found = (finder.find_spec(name, path, target) for finder in sys.meta_path if finder is not self)
            spec = next(filter(None, found), None)
        finally:
            self._asking = False
        if spec is not None and spec.loader is not None:
            load = spec.loader.exec_module

            def load_and_act(module: ModuleType) -> None:
                load(module)
                self._act()

            spec.loader.exec_module = load_and_act  # type: ignore[method-assign]
        return spec

    def _act(self) -> None:
        with _once:
            if self in sys.meta_path:
                sys.meta_path.remove(self)
            while self.acts:
                self.acts.pop()()


_after_jax: Final = _AfterJax()
