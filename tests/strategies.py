# SPDX-License-Identifier: Apache-2.0
"""Hypothesis strategies: legal voices, banks and messages, and the folder of real banks."""

import os
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from synth.bank import Bank
from synth.parameters import ALL_OPERATORS_ON, PARAMETERS
from synth.patch import Patch

SHARED = Path(os.environ.get("SIXOP_SHARED", Path(__file__).resolve().parents[2] / "shared"))
BANKS = SHARED / "banks"

#: 155 legal bytes in VCED order
voices = st.tuples(*(st.integers(p.minimum, p.maximum) for p in PARAMETERS)).map(bytes)


def _patch(voice: bytes, switches: int) -> Patch:
    patch = Patch.from_raw(voice)
    patch.operators_on = switches
    return patch


#: any legal Patch, with any operator switches
patches = st.builds(_patch, voices, st.integers(0, ALL_OPERATORS_ON))


def random_voices(seed: int, count: int) -> np.ndarray:
    """`count` legal voices, uint8 (count, 155), the same for the same seed; quicker than `voices` by the bank."""
    low = np.array([p.minimum for p in PARAMETERS])
    high = np.array([p.maximum for p in PARAMETERS])
    return np.random.default_rng(seed).integers(low, high, (count, len(PARAMETERS)), endpoint=True).astype(np.uint8)


def random_bank(seed: int) -> Bank:
    """A Bank of 32 random legal voices."""
    return Bank(Patch.from_raw(voice) for voice in random_voices(seed, 32))


#: any Bank of legal voices
banks = st.integers(0, 2**32 - 1).map(random_bank)

#: a message a DX7 would take: a single voice or a bank, on any channel
messages = st.one_of(
    st.builds(lambda patch, channel: patch.to_message(channel), patches, st.integers(0, 15)),
    st.builds(lambda bank, channel: bank.to_sysex(channel), banks, st.integers(0, 15)),
)
