/* SPDX-License-Identifier: Apache-2.0 */
#include "message.h"

#include "allocate.h"
#include "engine.h"
#include "member.h"
#include "mixer.h"

enum { NOTE_OFF = 0x80, NOTE_ON = 0x90, KEY_PRESSURE = 0xA0, CONTROL_CHANGE = 0xB0, PROGRAM_CHANGE = 0xC0,
       CHANNEL_PRESSURE = 0xD0, PITCH_BEND = 0xE0, SYSTEM = 0xF0 };

enum { MODULATION_WHEEL = 1, BREATH = 2, FOOT = 4, PORTAMENTO_TIME = 5, DATA_ENTRY = 6, VOLUME = 7, PAN = 10, EXPRESSION = 11,
       DATA_ENTRY_LOW = 38, SUSTAIN = 64, PORTAMENTO = 65, SOSTENUTO = 66, SOFT = 67, LEGATO = 68, DATA_INCREMENT = 96,
       DATA_DECREMENT = 97, UNREGISTERED_LOW = 98, UNREGISTERED = 99, REGISTERED_LOW = 100, REGISTERED = 101,
       ALL_SOUND_OFF = 120, RESET_CONTROLLERS = 121, ALL_NOTES_OFF = 123, OMNI_OFF = 124, OMNI_ON = 125, MONO = 126,
       POLY = 127 };

#define SWITCH_ON 64 /* pedals: this and above is down */

int sx_message_event(sx_event *event, const uint8_t *message, uint32_t length)
{
  if (length < 2 || message[0] < NOTE_OFF || message[0] >= SYSTEM) {
    return 0;
  }
  const uint8_t kind = message[0] & 0xF0;
  const uint32_t expected = kind == PROGRAM_CHANGE || kind == CHANNEL_PRESSURE ? 2 : 3;
  if (length != expected || message[1] > 127 || message[expected - 1] > 127) {
    return 0;
  }
  const sx_event e = { .frame = SX_NOW,
                       .kind = SX_EVENT_MIDI,
                       .part = message[0] & 0x0F,
                       .data = { kind, message[1], expected == 3 ? message[2] : 0 } };
  *event = e;
  return 1;
}

static void control_change(sx_engine *engine, uint32_t part_number, uint8_t controller, uint8_t value)
{
  sx_part *part = &engine->part[part_number];
  switch (controller) {
  case MODULATION_WHEEL: part->source[SX_WHEEL].value = value; break;
  case BREATH: part->source[SX_BREATH].value = value; break;
  case FOOT: part->source[SX_FOOT].value = value; break;
  case PORTAMENTO_TIME: part->portamento_time = (uint8_t)(value * 100 / 128); break;
  case DATA_ENTRY: sx_part_enter_data(part, 1, value); break;
  case DATA_ENTRY_LOW: sx_part_enter_data(part, 0, value); break;
  case DATA_INCREMENT: sx_part_step_data(part, 1); break; /* its value means nothing, by RP-018 */
  case DATA_DECREMENT: sx_part_step_data(part, -1); break;
  case REGISTERED: part->registered = (uint16_t)(value << 7 | (part->registered & 0x7F)); break;
  case REGISTERED_LOW: part->registered = (uint16_t)((part->registered & 0x3F80) | value); break;
  case UNREGISTERED:
  case UNREGISTERED_LOW: part->registered = SX_NO_PARAMETER; break;
  case VOLUME: part->volume = value; break;
  case PAN: sx_set_place(engine, part_number, sx_pan_place_of_controller(value)); break;
  case EXPRESSION: part->expression = value; break;
  case SUSTAIN: sx_sustain(engine, part_number, value >= SWITCH_ON); break;
  case PORTAMENTO: part->portamento = value >= SWITCH_ON; break;
  case SOSTENUTO: sx_sostenuto(engine, part_number, value >= SWITCH_ON); break;
  case SOFT: part->soft = value >= SWITCH_ON; break;
  case LEGATO: sx_legato(engine, part_number, value >= SWITCH_ON); break;
  case ALL_SOUND_OFF: sx_all_sound_off(engine, part_number); break;
  case RESET_CONTROLLERS:
    sx_part_reset_controllers(part);
    sx_touch_no_member(engine, part_number);
    sx_sustain(engine, part_number, 0);
    sx_sostenuto(engine, part_number, 0);
    sx_legato(engine, part_number, 0);
    break;
  case MONO:
    sx_all_notes_off(engine, part_number);
    if (value <= 1) { /* the DX7 knows mono on one channel only */
      sx_set_mono(engine, part_number, 1);
    }
    break;
  case POLY:
    sx_all_notes_off(engine, part_number);
    sx_set_mono(engine, part_number, 0);
    break;
  case ALL_NOTES_OFF:
  case OMNI_OFF:
  case OMNI_ON: sx_all_notes_off(engine, part_number); break;
  default: break;
  }
}

void sx_message_apply(sx_engine *engine, const sx_event *event)
{
  const uint32_t part = event->part;
  const sx_member_key key = { event->data[1], SX_NO_MEMBER };
  switch (event->data[0]) {
  case NOTE_ON:
    if (event->data[2] > 0) {
      sx_note_on(engine, part, key, event->data[2]);
      break;
    } /* velocity 0 is a note-off */
    sx_note_off(engine, part, key);
    break;
  case NOTE_OFF: sx_note_off(engine, part, key); break;
  case CONTROL_CHANGE: control_change(engine, part, event->data[1], event->data[2]); break;
  case CHANNEL_PRESSURE: sx_part_press(&engine->part[part], event->data[1]); break;
  case KEY_PRESSURE: sx_press_key(engine, part, event->data[1], event->data[2]); break;
  case PITCH_BEND: engine->part[part].bend = event->data[2]; break;
  default: break; /* program changes are resolved by those who know the bank */
  }
}
