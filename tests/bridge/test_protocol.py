# SPDX-License-Identifier: Apache-2.0
"""The protocol's bytes: addresses, frames, and that none of them can erase anything."""

import inspect

import pytest

from bridge import protocol
from bridge.errors import NotSentError
from bridge.protocol import Command

ALL = range(protocol.SIZE)
PROGRAM = bytes(range(256)) * 2


@pytest.mark.parametrize("n", [n for n in ALL if n != 255])
def test_addresses(n):
    assert protocol.address(n) == (bytes((n,)) if n < 255 else bytes((0xFF, n - 256)))


@pytest.mark.parametrize("n", [n for n in ALL if n != 511])
def test_addresses_of_the_other_variant(n):
    assert protocol.address(n, "n-255") == (bytes((n,)) if n < 255 else bytes((0xFF, n - 255)))


def test_the_other_variant_does_not_reach_511():
    with pytest.raises(NotSentError, match="511 cannot be addressed"):
        protocol.address(511, "n-255")


def test_no_two_parameters_share_an_address():
    addresses = [protocol.address(n) for n in ALL if n != 255]
    assert len(set(addresses)) == len(addresses)


@pytest.mark.parametrize("make", [protocol.address, protocol.get, lambda n: protocol.set_value(n, 0)])
def test_parameter_255_is_out_of_reach(make):
    with pytest.raises(NotSentError, match="255 cannot be addressed"):
        make(255)


@pytest.mark.parametrize("n", [-1, 512, 1.0, True, "3", None])
def test_numbers_that_no_parameter_has(n):
    for make in (protocol.address, protocol.get, lambda n: protocol.set_value(n, 0)):
        with pytest.raises(ValueError, match="parameter numbers go from 0 to 511"):
            make(n)


def test_unknown_variant():
    with pytest.raises(ValueError, match="n-256 and n-255"):
        protocol.address(3, "n")


@pytest.mark.parametrize(
    ("command", "frame", "reply"),
    [
        (protocol.dump(), b"d", 512),
        (protocol.get(33), b"g\x21", 1),
        (protocol.get(256), b"g\xff\x00", 1),
        (protocol.set_value(33, 7), b"s\x21\x07", 0),
        (protocol.set_value(511, 255), b"s\xff\xff\xff", 0),
        (protocol.set_value(510, 9, "n-255"), b"s\xff\xff\x09", 0),
        (protocol.initialise(), b"i", 1),
        (protocol.read_program(127), b"r\x7f", 1),
        (protocol.write_program(0), b"w\x00", 1),
        (protocol.select_unit(1), b"1", 1),
        (protocol.select_unit(2), b"2", 1),
        (protocol.midi_channel(1, 0), b"*\x0a\x00", 1),
        (protocol.midi_channel(2, 16), b"*\x0b\x10", 1),
        (protocol.layer_mode(True), b"*\x0c\x01", 1),
        (protocol.layer_mode(False), b"*\x0c\x00", 1),
        (protocol.block_load(PROGRAM)[0], b"j", 0),
        (protocol.block_load(PROGRAM)[1], PROGRAM, 0),
    ],
    ids=str,
)
def test_frames(command, frame, reply):
    assert command == Command(frame, reply)


@pytest.mark.parametrize(
    ("make", "arguments"),
    [
        (protocol.set_value, (33, -1)),
        (protocol.set_value, (33, 256)),
        (protocol.set_value, (33, True)),
        (protocol.set_value, (33, 1.5)),
        (protocol.read_program, (-1,)),
        (protocol.read_program, (128,)),
        (protocol.write_program, (128,)),
        (protocol.write_program, (None,)),
        (protocol.select_unit, (0,)),
        (protocol.select_unit, (3,)),
        (protocol.midi_channel, (3, 1)),
        (protocol.midi_channel, (1, 17)),
        (protocol.midi_channel, (1, -1)),
        (protocol.block_load, (PROGRAM[:-1],)),
    ],
)
def test_arguments_out_of_range_are_refused(make, arguments):
    with pytest.raises(ValueError, match=r"not "):
        make(*arguments)


def _every_command():
    """Each function of the module that makes commands, with all its arguments in turn."""
    yield from (protocol.dump(), protocol.initialise())
    for n in ALL:
        if n != 255:
            yield protocol.get(n)
            yield from (protocol.set_value(n, value) for value in range(256))
    for slot in range(protocol.PROGRAMS):
        yield from (protocol.read_program(slot), protocol.write_program(slot))
    for unit in protocol.UNITS:
        yield protocol.select_unit(unit)
        yield from (protocol.midi_channel(unit, channel) for channel in range(17))
    yield from (protocol.layer_mode(True), protocol.layer_mode(False), protocol.block_load(PROGRAM)[0])


def test_no_frame_begins_with_a_letter_that_erases():
    letters = {command.frame[:1] for command in _every_command()}
    assert letters == {bytes((letter,)) for letter in b"dgsirw12*j"}
    assert not letters & {b"$", b"#", b"t", b"V"}


def test_every_maker_of_commands_is_tried_above():
    makers = {
        name
        for name, thing in inspect.getmembers(protocol, inspect.isfunction)
        if not name.startswith("_") and "Command" in str(inspect.signature(thing).return_annotation)
    }
    tried = {"dump", "get", "set_value", "initialise", "read_program", "write_program", "select_unit", "midi_channel"}
    assert makers == tried | {"layer_mode", "block_load"}


def test_hazards_are_told_by_their_arguments():
    hazards = set(b"$#tVw")
    assert hazards == protocol.HAZARDS
    for command in _every_command():
        assert protocol.exposes_hazard(command.frame) == any(byte in hazards for byte in command.frame[1:])
    assert not protocol.exposes_hazard(protocol.write_program(0).frame)
    assert protocol.exposes_hazard(protocol.write_program(35).frame)
    assert protocol.exposes_hazard(protocol.set_value(36, 0).frame)
    assert protocol.exposes_hazard(protocol.set_value(292, 0).frame)
    assert protocol.exposes_hazard(protocol.get(119).frame)
