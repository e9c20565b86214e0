/* SPDX-License-Identifier: Apache-2.0 */
#include "contour.h"

#include <string.h>

#include "lanes.h"
#include "rom.h"
#include "voice.h"

#define NEVER 1e300
#define STEPS_PER_OCTAVE 256
#define SILENT_AT_REST (SX_SILENT / (SX_OCTAVE / STEPS_PER_OCTAVE)) /* where the chip's output is 0 */
#define RISE_FRAMES 8.0 /* native frames in which an attack leaves silence, where the chip jumps */

/* ---- lines -------------------------------------------------------------- */

static void lead_to(sx_contour *contour, float goal, double speed)
{
  const float distance = goal - contour->level;
  contour->goal = goal;
  contour->slope = (float)(distance < 0 ? -speed : speed);
  contour->until = contour->from + (double)(distance < 0 ? -distance : distance) / speed;
}

static void hold_until(sx_contour *contour, double until)
{
  contour->goal = contour->level;
  contour->slope = 0.0f;
  contour->until = until;
}

/* The time of the next step the chip would take. */
static double next_step(const sx_contour *contour, const sx_envelope *envelope, const sx_rate *rate)
{
  const double counter = SX_SETTLE_FRAMES + contour->from * rate->native_frames;
  const uint64_t whole = (uint64_t)counter;
  const uint64_t step = sx_envelope_next_step(whole + ((double)whole < counter), envelope->rate);
  return ((double)step - SX_SETTLE_FRAMES) / rate->native_frames;
}

/* Upwards in loudness. From far down the chip jumps to one level, then its steps grow with each octave. */
static void rise(sx_contour *contour, const sx_envelope *envelope, const sx_rate *rate)
{
  const float target = envelope->target;
  float goal = SX_ENVELOPE_RISE;
  if (contour->level > goal) {
    lead_to(contour, target > goal ? target : goal, (double)(contour->level - goal) / RISE_FRAMES * rate->native_frames);
    return;
  }
  int32_t octave = (int32_t)contour->level / STEPS_PER_OCTAVE;
  octave -= (float)(octave * STEPS_PER_OCTAVE) == contour->level;
  goal = (float)(octave * STEPS_PER_OCTAVE);
  lead_to(contour, target > goal ? target : goal,
          sx_envelope_speed(envelope->rate) * (octave + 2) * rate->native_frames);
}

/* Draws the next line from where the contour is. */
static void draw(sx_contour *contour, const sx_envelope *envelope, const sx_rate *rate)
{
  const float target = envelope->target;
  const int waited = contour->waits;
  contour->waits = 0;
  if (sx_envelope_holds(envelope)) {
    if (envelope->stage == SX_REST && contour->level >= SILENT_AT_REST) {
      contour->level = SX_ENVELOPE_OFF;
    }
    hold_until(contour, NEVER);
  } else if (target > contour->level) {
    lead_to(contour, target, sx_envelope_speed(envelope->rate) * rate->native_frames);
  } else if (!waited && (target == contour->level || contour->level > SX_ENVELOPE_RISE)) {
    contour->waits = 1;
    hold_until(contour, next_step(contour, envelope, rate));
  } else if (target < contour->level) {
    rise(contour, envelope, rate);
  }
}

static void advance(sx_contour *contour, sx_envelope *envelope, const sx_operator_patch *op, uint32_t voice_register,
                    const sx_rate *rate)
{
  contour->from = contour->until;
  contour->level = contour->goal;
  if (contour->level == (float)envelope->target) {
    const uint16_t reached = envelope->target;
    contour->waits = 0;
    sx_envelope_finish(envelope, op, voice_register);
    if (envelope->attenuation != reached) { /* a delay that begins elsewhere */
      contour->level = envelope->attenuation;
    }
  }
  draw(contour, envelope, rate);
}

static float level_at(const sx_contour *contour, double frame)
{
  return contour->level + contour->slope * (float)(frame - contour->from);
}

static void inform(sx_envelope *envelope, float level)
{
  envelope->attenuation = (uint16_t)(level < 0.0f ? 0 : level > SX_ENVELOPE_OFF ? SX_ENVELOPE_OFF : (int32_t)(level + 0.5f));
}

void sx_contour_silence(sx_contour *contour)
{
  contour->from = 0.0;
  contour->level = SX_ENVELOPE_OFF;
  contour->waits = 0;
  hold_until(contour, NEVER);
}

void sx_contour_catch_up(sx_contour *contour, sx_envelope *envelope, const sx_operator_patch *op,
                         uint32_t voice_register, const sx_rate *rate, uint64_t frame)
{
  while (contour->until <= (double)frame) {
    advance(contour, envelope, op, voice_register, rate);
  }
  contour->level = level_at(contour, (double)frame);
  contour->from = (double)frame;
  inform(envelope, contour->level);
}

void sx_contour_start(sx_contour *contour, const sx_envelope *envelope, const sx_rate *rate, uint64_t frame)
{
  sx_envelope now = *envelope;
  inform(&now, contour->level);
  if (now.attenuation != envelope->attenuation || envelope->attenuation == envelope->target) {
    contour->level = envelope->attenuation;
  }
  contour->from = (double)frame;
  contour->waits = 0;
  draw(contour, envelope, rate);
}

/* ---- gains -------------------------------------------------------------- */

#define BIAS 128 /* keeps what is rounded positive */
#define EXPONENT_BIAS 127
#define MANTISSA_BITS 23

/* 2^x for -100 < x < 100, within 7e-8: minimax on 0..1 with 2^0 = 1. */
SX_INLINE float power_of_two(float x)
{
  const float positive = x + (float)BIAS;
  const int32_t whole = (int32_t)positive;
  const float f = positive - (float)whole;
  const float mantissa =
    1.0f + f * (0.6931510675f +
                f * (0.2401656511f + f * (0.05579930073f + f * (0.009014884571f + f * 0.001868956337f))));
  const int32_t bits = (whole - BIAS + EXPONENT_BIAS) * (1 << MANTISSA_BITS);
  float scale;
  memcpy(&scale, &bits, sizeof scale);
  return mantissa * scale;
}

/* 0 from the level on where envelopes are off; without a branch, which would keep it from becoming vectors. */
SX_INLINE float gain_at(float level, float octaves)
{
  const float gain = power_of_two(octaves - level * (1.0f / STEPS_PER_OCTAVE));
  int32_t bits;
  memcpy(&bits, &gain, sizeof bits);
  bits &= 0 - ((int32_t)level < SX_ENVELOPE_OFF);
  float gated;
  memcpy(&gated, &bits, sizeof gated);
  return gated;
}

/* From slice `first` of a line on: each slice's gain at its beginning, times the same 16 powers. `level` is that of
 * frame 0 of slice 0. */
SX_CLONED static void fill_slices(float *restrict out, float level, float slope, float octaves, int32_t first,
                                  int32_t count)
{
  float start[SX_SLICE];
  float power[SX_SLICE];
  for (int32_t j = 0; j < SX_SLICE; ++j) {
    const int32_t slice = first + (j < count ? j : 0); /* none beyond the line's end */
    start[j] = gain_at(level + slope * (float)(SX_SLICE * slice), octaves);
    power[j] = power_of_two(slope * (float)j * (-1.0f / STEPS_PER_OCTAVE));
  }
  for (int32_t j = 0; j < count; ++j) {
    sx_lanes_scale(out + j * SX_SLICE, power, start[j]);
  }
}

/* Frames `frame` to `end` of the line into row, whose SX_SLICE'th value is that of `row_frame`. */
static void fill_line(const sx_contour *contour, const sx_addend *addend, float offset, uint64_t frame, uint64_t end,
                      uint64_t row_frame, float *row)
{
  double from = contour->from;
  float slope = contour->slope;
  float level = contour->level;
  if (addend != NULL) { /* begins anew with every tick */
    if (from < addend->from) {
      from = addend->from;
      level = level_at(contour, from);
    }
    level += addend->level + addend->slope * (float)(from - addend->from);
    slope += addend->slope;
  }
  uint64_t first = (uint64_t)from;
  first += (double)first < from;
  const uint32_t at = (uint32_t)(frame - first);
  const int32_t slice = (int32_t)(at / SX_SLICE);
  const uint32_t within = at % SX_SLICE;
  const int32_t count = (int32_t)(((uint32_t)(end - frame) + within + SX_SLICE - 1) / SX_SLICE);
  fill_slices(row + SX_SLICE + (frame - row_frame) - within, level + slope * (float)((double)first - from), slope,
              -offset, slice, count);
}

static int is_silent(const sx_contour *contour)
{
  return contour->slope == 0.0f && contour->level >= (float)SX_ENVELOPE_OFF;
}

int sx_contour_run(sx_contour *contour, sx_envelope *envelope, const sx_operator_patch *op, uint32_t voice_register,
                   const sx_rate *rate, const sx_addend *addend, float offset, uint64_t frame, uint32_t frames,
                   float *row)
{
  const uint64_t end = frame + frames;
  int is_audible = 0;
  for (uint64_t at = frame; at < end;) {
    while (contour->until <= (double)at) {
      advance(contour, envelope, op, voice_register, rate);
    }
    uint64_t stop = end;
    if (contour->until < (double)end) {
      stop = (uint64_t)contour->until;
      stop += (double)stop < contour->until;
    }
    if (!is_silent(contour) || is_audible || stop < end) {
      fill_line(contour, addend, offset, at, stop, frame, row);
      is_audible = 1;
    }
    at = stop;
  }
  if (is_audible) {
    memset(row + SX_SLICE + frames, 0, SX_SLICE * sizeof *row);
  }
  inform(envelope, level_at(contour, (double)end));
  return is_audible;
}
