/* SPDX-License-Identifier: Apache-2.0
 *
 * An amplitude envelope for the `clean` kernel: the stages, targets and speeds
 * of sx_envelope, but in straight lines where the chip takes steps. In decibels
 * a decay is one line; an attack is a line per octave, as its steps depend on
 * the octave.
 *
 * Places in time are exact, in fractions of a frame; a gain is computed from
 * the line's own beginning, so it never depends on how frames were cut into
 * spans.
 */
#ifndef SIXOP_CONTOUR_H
#define SIXOP_CONTOUR_H

#include <stdint.h>

#include "attributes.h"
#include "envelope.h"
#include "lanes.h"
#include "patch.h"
#include "rate.h"

#define SX_SLICE SX_LANES            /* frames whose gains are one exponential */
#define SX_CLEAN_BLOCK (9 * SX_SLICE) /* frames rendered at once: a tick at 48 kHz has 129 */
/* Room for a span's values, and a slice on both sides for what does not begin or end on a slice. */
#define SX_CLEAN_ROW (SX_CLEAN_BLOCK + 2 * SX_SLICE)

typedef struct {
  double from;    /* frame, with fraction */
  double until;   /* where it reaches its goal */
  float level;    /* at `from`: attenuation in 1/256 octave */
  float slope;    /* per frame */
  float goal;
  uint8_t waits;  /* an attack's first line: nothing moves before the chip's next step */
} sx_contour;

/* A straight line that is added: amplitude modulation from tick to tick. */
typedef struct {
  double from;
  float level;
  float slope;
} sx_addend;

/* At rest and silent. */
void sx_contour_silence(sx_contour *contour) SX_REALTIME;
/* Up to the frame of a key event: brings the envelope to where the contour is. */
void sx_contour_catch_up(sx_contour *contour, sx_envelope *envelope, const sx_operator_patch *op,
                         uint32_t voice_register, const sx_rate *rate, uint64_t frame) SX_REALTIME;
/* After it: moves on from there to the envelope's new target. */
void sx_contour_start(sx_contour *contour, const sx_envelope *envelope, const sx_rate *rate,
                      uint64_t frame) SX_REALTIME;

/* The gains of a span, 1 at level 0 and offset 0, into row[SX_SLICE...], and zeros behind them up to a whole slice.
 * `addend` may be NULL; `offset` is attenuation in octaves. Returns 0, and leaves the row, if all are 0. */
int sx_contour_run(sx_contour *contour, sx_envelope *envelope, const sx_operator_patch *op, uint32_t voice_register,
                   const sx_rate *rate, const sx_addend *addend, float offset, uint64_t frame, uint32_t frames,
                   float *row) SX_REALTIME;

#endif
