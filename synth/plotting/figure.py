# SPDX-License-Identifier: Apache-2.0
"""A voice on one page: its algorithm, envelopes and LFO, and what a note of it sounds like. Needs matplotlib."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.figure import Figure

from synth.diagrams import OP_LABELS
from synth.notes import note_name
from synth.parameters import OPERATORS
from synth.plotting.colours import CARRIER, MODULATOR, SOUND
from synth.plotting.curves import DX7_KEYS, Curves, envelope_curves, scaling_curves
from synth.plotting.scaling import draw_scaling
from synth.plotting.wires import draw_wiring
from synth.rendering import render
from synth.voicesheet import carriers, frequency, is_on

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from synth.patch import Patch

RATE: Final = 48000  # Hz
SIZE: Final = (13.0, 7.8)  # inches
_QUIET: Final = -80  # dB, the foot of the envelopes
_SOFT: Final = -90  # dB, the foot of spectra
_WINDOW: Final = 16384  # frames of the spectrum
_SLICE: Final = 2048  # frames of a column of the spectrogram
_HIGHEST: Final = 12000  # Hz, top of the spectrogram
_GREY: Final = "#808080"  # of lines that only help to read


class VoiceFigure(Figure):
    """A figure that notebooks show, whether or not matplotlib has been set up there."""

    def _repr_png_(self) -> bytes:
        png = io.BytesIO()
        self.savefig(png, format="png", bbox_inches="tight")
        return png.getvalue()


def plot_patch(
    patch: Patch,
    note: int = 60,
    velocity: int = 100,
    hold: float = 1.0,
    tail: float = 0.5,
    *,
    kernel: str = "chip",
    figure: Figure | None = None,
) -> Figure:
    """Draw a voice; see `Patch.plot`."""
    if figure is not None and not isinstance(figure, Figure):
        raise TypeError(f"figure must be a matplotlib figure, such as plt.figure(), not {type(figure).__name__}")
    curves = envelope_curves(patch, note, velocity, hold, tail, points=2000)
    sound = render(patch, note, velocity, hold, tail, RATE, kernel)
    page = VoiceFigure(SIZE) if figure is None else figure
    if page.get_layout_engine() is None:
        page.set_layout_engine("constrained")
    halves: Any = page.subfigures(2, 1, height_ratios=(2, 1.15))
    top, bottom = halves
    left, right = top.subfigures(1, 2, width_ratios=(1, 2.4))
    held = f"{note_name(note)}, velocity {velocity}, held {hold:g} s"
    title = f"{patch.display_name or 'no name'}  ·  algorithm {patch.algorithm + 1}  ·  {held}"
    top.suptitle(title, weight="bold", parse_math=False)
    _draw_wiring(left, patch, note)
    _draw_envelopes(right, patch, curves, hold)
    moving, sounding = bottom.subfigures(1, 2, width_ratios=(1, 3))
    pitch, lfo = moving.subplots(2, 1, sharex=True)
    wave, spectrum, spectrogram = sounding.subplots(1, 3)
    _draw_pitch(pitch, curves, hold)
    _draw_lfo(lfo, patch, curves, hold)
    _draw_wave(wave, sound, hold)
    _draw_spectrum(spectrum, sound)
    _draw_spectrogram(spectrogram, sound, hold)
    return page


def _draw_wiring(page: Any, patch: Patch, note: int) -> None:
    """The algorithm, and below it the operators whose level follows the keys, if any."""
    decibels = scaling_curves(patch)[:, DX7_KEYS]
    wiring, *keyboard = page.subplots(2, 1, height_ratios=(2, 1)) if decibels.any() else [page.add_subplot()]
    draw_wiring(wiring, patch._wiring(), OP_LABELS)
    for axes in keyboard:
        draw_scaling(axes, decibels, carriers(patch.algorithm))
        octaves = range(0, len(DX7_KEYS), 12)
        axes.set_xticks(octaves, [note_name(DX7_KEYS[key]) for key in octaves])
        _finish(axes, note - DX7_KEYS[0])


def _draw_envelopes(page: Any, patch: Patch, curves: Curves, hold: float) -> None:
    heard = carriers(patch.algorithm)
    grid = page.subplots(2, 3, sharex=True, sharey=True)
    for number, axes in enumerate(grid.flat, 1):
        operator, level = patch.op[number - 1], curves.levels[number - 1]
        colour = CARRIER if number in heard else MODULATOR
        shown = np.maximum(level, _QUIET)
        axes.fill_between(curves.seconds, shown, _QUIET, color=colour, alpha=0.25, linewidth=0)
        axes.plot(curves.seconds, shown, color=colour, linewidth=2.2 if number in heard else 1.6)
        role = "carrier" if number in heard else "modulator"
        axes.set_title(f"OP{number} {role}", fontsize="medium", color=colour, weight="bold", loc="left")
        axes.set_title(frequency(operator), fontsize="small", color=colour, loc="right")
        if shown.max() <= _QUIET:
            why = "silent" if is_on(patch, number) else "switched off"
            axes.text(0.5, 0.5, why, transform=axes.transAxes, ha="center", va="center", color=_GREY)
        _finish(axes, hold)
    grid[0, 0].set_ylim(_QUIET, max(6.0, float(curves.levels.max()) + 2.0))
    grid[0, 0].set_xlim(0.0, max(float(curves.seconds[-1]), 1e-3))
    for axes in grid[:, 0]:
        axes.set_ylabel("level, dB")
    for axes in grid[-1]:
        axes.set_xlabel("seconds")
    assert grid.size == OPERATORS


def _draw_pitch(axes: Axes, curves: Curves, hold: float) -> None:
    axes.plot(curves.seconds, curves.cents, color=SOUND)
    reach = max(100.0, float(np.abs(curves.cents).max()) * 1.1)
    axes.set_ylim(-reach, reach)
    axes.set_title("pitch envelope", fontsize="medium", weight="bold")
    axes.set_ylabel("cents")
    _finish(axes, hold)


def _draw_lfo(axes: Axes, patch: Patch, curves: Curves, hold: float) -> None:
    axes.plot(curves.seconds, curves.lfo, color=SOUND, linewidth=0.9)
    axes.set_ylim(-1.1, 1.1)
    axes.set_title(f"LFO, {patch.lfo.wave}", fontsize="medium", weight="bold")
    axes.set_xlabel("seconds")
    axes.set_ylabel("of its depth")
    _finish(axes, hold)


def _draw_wave(axes: Axes, sound: NDArray[np.float32], hold: float) -> None:
    axes.plot(np.arange(len(sound)) / RATE, sound, color=SOUND, linewidth=0.4)
    reach = max(0.1, float(np.abs(sound).max(initial=0.0)) * 1.05)
    axes.set_ylim(-reach, reach)
    axes.set_title("sound", fontsize="medium", weight="bold")
    axes.set_xlabel("seconds")
    axes.set_ylabel("amplitude")
    _finish(axes, hold)


def _draw_spectrum(axes: Axes, sound: NDArray[np.float32]) -> None:
    """Of the loudest third of a second, a sine of full level being 0 dB."""
    padded = np.pad(sound, (0, max(0, _WINDOW - len(sound))))
    energy = np.concatenate([[0.0], np.cumsum(padded.astype(np.float64) ** 2)])
    first = int(np.argmax(energy[_WINDOW:] - energy[:-_WINDOW]))
    magnitudes = _magnitudes(padded[None, first : first + _WINDOW])[0]
    hertz = np.fft.rfftfreq(_WINDOW, 1 / RATE)
    axes.semilogx(hertz[1:], np.maximum(magnitudes[1:], _SOFT), color=SOUND, linewidth=0.9)
    axes.set_xlim(20, RATE / 2)
    axes.set_ylim(_SOFT, 6)
    axes.set_xticks([100, 1000, 10000], ["100", "1 k", "10 k"])
    axes.set_title(f"spectrum at {(first + _WINDOW / 2) / RATE:.1f} s", fontsize="medium", weight="bold")
    axes.set_xlabel("Hz")
    axes.set_ylabel("dB")
    _finish(axes, None)


def _draw_spectrogram(axes: Axes, sound: NDArray[np.float32], hold: float) -> None:
    hop = max(_SLICE // 8, len(sound) // 400)
    starts = np.arange(0, max(len(sound), 1), hop)
    mirrored = np.pad(sound if len(sound) else np.zeros(1), (0, _SLICE), "symmetric")  # where it is cut is no click
    padded = np.pad(mirrored, (_SLICE // 2, 0))
    slices = np.lib.stride_tricks.sliding_window_view(padded, _SLICE)[starts]
    rows = _HIGHEST * _SLICE // RATE
    picture = np.maximum(_magnitudes(slices)[:, :rows], _SOFT).T
    extent = (0.0, max(len(sound), 1) / RATE, 0.0, _HIGHEST / 1000)
    axes.imshow(
        picture,
        cmap="magma",
        vmin=_SOFT,
        vmax=0,
        aspect="auto",
        origin="lower",
        extent=extent,
        interpolation="bilinear",
    )
    axes.set_title("spectrogram", fontsize="medium", weight="bold")
    axes.set_xlabel("seconds")
    axes.set_ylabel("kHz")
    axes.axvline(hold, color="#ffffff", linewidth=0.8, linestyle=":")


def _magnitudes(frames: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Spectra in dB of frames (n, size): a sine of amplitude 1 has 0."""
    window = np.hanning(frames.shape[1])
    spectra = np.abs(np.fft.rfft(frames * window)) / (window.sum() / 2)
    return np.asarray(20 * np.log10(np.maximum(spectra, 1e-6)))


def _finish(axes: Axes, hold: float | None) -> None:
    """What all panels share: a quiet grid, and a line where the key goes up."""
    axes.grid(color=_GREY, alpha=0.25, linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_facecolor("none")
    if hold is not None:
        axes.margins(x=0)
        axes.axvline(hold, color=_GREY, linewidth=0.9, linestyle=":")
