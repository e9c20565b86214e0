/* SPDX-License-Identifier: Apache-2.0
 *
 * An amplitude envelope for the `clean` kernel: the stages, targets and speeds
 * of sx_envelope, but in straight lines where the chip takes steps. In decibels
 * a decay is one line; an attack is a line per octave, as its steps depend on
 * the octave.
 *
 * Places in time are exact, in fractions of a frame; gains are computed from
 * the line's beginning or the last tick, so they never depend on how frames
 * were cut into spans.
 */
#ifndef SIXOP_CONTOUR_H
#define SIXOP_CONTOUR_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "attributes.h"
#include "envelope.h"
#include "lanes.h"
#include "patch.h"
#include "rate.h"

#define SX_SLICE SX_LANES            /* frames whose gains are one exponential */
#define SX_CLEAN_BLOCK (9 * SX_SLICE) /* frames rendered at once: a tick at 48 kHz has 129 */
/* Room for a span's values, and a slice on both sides for what does not begin or end on a slice. */
#define SX_CLEAN_ROW (SX_CLEAN_BLOCK + 2 * SX_SLICE)

#define SX_GAIN_UNIT 0x1p20f /* the gain at level 0: logarithms near 0 are the most precise */
#define SX_STEPS_PER_OCTAVE 256 /* of levels */

typedef struct {
  /* the line */
  double from;    /* frame, with fraction */
  double until;   /* where it reaches its goal */
  uint64_t end;   /* the first frame that is not before that */
  double level;   /* at `from`: attenuation in 1/256 octave */
  double slope;   /* per frame */
  double goal;
  uint8_t is_silent;
  uint8_t trembles; /* its gains have a tremolo in them */
  uint8_t attack; /* how far an attack has come: waited for the chip's next step, left silence */
  /* its gains */
  uint64_t straight_end;   /* the first frame for which they cannot be taken from here; 0 before they are anchored */
  uint64_t anchor;         /* the frame they are counted from */
  float shape;             /* the slope that the following belongs to */
  float within[SX_SLICE];  /* gains of each frame of a slice, relative to its first */
  float start[SX_SLICE];   /* of each slice's first frame */
} sx_contour;

/* What a tick adds: amplitude modulation, as a straight line until the next. */
typedef struct {
  uint64_t tick_frame;
  double level;
  double slope;
} sx_tremolo;

/* Draws the lines that begin up to a frame. */
void sx_contour_pass(sx_contour *contour, sx_envelope *envelope, const sx_operator_patch *op, uint32_t voice_register,
                     const sx_rate *rate, uint64_t frame) SX_REALTIME;
/* At rest and silent. */
void sx_contour_silence(sx_contour *contour) SX_REALTIME;
/* Up to the frame of a key event: brings the envelope to where the contour is. */
void sx_contour_catch_up(sx_contour *contour, sx_envelope *envelope, const sx_operator_patch *op,
                         uint32_t voice_register, const sx_rate *rate, uint64_t frame) SX_REALTIME;
/* After it: moves on from there to the envelope's new target. */
void sx_contour_start(sx_contour *contour, const sx_envelope *envelope, const sx_rate *rate,
                      uint64_t frame) SX_REALTIME;

/* Attenuation in 1/256 octave, at a frame of the present line. */
SX_INLINE double sx_contour_level(const sx_contour *contour, uint64_t frame)
{
  return contour->level + contour->slope * ((double)(int64_t)frame - contour->from);
}

/* At every tick, before gains are counted from its frame on. */
SX_INLINE void sx_contour_advance(sx_contour *contour, sx_envelope *envelope, const sx_operator_patch *op,
                                  uint32_t voice_register, const sx_rate *rate, uint64_t frame)
{
  if (contour->end <= frame) {
    sx_contour_pass(contour, envelope, op, voice_register, rate, frame);
  }
}

/* The gains of a span, SX_GAIN_UNIT at level 0 and offset 0, into row[SX_SLICE...], and zeros behind them up to a whole
 * slice. `offset` is attenuation in octaves. Returns 0, and leaves the row, if all are 0. */
int sx_contour_run(sx_contour *contour, sx_envelope *envelope, const sx_operator_patch *op, uint32_t voice_register,
                   const sx_rate *rate, const sx_tremolo *tremolo, float offset, uint64_t frame, uint32_t frames,
                   float *row) SX_REALTIME;

/* ---- for those who are in a hurry: inlined into vector code ---- */

#define SX_ANCHOR_FRAMES (SX_SLICE * SX_SLICE) /* that gains can be counted from one anchor */

#define SX_LARGEST_LOGARITHM 90 /* what is farther away lies beyond a line's end */

/* Without a branch, which would keep it from becoming vectors. */
SX_INLINE float sx_within_range(float octaves)
{
  const int32_t whole = (int32_t)octaves;
  int32_t bits;
  memcpy(&bits, &octaves, sizeof bits);
  bits &= 0 - (int32_t)((uint32_t)(whole + SX_LARGEST_LOGARITHM) <= 2 * SX_LARGEST_LOGARITHM);
  float kept;
  memcpy(&kept, &bits, sizeof kept);
  return kept;
}

/* 2^x within 7e-8 (minimax on 0..1 with 2^0 = 1), or 1 where nobody wants to know. */
SX_INLINE float sx_power_of_two(float logarithm)
{
  const float x = sx_within_range(logarithm);
  const float positive = x + 128.0f; /* so that the conversion rounds down */
  const int32_t whole = (int32_t)positive;
  const float f = positive - (float)whole;
  const float mantissa =
    1.0f + f * (0.6931510675f +
                f * (0.2401656511f + f * (0.05579930073f + f * (0.009014884571f + f * 0.001868956337f))));
  const int32_t bits = (whole - 1) * (1 << 23); /* the exponent's bias is 127 */
  float scale;
  memcpy(&scale, &bits, sizeof scale);
  return mantissa * scale;
}

SX_INLINE int sx_contour_is_silent(const sx_contour *contour)
{
  return contour->slope == 0.0 && contour->level >= SX_ENVELOPE_OFF;
}

void sx_contour_shape(sx_contour *contour, float slope) SX_REALTIME;

/* Counts gains from a frame of the line on. */
SX_INLINE void sx_contour_anchor(sx_contour *contour, const sx_tremolo *tremolo, float offset, uint64_t frame)
{
  double level = sx_contour_level(contour, frame);
  float slope = (float)contour->slope;
  if (tremolo != NULL) {
    level += tremolo->level + tremolo->slope * (double)(int64_t)(frame - tremolo->tick_frame);
    slope = (float)(contour->slope + tremolo->slope);
  }
  if (contour->shape != slope) {
    sx_contour_shape(contour, slope);
  }
  contour->trembles = tremolo != NULL;
  contour->anchor = frame;
  contour->straight_end = frame + SX_ANCHOR_FRAMES < contour->end ? frame + SX_ANCHOR_FRAMES : contour->end;
  const float logarithm = (float)(level * (-1.0 / SX_STEPS_PER_OCTAVE)) - offset;
  const float octaves = slope * (-(float)SX_SLICE / SX_STEPS_PER_OCTAVE);
  for (int32_t i = 0; i < SX_SLICE; ++i) {
    contour->start[i] = sx_power_of_two(logarithm + octaves * (float)i) * SX_GAIN_UNIT;
  }
}

/* Frames `frame` to `frame + frames` of an anchored line; row[SX_SLICE] is the gain of `frame`. Whole slices are
 * written, so what lies up to a slice before and behind is lost. */
SX_INLINE void sx_contour_fill(const sx_contour *contour, uint64_t frame, uint32_t frames, float *row)
{
  const uint32_t at = (uint32_t)(frame - contour->anchor);
  const uint32_t within = at % SX_SLICE;
  const uint32_t count = (frames + within + SX_SLICE - 1) / SX_SLICE;
  const float *start = contour->start + at / SX_SLICE;
  for (uint32_t j = 0; j < count; ++j) {
    sx_lanes_scale(row + SX_SLICE - within + j * SX_SLICE, contour->within, start[j]);
  }
}

#endif
