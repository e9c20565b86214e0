# SPDX-License-Identifier: Apache-2.0
"""Batches: each row is what `render` gives, whoever renders it and into whatever memory."""

import re
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from strategies import random_voices

from synth import Bank, Patch, factory_bank, render, render_batch, vectors
from synth.engine import KERNELS

SHORT = {"hold": 0.05, "tail": 0.05}


def same_bits(a: np.ndarray, b: np.ndarray) -> bool:
    """Equal to the sign of a zero."""
    return a.shape == b.shape and a.dtype == b.dtype and a.tobytes() == b.tobytes()


@pytest.fixture(scope="module")
def voices():
    """200 patches: the factory voices, and random ones, of which some have operators switched off."""
    patches = list(factory_bank()) + [Patch.from_raw(voice) for voice in random_voices(11, 168)]
    for number in range(40, 60):
        patches[number].operators_on = number
    return patches


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("output", ["clean", "dx7"])
@pytest.mark.parametrize("rate", [8000, 44100, 48000, 49096, 96000, 192000])
def test_rows_are_what_render_gives(voices, kernel, output, rate):
    rows = voices[rate % 7 :: 17] + voices[40:44]
    notes = np.arange(len(rows)) * 7 % 128
    velocities = np.arange(len(rows)) * 29 % 128
    found = render_batch(rows, notes, velocities, 0.1, 0.1, rate, kernel, output=output)
    assert found.shape == (len(rows), round(0.2 * rate))
    assert found.any()
    for row, patch in enumerate(rows):
        alone = render(patch, int(notes[row]), int(velocities[row]), 0.1, 0.1, rate, kernel, output=output)
        assert same_bits(found[row], alone)


@pytest.mark.parametrize("kernel", KERNELS)
def test_each_key_is_held_for_its_own_time(voices, kernel):
    hold = np.linspace(0, 0.4, 20)
    found = render_batch(voices[:20], hold=hold, tail=0.1, kernel=kernel)
    assert found.shape == (20, 24000)
    for row, seconds in enumerate(hold):
        alone = render(voices[row], hold=float(seconds), tail=0.5 - float(seconds), kernel=kernel)
        assert same_bits(found[row, : len(alone)], alone[:24000])


@pytest.mark.parametrize("kernel", KERNELS)
def test_company_order_and_threads_change_nothing(voices, kernel):
    notes = np.arange(200) % 80 + 20
    hold = np.arange(200) % 5 * 0.01
    whole = render_batch(voices, notes, 100, hold, 0.05, 44100, kernel, threads=1)
    for threads in (2, 5, 1000):
        assert same_bits(render_batch(voices, notes, 100, hold, 0.05, 44100, kernel, threads=threads), whole)
    for count in (1, 3, 64, 65):
        some = slice(100 - count // 2, 100 - count // 2 + count)
        part = render_batch(voices[some], notes[some], 100, hold[some], 0.05, 44100, kernel)
        assert same_bits(part, whole[some, : part.shape[1]])
    mixed = np.random.default_rng(1).permutation(200)
    found = render_batch([voices[i] for i in mixed], notes[mixed], 100, hold[mixed], 0.05, 44100, kernel)
    assert same_bits(found, whole[mixed])


def test_voices_in_any_form(voices):
    raw = np.stack([patch.to_raw() for patch in voices[:40]])
    expected = render_batch(voices[:40], **SHORT)
    forms = [
        tuple(voices[:40]),
        raw,
        raw.astype(np.int64),
        np.asfortranarray(raw),
        raw.tolist(),
        iter(voices[:40]),
        [patch.to_bytes() for patch in voices[:40]],
        vectors.to_vectors(raw),
        vectors.to_vectors(raw).astype(np.float64),
    ]
    for form in forms:
        assert same_bits(render_batch(form, **SHORT), expected)
    bank = Bank(voices[:32])
    assert same_bits(render_batch(bank, **SHORT), expected[:32])
    one = render_batch(voices[3], **SHORT)
    assert same_bits(one, expected[3:4])
    for form in (raw[3], vectors.to_vectors(raw)[3], raw[3:4], voices[3].to_bytes(), [voices[3]]):
        assert same_bits(render_batch(form, **SHORT), one)


def test_names_are_ignored(voices):
    raw = voices[0].to_raw()
    raw[145:] = 0
    assert same_bits(render_batch(raw, **SHORT)[0], render(voices[0], **SHORT))


def test_one_of_anything_serves_all_rows(voices):
    notes = [40, 50, 60]
    found = render_batch(voices[0], notes, [10, 60, 110], [0.01, 0.02, 0.03], 0.01)
    again = render_batch([voices[0]] * 3, notes, np.array([10, 60, 110], np.uint8), [0.01, 0.02, 0.03], 0.01)
    assert same_bits(found, again)
    assert same_bits(render_batch(voices[:3], [60], [100], [0.05], 0.05), render_batch(voices[:3], **SHORT))
    assert render_batch(voices[:1], notes, **SHORT).shape == (3, 4800)


@pytest.mark.parametrize("kernel", KERNELS)
def test_velocity_0_is_silence(voices, kernel):
    found = render_batch(voices[:5], velocities=[0, 100, 0, 1, 127], kernel=kernel, **SHORT)
    assert not found[[0, 2]].any()
    assert found[1].any()


@pytest.mark.parametrize("empty", [[], np.empty((0, 155), np.uint8), np.empty((0, 145), np.float32), ()])
def test_no_rows(empty):
    assert render_batch(empty, hold=0.1, tail=0.1).shape == (0, 9600)
    assert render_batch(empty, [], hold=[], tail=0.1).shape == (0, 4800)


@pytest.mark.parametrize("kernel", KERNELS)
def test_no_time(voices, kernel):
    assert render_batch(voices[:3], hold=0, tail=0, kernel=kernel).shape == (3, 0)


@pytest.mark.parametrize("kernel", KERNELS)
def test_into_memory_of_the_caller(voices, kernel, tmp_path):
    expected = render_batch(voices[:70], kernel=kernel, **SHORT)
    out = np.full((70, 4800), np.nan, np.float32)
    assert render_batch(voices[:70], kernel=kernel, out=out, **SHORT) is out
    assert same_bits(out, expected)
    mapped = np.memmap(tmp_path / "notes.f32", np.float32, "w+", shape=(70, 4800))
    render_batch(voices[:70], kernel=kernel, out=mapped, **SHORT)
    mapped.flush()
    assert (tmp_path / "notes.f32").read_bytes() == expected.tobytes()


# ---- progress ----------------------------------------------------------------


def test_progress_is_told_to_the_end(voices):
    told = []
    render_batch(voices[:100], hold=1.0, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (100, 100)
    assert told == sorted(told)
    assert {total for _, total in told} == {100}


def test_what_progress_returns_is_ignored(voices):
    assert same_bits(
        render_batch(voices[:3], progress=lambda done, total: False, **SHORT), render_batch(voices[:3], **SHORT)
    )


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
@pytest.mark.parametrize("kernel", KERNELS)
def test_what_progress_raises_stops_the_work(kernel, error, tmp_path):
    def stop(done, total):
        raise error("enough")

    before = time.monotonic()
    mapped = np.memmap(tmp_path / "hours.f32", np.float32, "w+", shape=(8, 3600 * 48000))  # sparse
    with pytest.raises(error, match="enough"):
        render_batch(Patch(), np.arange(8) + 60, hold=3600, tail=0, kernel=kernel, progress=stop, out=mapped)
    assert time.monotonic() - before < 60  # it would be an hour for each


def test_other_threads_go_on(voices):
    """The interpreter is free while C renders."""
    counted = 0
    stop = threading.Event()

    def count():
        nonlocal counted
        while not stop.is_set():
            counted += 1

    counter = threading.Thread(target=count)
    counter.start()
    before = counted
    render_batch(voices[:64], hold=1.0, threads=1)
    gained = counted - before
    stop.set()
    counter.join()
    assert gained > 1000


def test_several_batches_at_once(voices):
    expected = [
        render_batch(voices[i : i + 30], kernel=k, **SHORT) for i, k in ((0, "chip"), (30, "clean"), (60, "chip"))
    ]
    found = [None] * 3

    def work(number, first, kernel):
        found[number] = render_batch(voices[first : first + 30], kernel=kernel, **SHORT)

    jobs = [threading.Thread(target=work, args=a) for a in ((0, 0, "chip"), (1, 30, "clean"), (2, 60, "chip"))]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
    assert all(same_bits(a, b) for a, b in zip(expected, found, strict=True))


MEMORY = """
import resource, sys
import numpy as np
from synth import render_batch
from synth.parameters import INIT_VOICE

kernel, output, path = sys.argv[1:]
rows, seconds, threads = {shape}
voices = np.tile(np.frombuffer(INIT_VOICE, np.uint8), (rows, 1))
out = np.memmap(path, np.float32, "w+", shape=(rows, round(seconds * 8000)))
render_batch(voices[:2], hold=0.01, tail=0, kernel=kernel, output=output)  # what is made once
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
render_batch(voices, hold=seconds / 2, tail=seconds / 2, sample_rate=8000, kernel=kernel, output=output,
             threads=threads, out=out)
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print((after - before) * 1024 - out.nbytes)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="counts in kilobytes")
@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("output", ["clean", "dx7"])
@pytest.mark.parametrize("shape", ["200000, 0.004, 64", "4096, 0.1, 64"])
def test_memory_is_the_output_and_at_most_64_megabytes(kernel, output, shape, tmp_path):
    program = MEMORY.replace("{shape}", shape)
    command = [sys.executable, "-c", program, kernel, output, str(tmp_path / "out.f32")]
    more = int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert more < 64 * 2**20


# ---- bad input ---------------------------------------------------------------


def raw(row=0, position=0, value=100):
    voices = np.stack([Patch().to_raw()] * 3).astype(np.int64)
    voices[row, position] = value
    return voices


def floats(row=0, place=0, value=2.0):
    rows = vectors.to_vectors(raw(0, 0, 99).astype(np.uint8))
    rows[row, place] = value
    return rows


def frozen(array):
    array.flags.writeable = False
    return array


THREE = np.stack([Patch().to_raw()] * 3)
OUT = (3, 4800)
OUT_OF_RANGE = [
    ({"voices": raw(2, 0, 100)}, "voices must have OP6 EG RATE 1 0 to 99, not 100 in row 2, column 0."),
    ({"voices": raw(1, 134, 32)}, "voices must have ALGORITHM 0 to 31, not 32 in row 1, column 134."),
    ({"voices": raw(1, 134, -1)}, "ALGORITHM 0 to 31, not -1 in row 1"),
    ({"voices": raw(1, 134, 256)}, "ALGORITHM 0 to 31, not 256 in row 1"),
    ({"voices": [Patch(), b"\xff" * 155]}, "OP6 EG RATE 1 0 to 99, not 255 in row 1"),
    ({"voices": [Patch(), b"short"]}, "voices must have 155 bytes each, not 5 in row 1."),
    ({"voices": [[1, 2], [3]]}, "voices must have rows of one length."),
    ({"notes": [[1, 2], [3]]}, "notes must have rows of one length."),
    ({"voices": floats(2, 125, np.nan)}, "voices must have algorithm 0 to 31, not nan in row 2, column 125."),
    ({"voices": floats(0, 64, 1.01)}, "op_output_level[1] 0 to 1, not 1.01"),
    ({"voices": floats(0, 64, -0.01)}, "op_output_level[1] 0 to 1, not -0.01"),
    ({"voices": floats(1, 0, np.inf)}, "feedback 0 to 1, not inf in row 1"),
    ({"voices": THREE[:, :154]}, "shape (rows, 155) or (155,), not (3, 154)"),
    ({"voices": THREE[None]}, "not (1, 3, 155)"),
    ({"voices": np.zeros((2, 144), np.float32)}, "shape (rows, 145) or (145,), not (2, 144)"),
    ({"voices": THREE.astype(float)}, "whole numbers are 155 a voice, floats 145"),
    ({"notes": 128}, "notes must be 0 to 127, not 128."),
    ({"notes": [1, 2, -1]}, "notes must be 0 to 127, not -1 in row 2."),
    ({"notes": [1, 2]}, "one for each row, not 3 voices, 2 notes"),
    ({"notes": [[1, 2, 3]]}, "notes must be one value or a row of them, not an array of shape (1, 3)"),
    ({"velocities": [0, 128, 0]}, "velocities must be 0 to 127, not 128 in row 1."),
    ({"velocities": np.zeros(4, int)}, "4 velocities"),
    ({"hold": -0.1}, "hold must be 0 to 3600 seconds, not -0.1."),
    ({"hold": [1, np.nan, 1]}, "hold must be 0 to 3600 seconds, not nan in row 1."),
    ({"hold": [1, 1, np.inf]}, "hold must be 0 to 3600 seconds, not inf in row 2."),
    ({"hold": 3601}, "hold must be 0 to 3600 seconds, not 3601."),
    ({"hold": np.zeros(2)}, "2 of hold"),
    ({"tail": -1}, "tail must be 0 to 3600 seconds, not -1."),
    ({"tail": np.inf}, "tail must be 0 to 3600 seconds, not inf."),
    ({"tail": np.nan}, "tail must be 0 to 3600 seconds, not nan."),
    ({"tail": 3600.1}, "tail must be 0 to 3600 seconds"),
    ({"sample_rate": 7999}, "sample_rate must be 8000 to 192000, not 7999."),
    ({"sample_rate": 48000.5}, "sample_rate must be a whole number of 8000 to 192000, not 48000.5."),
    ({"sample_rate": 192001}, "sample_rate must be 8000 to 192000, not 192001."),
    ({"kernel": "opl"}, "kernel must be one of chip, clean, not 'opl'."),
    ({"output": "dx9"}, "output must be one of clean, dx7, not 'dx9'."),
    ({"threads": 0}, "threads must be 1 to"),
    ({"out": np.zeros((3, 4799), np.float32)}, "out must have the shape (3, 4800), not (3, 4799)."),
    ({"out": np.zeros(4800, np.float32)}, "out must have the shape (3, 4800), not (4800,)."),
    ({"out": np.zeros((4800, 3), np.float32).T}, "out must be C-contiguous, aligned and writable."),
    ({"out": frozen(np.zeros(OUT, np.float32))}, "out must be C-contiguous, aligned and writable."),
]
WRONG_KIND = [
    ({"voices": None}, "voices must be patches"),
    ({"voices": "PIANO"}, "voices must be patches"),
    ({"voices": [Patch(), None]}, "voices must be patches, but row 1 is None."),
    ({"voices": [None, Patch()]}, "voices must be patches, or numbers"),
    ({"voices": {"a": 1}}, "voices must be patches, or numbers"),
    ({"voices": THREE.astype(bool)}, "not bool values"),
    ({"notes": 60.0}, "notes must be a whole number of 0 to 127, not "),
    ({"notes": "C3"}, "notes must be a whole number of 0 to 127"),
    ({"notes": None}, "notes must be a whole number of 0 to 127, not None."),
    ({"notes": [60.0, 61.0, 62.0]}, "notes must be whole numbers of 0 to 127, not float64 values."),
    ({"velocities": True}, "velocities must be a whole number of 0 to 127, not "),
    ({"velocities": [True, False, True]}, "velocities must be whole numbers of 0 to 127, not bool values."),
    ({"hold": "1"}, "hold must be a number of seconds, not '1'."),
    ({"hold": ["1", "2", "3"]}, "hold must be numbers of seconds, not "),
    ({"tail": None}, "tail must be a number of seconds, not None."),
    ({"tail": [1.0, 2.0]}, "tail must be a number of seconds, not [1.0, 2.0]."),
    ({"sample_rate": "48000"}, "sample_rate must be a whole number of 8000 to 192000, not '48000'."),
    ({"threads": 1.5}, "threads must be a whole number of 1 to"),
    ({"out": np.zeros(OUT)}, "out must be a float32 array, not float64 values."),
    ({"out": [0.0]}, "out must be a float32 array, not [0.0]."),
    ({"progress": True}, "progress must be a function of two numbers, not True."),
]


@pytest.mark.parametrize(
    ("error", "bad", "sentence"),
    [(ValueError, *case) for case in OUT_OF_RANGE] + [(TypeError, *case) for case in WRONG_KIND],
)
def test_bad_input_is_named_before_anything_is_rendered(error, bad, sentence):
    out = np.full(OUT, 7, np.float32)
    with pytest.raises(error) as caught:
        render_batch(**{"voices": THREE, "hold": 0.05, "tail": 0.05, "out": out} | bad)
    message = str(caught.value)
    assert sentence in message
    assert re.fullmatch(r"[^\n]+\.", message)
    assert (out == 7).all()


@pytest.mark.parametrize("name", ["voices", "notes", "velocities"])
def test_out_must_not_share_memory_with_what_is_read(name):
    memory = np.full((4, 960), 60, np.float32)
    bytes_of = {"voices": (4, 155), "notes": (4,), "velocities": (4,)}
    shared = memory.reshape(-1).view(np.uint8)[: int(np.prod(bytes_of[name]))].reshape(bytes_of[name])
    shared[...] = 0
    arguments = {"voices": Patch.init_voice(), "notes": 60, "velocities": 100} | {name: shared}
    with pytest.raises(ValueError, match=f"out must not share memory with {name}"):
        render_batch(**arguments, hold=0.01, tail=0.01, out=memory)
