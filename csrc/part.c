/* SPDX-License-Identifier: Apache-2.0 */
#include "part.h"

#include <string.h>

#include "function.h"
#include "units.h"

#define CENTRE 64
#define HIGHEST 127
#define COARSE_CENTRE 64
#define FINE_CENTRE 8192 /* and the steps of a semitone */
#define FINE_HIGHEST 0x3FFF
#define SEMITONE 100 /* cents */

enum { RPN_BEND_RANGE, RPN_FINE_TUNE, RPN_COARSE_TUNE };

void sx_part_reset(sx_part *part)
{
  const sx_part fresh = {
    .bend = CENTRE,
    .volume = HIGHEST,
    .expression = HIGHEST,
    .registered = SX_NO_PARAMETER,
    .coarse_tune = COARSE_CENTRE,
    .fine_tune = FINE_CENTRE,
    .last_pitch = SX_NO_PITCH,
    .mono_voice = -1,
    .level = 1.0f,
    .pan = { 1.0f, 1.0f },
    .gain = { 1.0f, 0.0f, 1.0f },
    .side = { { 1.0f, 0.0f, 1.0f }, { 1.0f, 0.0f, 1.0f } },
  };
  *part = fresh;
  for (uint32_t number = SX_MONO; number <= SX_MASTER_TUNE; ++number) {
    sx_part_set_function(part, number, sx_function_first(number));
  }
}

void sx_part_reset_controllers(sx_part *part)
{
  for (uint32_t i = 0; i < SX_SOURCES; ++i) {
    part->source[i].value = 0;
  }
  sx_part_press(part, 0);
  sx_part_press_no_key(part);
  part->bend = CENTRE;
  part->expression = HIGHEST;
  part->portamento = 0;
  part->soft = 0;
  part->registered = SX_NO_PARAMETER;
}

static uint8_t at_most(uint32_t value, uint32_t highest)
{
  return (uint8_t)(value > highest ? highest : value);
}

static int32_t within(int32_t value, int32_t highest)
{
  return value < 0 ? 0 : value > highest ? highest : value;
}

static void set_source(sx_source *source, uint32_t number, uint8_t value)
{
  if ((number - SX_WHEEL_RANGE) % 2 == 0) {
    source->range = value;
  } else {
    source->assign = value;
  }
}

void sx_part_set_function(sx_part *part, uint32_t number, uint32_t wanted)
{
  const uint32_t highest = sx_function_highest(number);
  const uint32_t value = wanted < highest ? wanted : highest;
  switch (number) {
  case SX_MONO: break;
  case SX_BEND_RANGE: part->bend_range = (uint16_t)(value * SEMITONE); break;
  case SX_BEND_STEP: part->bend_step = (uint8_t)value; break;
  case SX_PORTAMENTO_MODE: part->portamento_mode = (uint8_t)value; break;
  case SX_GLISSANDO: part->glissando = (uint8_t)value; break;
  case SX_PORTAMENTO_TIME: part->portamento_time = (uint8_t)value; break;
  case SX_MASTER_TUNE: part->tune = (int32_t)value; break;
  default:
    if (sx_is_function(number)) {
      set_source(&part->source[(number - SX_WHEEL_RANGE) / 2], number, (uint8_t)value);
    }
    break;
  }
}

uint32_t sx_part_assigned(const sx_part *part, const sx_touch *touch, uint32_t purpose, uint32_t *value)
{
  uint32_t ranges = 0;
  *value = 0;
  for (uint32_t i = 0; i < SX_SOURCES; ++i) {
    const sx_source *source = &part->source[i];
    if (source->assign & purpose) {
      const uint32_t range = sx_depth(source->range);
      ranges += range;
      const uint32_t sent = source->value > touch->source[i] ? source->value : touch->source[i];
      *value += (range * 2u * sent) >> 8;
    }
  }
  return ranges;
}

/* ---- pressure ------------------------------------------------------------ */

static void find_aftertouch(sx_part *part)
{
  uint8_t most = part->pressure;
  for (uint32_t key = 0; key < SX_KEYS; ++key) {
    most = part->key_pressure[key] > most ? part->key_pressure[key] : most;
  }
  part->source[SX_AFTERTOUCH].value = most;
}

void sx_part_press(sx_part *part, uint8_t pressure)
{
  part->pressure = pressure;
  find_aftertouch(part);
}

void sx_part_press_key(sx_part *part, uint8_t key, uint8_t pressure)
{
  if (part->key_pressure[key] != pressure) {
    part->key_pressure[key] = pressure;
    find_aftertouch(part);
  }
}

void sx_part_press_no_key(sx_part *part)
{
  memset(part->key_pressure, 0, sizeof part->key_pressure);
  find_aftertouch(part);
}

/* ---- pitch and volume ------------------------------------------------------ */

int32_t sx_part_bend(const sx_part *part)
{
  return sx_bend_word(part->bend, part->bend_range, part->bend_step);
}

static void set_bend_range(sx_part *part, int32_t cents)
{
  part->bend_range = (uint16_t)within(cents, (int32_t)sx_function_highest(SX_BEND_RANGE) * SEMITONE);
}

void sx_part_enter_data(sx_part *part, uint32_t most_significant, uint8_t value)
{
  if (part->registered == RPN_FINE_TUNE) {
    part->fine_tune = (uint16_t)(most_significant ? value << 7 : (part->fine_tune & ~HIGHEST) | value);
  } else if (part->registered == RPN_COARSE_TUNE && most_significant) {
    part->coarse_tune = value;
  } else if (part->registered == RPN_BEND_RANGE) {
    set_bend_range(part, most_significant ? value * SEMITONE : part->bend_range / SEMITONE * SEMITONE + at_most(value, 99));
  }
}

void sx_part_step_data(sx_part *part, int32_t by)
{
  switch (part->registered) {
  case RPN_BEND_RANGE: set_bend_range(part, part->bend_range + by); break;
  case RPN_FINE_TUNE: part->fine_tune = (uint16_t)within(part->fine_tune + by, FINE_HIGHEST); break;
  case RPN_COARSE_TUNE: part->coarse_tune = (uint8_t)within(part->coarse_tune + by, HIGHEST); break;
  default: break;
  }
}

int32_t sx_part_tune(const sx_part *part)
{
  const int32_t steps = (part->coarse_tune - COARSE_CENTRE) * FINE_CENTRE + part->fine_tune - FINE_CENTRE;
  return steps * 4096 / (12 * FINE_CENTRE);
}

float sx_part_gain(const sx_part *part)
{
  const float expression = (float)part->expression / (float)HIGHEST;
  return sx_volume_gain(part->volume) * expression * expression * part->level;
}

void sx_part_set_pan(sx_part *part, const sx_pan_curve *curve, float place)
{
  part->pan[SX_LEFT] = sx_pan_gain(curve, SX_PAN_STEPS - place);
  part->pan[SX_RIGHT] = sx_pan_gain(curve, place);
}

void sx_part_settle(sx_part *part)
{
  part->gain = sx_ramp_at(part->level);
  for (uint32_t side = 0; side < SX_SIDES; ++side) {
    part->side[side] = sx_ramp_at(part->level * part->pan[side]);
  }
}

void sx_part_move_gains(sx_part *part, uint32_t frames_to_next)
{
  const float gain = sx_part_gain(part);
  sx_ramp_tick(&part->gain, gain, frames_to_next);
  for (uint32_t side = 0; side < SX_SIDES; ++side) {
    sx_ramp_tick(&part->side[side], gain * part->pan[side], frames_to_next);
  }
}
