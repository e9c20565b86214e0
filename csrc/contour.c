/* SPDX-License-Identifier: Apache-2.0 */
#include "contour.h"

#include <string.h>

#include "lanes.h"
#include "rom.h"
#include "voice.h"

#define NEVER 1e300
#define NO_SHAPE 1e30f
#define STEPS_PER_OCTAVE 256
#define SILENT_AT_REST (SX_SILENT / (SX_OCTAVE / STEPS_PER_OCTAVE)) /* where the chip's output is 0 */
#define RISE_FRAMES 8.0 /* native frames in which an attack leaves silence, where the chip jumps */

/* ---- lines -------------------------------------------------------------- */

static void lead_to(sx_contour *contour, double goal, double speed)
{
  const double distance = goal - contour->level;
  contour->goal = goal;
  contour->slope = distance < 0 ? -speed : speed;
  contour->until = contour->from + distance / contour->slope;
}

static void hold_until(sx_contour *contour, double until)
{
  contour->goal = contour->level;
  contour->slope = 0.0;
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
  const double target = envelope->target;
  double goal = SX_ENVELOPE_RISE;
  if (contour->level > goal) {
    lead_to(contour, target > goal ? target : goal, (contour->level - goal) / RISE_FRAMES * rate->native_frames);
    return;
  }
  int32_t octave = (int32_t)contour->level / STEPS_PER_OCTAVE;
  octave -= octave * STEPS_PER_OCTAVE == contour->level;
  goal = octave * STEPS_PER_OCTAVE;
  lead_to(contour, target > goal ? target : goal,
          sx_envelope_speed(envelope->rate) * (octave + 2) * rate->native_frames);
}

/* Draws the next line from where the contour is. */
static void draw(sx_contour *contour, const sx_envelope *envelope, const sx_rate *rate)
{
  const double target = envelope->target;
  const int waited = contour->waits;
  contour->waits = 0;
  contour->anchored = 0;
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

static double level_at(const sx_contour *contour, double frame)
{
  return contour->level + contour->slope * (frame - contour->from);
}

static void inform(sx_envelope *envelope, double level)
{
  envelope->attenuation = (uint16_t)(level < 0 ? 0 : level > SX_ENVELOPE_OFF ? SX_ENVELOPE_OFF : (int32_t)(level + 0.5));
}

/* On to the next line. */
static void advance(sx_contour *contour, sx_envelope *envelope, const sx_operator_patch *op, uint32_t voice_register,
                    const sx_rate *rate)
{
  contour->from = contour->until;
  contour->level = contour->goal;
  if (contour->level == envelope->target) {
    const uint16_t reached = envelope->target;
    contour->waits = 0;
    sx_envelope_finish(envelope, op, voice_register);
    if (envelope->attenuation != reached) { /* a delay that begins elsewhere */
      contour->level = envelope->attenuation;
    }
  }
  draw(contour, envelope, rate);
  if (sx_envelope_holds(envelope)) {
    inform(envelope, contour->level);
  }
}

void sx_contour_silence(sx_contour *contour)
{
  contour->from = 0.0;
  contour->level = SX_ENVELOPE_OFF;
  contour->waits = 0;
  contour->shape = NO_SHAPE;
  contour->anchored = 0;
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

#define LARGEST 90 /* octaves between a line's gains; what is farther away lies beyond its end */

SX_INLINE float used(float octaves)
{
  const int32_t whole = (int32_t)octaves;
  return whole > LARGEST || whole < -LARGEST ? 0.0f : octaves;
}

SX_CLONED static void shape(sx_contour *contour, float slope)
{
  const float octaves = slope * (-1.0f / STEPS_PER_OCTAVE);
  for (int32_t i = 0; i < SX_SLICE; ++i) {
    contour->within[i] = sx_power_of_two(octaves * (float)i);
    contour->between[i] = sx_power_of_two(used(octaves * (float)(SX_SLICE * i)));
  }
  contour->shape = slope;
}

/* Counts gains from a frame of the line on. Returns the logarithm of the gain there. */
static float count_from(sx_contour *contour, const sx_tremolo *tremolo, float offset, uint64_t frame)
{
  const double level =
    level_at(contour, (double)frame) + tremolo->level + tremolo->slope * (double)(frame - tremolo->tick_frame);
  const float slope = (float)(contour->slope + tremolo->slope);
  if (contour->shape != slope) {
    shape(contour, slope);
  }
  contour->anchor = frame;
  contour->anchored = 1;
  return (float)(level * (-1.0 / STEPS_PER_OCTAVE)) - offset;
}

float sx_contour_anchor(sx_contour *contour, sx_envelope *envelope, const sx_operator_patch *op,
                        uint32_t voice_register, const sx_rate *rate, const sx_tremolo *tremolo, float offset,
                        uint64_t frame)
{
  while (contour->until <= (double)frame) {
    advance(contour, envelope, op, voice_register, rate);
  }
  inform(envelope, level_at(contour, (double)frame));
  return count_from(contour, tremolo, offset, frame);
}

static uint64_t rounded_up(double frame)
{
  const uint64_t whole = (uint64_t)frame;
  return whole + ((double)whole < frame);
}

/* Frames `frame` to `end` of the present line; row[SX_SLICE] is the gain of `row_frame`. */
static void fill(sx_contour *contour, const sx_tremolo *tremolo, float offset, uint64_t frame, uint64_t end,
                 uint64_t row_frame, float *row)
{
  while (frame < end) {
    if (!contour->anchored || frame - contour->anchor >= SX_ANCHOR_FRAMES) {
      const uint64_t anchor = contour->anchored ? contour->anchor + SX_ANCHOR_FRAMES : rounded_up(contour->from);
      contour->gain = sx_power_of_two(count_from(contour, tremolo, offset, anchor));
    }
    const uint64_t reach = contour->anchor + SX_ANCHOR_FRAMES;
    const uint64_t stop = end < reach ? end : reach;
    sx_contour_fill(contour, frame, (uint32_t)(stop - frame), row + (frame - row_frame));
    frame = stop;
  }
}

int sx_contour_run(sx_contour *contour, sx_envelope *envelope, const sx_operator_patch *op, uint32_t voice_register,
                   const sx_rate *rate, const sx_tremolo *tremolo, float offset, uint64_t frame, uint32_t frames,
                   float *row)
{
  const uint64_t end = frame + frames;
  int is_audible = 0;
  for (uint64_t at = frame; at < end;) {
    while (contour->until <= (double)at) {
      advance(contour, envelope, op, voice_register, rate);
    }
    const uint64_t stop = contour->until < (double)end ? rounded_up(contour->until) : end;
    if (!sx_contour_is_silent(contour)) {
      fill(contour, tremolo, offset, at, stop, frame, row);
      is_audible = 1;
    } else if (is_audible || stop < end) {
      memset(row + SX_SLICE + (at - frame), 0, (stop - at) * sizeof *row);
    }
    at = stop;
  }
  if (is_audible) {
    memset(row + SX_SLICE + frames, 0, SX_SLICE * sizeof *row);
  }
  return is_audible;
}
