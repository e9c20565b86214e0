# SPDX-License-Identifier: Apache-2.0
"""Notes inside functions that JAX compiles.

    from synth.jax import render

    audio = jax.jit(render)(preset)                                    # (44100,)
    many = jax.vmap(lambda vector: render(vector, note=48))(vectors)   # (N, 44100)

The sound is computed by the engine, outside of XLA. Under `jax.vmap`, nested too, all notes go to the engine at once
and share its threads. Changing any argument but render_duration, sample_rate and kernel compiles nothing anew.
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np

try:
    import jax
    import jax.numpy as jnp
except ImportError as missing:
    raise ImportError("synth.jax needs JAX: pip install 'sixop[jax]'") from missing

from synth.batch import render_batch
from synth.checks import (
    as_array,
    checked_choice,
    checked_durations,
    checked_number,
    checked_seconds,
    checked_whole,
    numeric,
)
from synth.engine import KERNELS, MAX_RATE, MIN_RATE
from synth.graph_engine import to_grid
from synth.patch import Patch
from synth.preset import Preset
from synth.preset_fields import settle
from synth.pytree import is_traced
from synth.vectors import VECTOR_SIZE

if TYPE_CHECKING:
    from collections.abc import Callable

    from jax.typing import ArrayLike
    from numpy.typing import NDArray

_NO_GRADIENT: Final = (
    "synth.jax.render has no gradient: the engine computes with the DX7's whole numbers. Use a search that needs none, "
    "or jax.lax.stop_gradient around its arguments."
)


def render(
    preset: Preset | ArrayLike,
    note: ArrayLike = 60,
    velocity: ArrayLike = 100,
    note_duration: ArrayLike = 0.5,
    *,
    render_duration: float = 1.0,
    sample_rate: float = 44100,
    kernel: str = "chip",
) -> jax.Array:
    """One note, mono: float32 (T,), T = round(render_duration * sample_rate); what `DexedSynth.render` gives.

    preset: a Preset or its vector (145,). note 0..127, 60 is C3; velocity 0..127, of which 0 sounds like 1; both are
    rounded, halves to the even number. note_duration: when the key goes up, 0 to 3600 seconds.
    render_duration (seconds), sample_rate (8000 to 192 000 Hz, whole) and kernel ("chip" or "clean") are known when
    JAX traces; all others may be traced or mapped.

    Raises:
        ValueError, TypeError: a shape, or a value that is known when JAX traces, is wrong.
        jax.errors.JaxRuntimeError: a traced value is out of range or not finite; its text says which one.
        NotImplementedError: a gradient is asked for. There is none.
    """
    rate = checked_whole("sample_rate", sample_rate, MIN_RATE, MAX_RATE)
    vector = preset.to_array() if isinstance(preset, Preset) else preset
    arguments = [
        _argument("preset", vector, (VECTOR_SIZE,), Preset.from_array),
        _argument("note", note, (), partial(_number, "note")),
        _argument("velocity", velocity, (), partial(_number, "velocity")),
        _argument("note_duration", note_duration, (), partial(_seconds, rate)),
    ]
    frames = round(checked_seconds("render_duration", render_duration) * rate)
    return _renderer(frames, rate, checked_choice("kernel", kernel, KERNELS))(*arguments)


def _argument(name: str, value: Any, shape: tuple[int, ...], checked: Callable[[Any], Any]) -> jax.Array:
    """A traced value as it is, a known one checked."""
    traced = is_traced(value)
    given = value if traced else as_array(name, value)
    if not numeric(np.dtype(given.dtype)):
        remedy = "; patch.to_preset() makes a Preset of it" if isinstance(value, Patch) else ""
        kind = given.dtype if hasattr(value, "dtype") else type(value).__name__
        raise TypeError(f"{name} must be made of numbers, not {kind}{remedy}.")
    if given.shape != shape:
        raise ValueError(f"{name} must have the shape {shape}, not {given.shape}; jax.vmap takes many.")
    return jnp.asarray(value if traced else checked(value), jnp.float32)


def _number(name: str, value: Any) -> np.uint8:
    number: np.uint8 = _numbers(name, np.array([checked_number(name, value)]))[0]
    return number


def _seconds(rate: int, value: Any) -> float:
    """To the frame, also where single floats are too coarse."""
    return round(checked_seconds("note_duration", value) * rate) / rate


@cache
def _renderer(frames: int, rate: int, kernel: str) -> Callable[..., jax.Array]:
    """A function of traced arguments for what is known."""

    def on_host(*arguments: ArrayLike) -> NDArray[np.float32]:
        vectors, notes, velocities, durations = (np.asarray(argument) for argument in arguments)
        mapped = np.broadcast_shapes(vectors.shape[:-1], notes.shape, velocities.shape, durations.shape)
        rows = np.array(np.broadcast_to(vectors, (*mapped, VECTOR_SIZE)).reshape(-1, VECTOR_SIZE))
        settle(rows)
        longest = frames / rate
        hold = np.minimum(checked_durations("note_duration", _column(durations, mapped)), longest)
        audio = render_batch(
            rows,
            _numbers("note", _column(notes, mapped)),
            np.maximum(_numbers("velocity", _column(velocities, mapped)), 1),
            hold,
            longest - float(hold.max(initial=0.0)),
            rate,
            kernel,
        )
        return to_grid(audio).reshape(*mapped, frames)

    @jax.custom_jvp
    def rendered(*arguments: jax.Array) -> jax.Array:
        shape = jax.ShapeDtypeStruct((frames,), jnp.float32)  # type: ignore[no-untyped-call]
        audio: jax.Array = jax.pure_callback(on_host, shape, *arguments, vmap_method="expand_dims")
        return audio

    @rendered.defjvp
    def _refuse(primals: Any, tangents: Any) -> Any:
        raise NotImplementedError(_NO_GRADIENT)

    return rendered


def _column(argument: NDArray[Any], mapped: tuple[int, ...]) -> NDArray[Any]:
    return np.broadcast_to(argument, mapped).reshape(-1)


def _numbers(name: str, values: NDArray[Any]) -> NDArray[np.uint8]:
    rounded = np.rint(values)
    legal = (rounded >= 0) & (rounded <= 127)
    if not legal.all():
        raise ValueError(f"{name} must be 0 to 127, not {values[int(legal.argmin())]:g}.")
    whole: NDArray[np.uint8] = rounded.astype(np.uint8)
    return whole
