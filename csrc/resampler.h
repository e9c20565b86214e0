/* SPDX-License-Identifier: Apache-2.0
 *
 * From a kernel's rate to the device's, by an exact ratio in integers, so the
 * result never depends on how the stream is cut into blocks.
 *
 * A polyphase filter: flat within 0.05 dB to 0.40, 95 dB down from 0.50 of the
 * lower of the two rates. Between 128 phases its coefficients are interpolated
 * linearly. The DX7's output filter, when asked for, is folded into them and
 * costs nothing extra at run time but more taps.
 *
 * One stream is filtered with its taps side by side, SX_LANES streams each in a
 * lane of its own; both add in the same order and give the same bits.
 */
#ifndef SIXOP_RESAMPLER_H
#define SIXOP_RESAMPLER_H

#include <stdint.h>

#include "attributes.h"

#define SX_RESAMPLER_PHASES 128
#define SX_RESAMPLER_MOST_TAPS 336 /* at 8 kHz with the output filter */
#define SX_RESAMPLER_INPUT 2048  /* frames taken at once */

typedef struct sx_filter sx_filter;

typedef struct {
  const float *filter;  /* per phase a row of `taps`, oldest input first, then the way to the next phase's row */
  float *input;         /* `taps` old frames, then room for new ones; of lanes, SX_LANES values a frame */
  sx_filter *own_filter; /* what to free: a filter that is not kept for others, or NULL, */
  void *input_block;    /* and where the input lies, on a cache line */
  uint32_t taps;        /* a multiple of SX_LANES */
  uint32_t room;        /* new frames that fit */
  uint64_t numerator;   /* input frames per device frame */
  uint64_t denominator;
  uint64_t remainder;   /* of the next output's place, 0..denominator - 1 */
  uint32_t needed;      /* new input frames the next output needs, 0 or more */
  double delay;         /* seconds, at low frequencies */
} sx_resampler;

/* As at its first frame. `streams`: 1 or SX_LANES. */
void sx_resampler_restart(sx_resampler *resampler, uint32_t streams) SX_REALTIME;
/* A single stream: where another one is that shares its filter, with the same behind it. */
void sx_resampler_follow(sx_resampler *resampler, const sx_resampler *leader) SX_REALTIME;
/* The first input frame that is not before an output frame. */
static inline uint64_t sx_resampler_input_frame(const sx_resampler *r, uint64_t frame)
{
  return (frame * r->numerator + r->denominator - 1) / r->denominator;
}

/* How many device frames, up to `wanted`, one call can make, and how many input frames it needs for them. */
uint32_t sx_resampler_plan(const sx_resampler *resampler, uint32_t wanted, uint32_t *input_frames) SX_REALTIME;
/* Where the new input frames go. */
float *sx_resampler_input(const sx_resampler *resampler) SX_REALTIME;
/* Makes exactly what was planned. */
void sx_resampler_run(sx_resampler *resampler, float *out, uint32_t frames, uint32_t input_frames) SX_REALTIME;

/* The same for SX_LANES streams, whose values lie side by side in the input; the output has a row for each. */
float *sx_resampler_lanes_input(const sx_resampler *resampler) SX_REALTIME;
void sx_resampler_run_lanes(sx_resampler *resampler, float *const *rows, uint32_t frames,
                            uint32_t input_frames) SX_REALTIME;

/* [setup] From clock / divider Hz to `rate` Hz. Returns 0 when out of memory. */
int sx_resampler_init(sx_resampler *resampler, uint32_t clock, uint32_t divider, uint32_t rate, int with_output_filter);
/* [setup] Another stream, or SX_LANES of them, through the filter of this one, which must outlive it. */
int sx_resampler_share(sx_resampler *resampler, const sx_resampler *owner, uint32_t streams, uint32_t room);
void sx_resampler_free(sx_resampler *resampler);

#endif
