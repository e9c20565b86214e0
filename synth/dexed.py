# SPDX-License-Identifier: Apache-2.0
"""One voice, one note at a time, as users of dexed-py know it.

    player = DexedSynth(48000, kernel="clean")
    player.load_patch(factory_bank()["SILVERTINE"])
    chord = sum(player.render(note, velocity=80) for note in (45, 52, 61))

Every call starts from silence, so the result depends on the voice and the arguments alone.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from synth.algorithm_table import algorithms
from synth.attributes import Strict, own
from synth.checks import checked_choice, checked_whole
from synth.engine import KERNELS, MAX_RATE, MIN_RATE
from synth.errors import EngineError
from synth.graph_engine import checked_note, render_graph
from synth.parameters import ALL_OPERATORS_ON, BY_KEY, OPERATORS, operators_switched_on
from synth.patch import Patch
from synth.preset import Preset

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_ALGORITHM: Final = BY_KEY["algorithm"].position
_FEEDBACK: Final = BY_KEY["feedback"].position


@cache
def _wiring(algorithm: int) -> tuple[tuple[tuple[int, int, float], ...], tuple[int, int], tuple[int, ...]]:
    """An algorithm as `render_graph` takes it: edges, feedback path, carriers."""
    known = algorithms[algorithm]
    return tuple((source, target, 1.0) for source, target in known.edges), known.feedback_edge, known.carriers


class DexedSynth(Strict):
    """A DX7 with one key.

    sample_rate: 8000 to 192 000 Hz, whole. kernel: "chip", the DX7's own integers, resampled, or "clean", floating
    point at sample_rate itself, without the chip's grain.

    Synths are told apart by identity; copies and pickles keep the voice and all settings. Each may be used in a thread
    of its own, whatever its rate.

    Raises:
        ValueError, TypeError: an argument out of range, or of another kind.
    """

    __slots__ = ("_kernel", "_loaded", "_normalize", "_rate")

    def __init__(self, sample_rate: float = 44100.0, kernel: str = "chip") -> None:
        self._rate: int = checked_whole("sample_rate", sample_rate, MIN_RATE, MAX_RATE)
        self._kernel: str = checked_choice("kernel", kernel, KERNELS)
        self._normalize = False
        self._loaded = (b"", ALL_OPERATORS_ON)  # voice and operator switches: one attribute, as threads may share us

    @property
    def sample_rate(self) -> float:
        """In Hz."""
        return float(self._rate)

    @property
    def kernel(self) -> str:
        """What computes the sound: "chip" or "clean"."""
        return self._kernel

    @property
    def algorithm(self) -> int:
        """The voice's algorithm, 0 to 31; 0 before there is a voice."""
        voice, _ = self._loaded
        return voice[_ALGORITHM] if voice else 0

    @property
    def normalize_feedback(self) -> bool:
        """True: feedback is as strong in every algorithm.

        False: as on the DX7, whose carriers are quieter the more there are, and so is feedback that comes from one.
        """
        return self._normalize

    @normalize_feedback.setter
    def normalize_feedback(self, normalize: bool) -> None:
        if not isinstance(normalize, bool | np.bool_):
            raise TypeError(f"normalize_feedback is True or False, not {normalize!r}")
        self._normalize = bool(normalize)

    def load_patch(self, patch: Patch | bytes) -> None:
        """Take a voice: a patch with its operator switches, or bytes as `Patch.from_sysex` takes them."""
        if isinstance(patch, bytes | bytearray):
            patch = Patch.from_sysex(patch)
        if not isinstance(patch, Patch):
            remedy = "; load_preset takes that" if isinstance(patch, Preset | np.ndarray) else ""
            raise TypeError(f"load_patch takes a Patch, not {type(patch).__name__}{remedy}")
        self._loaded = patch.to_bytes(), patch.operators_on

    def load_preset(self, preset: Preset | ArrayLike) -> None:
        """Take a voice: a preset, or its vector of 145 numbers.

        Raises:
            ValueError: a value that is out of range or not finite, with its field.
        """
        if not isinstance(preset, Preset):
            if isinstance(preset, Patch | bytes | str) or preset is None:
                remedy = "; load_patch takes that" if isinstance(preset, Patch | bytes) else ""
                raise TypeError(f"load_preset takes a Preset, not {type(preset).__name__}{remedy}")
            preset = Preset.from_array(preset)
        self._loaded = preset.to_voice(), ALL_OPERATORS_ON

    def render(
        self, midi_note: int = 60, velocity: int = 100, note_duration: float = 3.0, render_duration: float = 4.0
    ) -> NDArray[np.float32]:
        """One note, mono: float32 (T,), T = round(render_duration * sample_rate).

        midi_note 0..127, 60 is C3; velocity 0..127, of which 0 sounds like 1; durations 0 to 3600 seconds. The key
        goes up on the frame nearest to note_duration. 1.0 is one carrier at output level 99; samples are multiples of
        2**-21.

        Raises:
            EngineError (a RuntimeError): no voice has been loaded.
            ValueError, TypeError: an argument out of range, or of another kind.
        """
        return self._render(False, midi_note, velocity, note_duration, render_duration)

    def render_all_ops(
        self, midi_note: int = 60, velocity: int = 100, note_duration: float = 3.0, render_duration: float = 4.0
    ) -> NDArray[np.float32]:
        """One note, each operator by itself and then the mix: float32 (7, T).

        The last row is what `render` gives, and to the last bit the sum of the carriers' rows. Arguments and errors
        are those of `render`.
        """
        return self._render(True, midi_note, velocity, note_duration, render_duration)

    def _render(
        self, stems: bool, midi_note: int, velocity: int, note_duration: float, render_duration: float
    ) -> NDArray[np.float32]:
        voice, switches = self._loaded
        if not voice:
            raise EngineError("There is no voice to render yet: call load_patch or load_preset first.")
        edges, feedback_edge, carriers = _wiring(voice[_ALGORITHM])
        return render_graph(
            voice,
            OPERATORS,
            edges,
            [(*feedback_edge, voice[_FEEDBACK])],
            carriers,
            **checked_note(self._rate, midi_note, velocity, note_duration, render_duration),
            kernel=self._kernel,
            stems=stems,
            normalize_feedback=self._normalize,
            operators_on=operators_switched_on(switches),
        )

    def __getstate__(self) -> tuple[int, str, bool, tuple[bytes, int], dict[str, Any] | None]:
        return self._rate, self._kernel, self._normalize, self._loaded, own(self)

    def __setstate__(self, state: tuple[int, str, bool, tuple[bytes, int], dict[str, Any] | None]) -> None:
        rate, kernel, normalize, (voice, switches), more = state
        DexedSynth.__init__(self, rate, kernel)
        self.normalize_feedback = normalize
        if voice:
            patch = Patch.from_raw(voice)
            patch.operators_on = switches
            self.load_patch(patch)
        if more:
            vars(self).update(more)

    def __repr__(self) -> str:
        loaded = f"algorithm {self.algorithm + 1}" if self._loaded[0] else "no voice"
        return f"<DexedSynth, {self._rate} Hz, {self._kernel}, {loaded}>"
