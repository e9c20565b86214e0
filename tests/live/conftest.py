# SPDX-License-Identifier: Apache-2.0
"""Live tests run beside the JACK dummy server of the fixture `jackd`."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
import rtmidi
from probe import Probe


@pytest.fixture
def probe(jackd: object) -> Iterator[Probe]:
    """The C client that records, sends and measures."""
    with Probe(os.environ["JACK_DEFAULT_SERVER"]) as client:
        yield client


@pytest.fixture
def keyboard(jackd: object) -> Iterator[rtmidi.MidiOut]:
    """A MIDI output of another program, not yet connected to anything."""
    output = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name="test-keyboard")
    yield output
    output.close_port()
    output.delete()
