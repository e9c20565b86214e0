/* SPDX-License-Identifier: Apache-2.0 */
#include "lfo.h"

#include "units.h"

#define PHASE_MASK 0xFFFFu
#define HALF 0x8000u
#define SYNC_PHASE 0x7FFFu  /* so that the first tick enters the second half */
#define DELAY_OVER 0xFFFFu
#define FULL_FADE 255

void sx_lfo_reset(sx_lfo *lfo)
{
  const sx_lfo zero = { 0, 0, 0, 0, 0, 0 };
  *lfo = zero;
}

void sx_lfo_note_on(sx_lfo *lfo, const sx_lfo_patch *patch)
{
  if (patch->delayed) {
    lfo->delay = 0;
    lfo->fade = 0;
  }
  if (patch->sync) {
    lfo->phase = SYNC_PHASE;
  }
}

static void advance_delay(sx_lfo *lfo, const sx_lfo_patch *patch)
{
  lfo->delay += patch->delay_increment;
  if (lfo->delay > DELAY_OVER) {
    const uint32_t step = patch->delay_increment >> 8;
    lfo->delay = DELAY_OVER;
    lfo->fade += step > 0 ? step : 1;
    if (lfo->fade > FULL_FADE) {
      lfo->fade = FULL_FADE;
    }
  }
}

static void advance_phase(sx_lfo *lfo, const sx_lfo_patch *patch)
{
  const uint32_t before = lfo->phase;
  lfo->phase = (before + patch->increment) & PHASE_MASK;
  if (before < HALF && lfo->phase >= HALF) { /* signed overflow draws a new random number */
    lfo->random = (uint8_t)(179u * lfo->random + 17u);
    lfo->held = lfo->random;
  }
}

static int32_t signed_byte(uint32_t byte)
{
  return (int32_t)(byte & 0xFF) - (byte & 0x80 ? 256 : 0);
}

static int32_t wave(const sx_lfo *lfo, uint32_t shape)
{
  const uint32_t high = lfo->phase >> 8;
  const int second_half = lfo->phase >= HALF;
  switch (shape) {
  case SX_TRIANGLE: {
    const uint32_t ramp = (lfo->phase >> 7) & 255;
    return (int32_t)(second_half ? 255 - ramp : ramp) - 128;
  }
  case SX_SAW_DOWN:
    return signed_byte(~high);
  case SX_SAW_UP:
    return signed_byte(high);
  case SX_SQUARE:
    return second_half ? -128 : 127;
  case SX_SINE: {
    const int32_t value = sx_lfo_sine(high & 0x40 ? 63 - (high & 63) : high & 63);
    return second_half ? -1 - value : value;
  }
  default:
    return signed_byte(lfo->held);
  }
}

void sx_lfo_tick(sx_lfo *lfo, const sx_lfo_patch *patch)
{
  advance_delay(lfo, patch);
  advance_phase(lfo, patch);
  lfo->value = (int16_t)wave(lfo, patch->wave);
}
