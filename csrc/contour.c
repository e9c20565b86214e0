/* SPDX-License-Identifier: Apache-2.0 */
#include "contour.h"

#include <string.h>

#include "lanes.h"
#include "rom.h"
#include "voice.h"

#define NEVER 1e18 /* frames */
#define NO_SHAPE 1e30f
#define ROUNDING 1e-4 /* native frames: more than the resolution of time after two months */
#define HALF_FRAME 0.5 /* native */
#define SILENT_AT_REST (SX_SILENT / (SX_OCTAVE / SX_STEPS_PER_OCTAVE)) /* where the chip's output is 0 */
/* Native frames in which an attack leaves silence, where the chip jumps: a half step of its rate within these. */
#define SHORTEST_LEAP 2.0
#define LONGEST_LEAP 24.0
enum { MOVES, WAITED, LEAPT }; /* a contour's part in an attack */

#define FIRST_RISE 11 /* units of the chip's first step down from SX_ENVELOPE_RISE */
#define SHORTEST_LINE 0.01 /* frames */

/* ---- lines -------------------------------------------------------------- */

/* A line ends when the chip takes its last step there, so stages take exactly as long. Within an attack, lines run
 * through the middle of the chip's steps, half a step late. */

/* Frames fit into 63 bits, whose conversion is quick. */
static double at_frame(uint64_t frame)
{
  return (double)(int64_t)frame;
}

static uint64_t rounded_up(double frame)
{
  const int64_t whole = (int64_t)frame;
  return (uint64_t)(whole + ((double)whole < frame));
}

static void end_at(sx_contour *contour, double until, double goal)
{
  contour->goal = goal;
  contour->until = until;
  contour->end = rounded_up(until);
}

static void lead_to(sx_contour *contour, double goal, double until)
{
  const double earliest = contour->from + SHORTEST_LINE;
  end_at(contour, until > earliest ? until : earliest, goal);
  contour->slope = (goal - contour->level) / (contour->until - contour->from);
}

static void hold_until(sx_contour *contour, double until)
{
  end_at(contour, until, contour->level);
  contour->slope = 0.0;
}

/* The time of the chip's number'th step, from 1, at or after a time. */
static double step_time(double after, const sx_envelope *envelope, const sx_rate *rate, uint32_t number)
{
  const double counter = SX_SETTLE_FRAMES + after * rate->native_frames - ROUNDING;
  const uint64_t step = sx_envelope_step_time(rounded_up(counter), envelope->rate, number);
  return (at_frame(step) - SX_SETTLE_FRAMES) / rate->native_frames;
}

static double half_step(const sx_envelope *envelope, const sx_rate *rate)
{
  return sx_envelope_step_period(envelope->rate) / 2 / rate->native_frames;
}

/* Steps the chip takes over a distance. */
static uint32_t steps_over(double distance, double step)
{
  const uint64_t steps = rounded_up(distance / step);
  return steps > 0 ? (uint32_t)steps : 1;
}

static double higher(double a, double b)
{
  return a > b ? a : b;
}

static double leap_length(const sx_envelope *envelope, const sx_rate *rate)
{
  const double half = half_step(envelope, rate);
  const double shortest = SHORTEST_LEAP / rate->native_frames;
  const double longest = LONGEST_LEAP / rate->native_frames;
  return half < shortest ? shortest : half > longest ? longest : half;
}

/* From far down the chip jumps. */
static void leap(sx_contour *contour, const sx_envelope *envelope, const sx_rate *rate)
{
  const double goal = SX_ENVELOPE_RISE - (double)(FIRST_RISE * sx_envelope_step_size(envelope->rate));
  lead_to(contour, higher(goal, envelope->target), contour->from + leap_length(envelope, rate));
  contour->attack = LEAPT;
}

/* Then its steps depend on the octave; the last in an octave may go far into the next. */
static void rise(sx_contour *contour, const sx_envelope *envelope, const sx_rate *rate, double after, int has_leapt)
{
  const double target = envelope->target;
  const int32_t octave = (int32_t)contour->level / SX_STEPS_PER_OCTAVE;
  const double step = (double)(octave + 2) * sx_envelope_step_size(envelope->rate);
  const uint32_t to_target = steps_over(contour->level - target, step);
  const uint32_t to_octave = (uint32_t)((contour->level - octave * SX_STEPS_PER_OCTAVE) / step) + 1;
  const int arrives = to_octave >= to_target;
  const uint32_t number = arrives ? to_target : to_octave;
  const double half = half_step(envelope, rate);
  const double until = step_time(after - (has_leapt ? leap_length(envelope, rate) : half), envelope, rate, number);
  lead_to(contour, higher(contour->level - number * step, target), arrives ? until : until + half);
}

/* Of a silent line, no gains have to be asked for. */
static void note_silence(sx_contour *contour)
{
  contour->is_silent = (uint8_t)sx_contour_is_silent(contour);
  if (contour->is_silent) {
    contour->straight_end = contour->end;
  }
}

/* Draws the next line from where the contour is; the chip's steps count from `after` on. */
static void draw(sx_contour *contour, const sx_envelope *envelope, const sx_rate *rate, double after)
{
  const double target = envelope->target;
  const uint8_t attack = contour->attack;
  contour->attack = MOVES;
  contour->straight_end = 0;
  if (sx_envelope_holds(envelope)) {
    if (envelope->stage == SX_REST && contour->level >= SILENT_AT_REST) {
      contour->level = SX_ENVELOPE_OFF;
    }
    hold_until(contour, NEVER);
  } else if (target > contour->level) {
    const uint32_t number = steps_over(target - contour->level, sx_envelope_step_size(envelope->rate));
    lead_to(contour, target, step_time(after, envelope, rate, number));
  } else if (attack == MOVES && (target == contour->level || contour->level > SX_ENVELOPE_RISE)) {
    contour->attack = WAITED;
    hold_until(contour, step_time(after, envelope, rate, 1));
  } else if (contour->level > SX_ENVELOPE_RISE) {
    leap(contour, envelope, rate);
  } else {
    rise(contour, envelope, rate, after, attack == LEAPT);
  }
  note_silence(contour);
}

static void inform(sx_envelope *envelope, double level)
{
  const double clamped = level < 0 ? 0 : level > SX_ENVELOPE_OFF ? SX_ENVELOPE_OFF : level;
  envelope->attenuation = (uint16_t)(clamped + 0.5);
}

/* On to the next line. */
static void advance(sx_contour *contour, sx_envelope *envelope, const sx_operator_patch *op, uint32_t voice_register,
                    const sx_rate *rate)
{
  contour->from = contour->until;
  contour->level = contour->goal;
  if (contour->level == envelope->target) {
    const uint16_t reached = envelope->target;
    contour->attack = MOVES;
    sx_envelope_finish(envelope, op, voice_register);
    if (envelope->attenuation != reached) { /* a delay that begins elsewhere */
      contour->level = envelope->attenuation;
    }
  }
  draw(contour, envelope, rate, contour->from + HALF_FRAME / rate->native_frames); /* not the step that ended it */
  if (sx_envelope_holds(envelope)) {
    inform(envelope, contour->level);
  }
}

void sx_contour_pass(sx_contour *contour, sx_envelope *envelope, const sx_operator_patch *op, uint32_t voice_register,
                     const sx_rate *rate, uint64_t frame)
{
  while (contour->end <= frame) {
    advance(contour, envelope, op, voice_register, rate);
  }
}

void sx_contour_silence(sx_contour *contour)
{
  contour->from = 0.0;
  contour->level = SX_ENVELOPE_OFF;
  contour->attack = MOVES;
  contour->shape = NO_SHAPE;
  hold_until(contour, NEVER);
  note_silence(contour);
}

void sx_contour_catch_up(sx_contour *contour, sx_envelope *envelope, const sx_operator_patch *op,
                         uint32_t voice_register, const sx_rate *rate, uint64_t frame)
{
  sx_contour_pass(contour, envelope, op, voice_register, rate, frame);
  contour->level = sx_contour_level(contour, frame);
  contour->from = at_frame(frame);
  inform(envelope, contour->level);
}

void sx_contour_start(sx_contour *contour, const sx_envelope *envelope, const sx_rate *rate, uint64_t frame)
{
  sx_envelope now = *envelope;
  inform(&now, contour->level);
  if (now.attenuation != envelope->attenuation || envelope->attenuation == envelope->target) {
    contour->level = envelope->attenuation;
  }
  contour->from = at_frame(frame);
  contour->attack = MOVES;
  draw(contour, envelope, rate, contour->from);
}

/* ---- gains -------------------------------------------------------------- */

SX_CLONED void sx_contour_shape(sx_contour *contour, float slope)
{
  const float octaves = slope * (-1.0f / SX_STEPS_PER_OCTAVE);
  for (int32_t i = 0; i < SX_SLICE; ++i) {
    contour->within[i] = sx_power_of_two(octaves * (float)i);
  }
  contour->shape = slope;
}

/* Frames `frame` to `end` of the present line; row[SX_SLICE] is the gain of `row_frame`. */
static void fill(sx_contour *contour, const sx_tremolo *tremolo, float offset, uint64_t frame, uint64_t end,
                 uint64_t row_frame, float *row)
{
  while (frame < end) {
    if (frame >= contour->straight_end) {
      const int is_new = contour->straight_end == 0;
      const uint64_t anchor = is_new ? rounded_up(contour->from) : contour->anchor + SX_ANCHOR_FRAMES;
      sx_contour_anchor(contour, tremolo, offset, anchor);
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
    sx_contour_pass(contour, envelope, op, voice_register, rate, at);
    const uint64_t stop = contour->end < end ? contour->end : end;
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
