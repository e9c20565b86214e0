/* SPDX-License-Identifier: Apache-2.0 */
#include "resampler.h"

#include <string.h>

#include "lanes.h"

#define TAPS_AT_48000 48 /* and above; from the native rate, without the output filter */
#define TAPS_AT_44100 64
#define OUTPUTS_AT_ONCE 4

float *sx_resampler_input(const sx_resampler *resampler)
{
  return resampler->input + resampler->taps;
}

float *sx_resampler_lanes_input(const sx_resampler *resampler)
{
  return resampler->input + resampler->taps * SX_LANES;
}

void sx_resampler_restart(sx_resampler *r, uint32_t streams)
{
  r->remainder = 0;
  r->needed = 1;
  memset(r->input, 0, (size_t)r->taps * streams * sizeof *r->input);
}

void sx_resampler_follow(sx_resampler *r, const sx_resampler *leader)
{
  r->remainder = leader->remainder;
  r->needed = leader->needed;
  memcpy(r->input, leader->input, r->taps * sizeof *r->input);
}

uint32_t sx_resampler_plan(const sx_resampler *r, uint32_t wanted, uint32_t *input_frames)
{
  /* the most outputs whose last does not reach beyond the input's room */
  const uint64_t reach = (r->room - r->needed + 1) * r->denominator - r->remainder - 1;
  const uint64_t most = reach / r->numerator + 1;
  const uint32_t frames = wanted < most ? wanted : (uint32_t)most;
  *input_frames = r->needed + (uint32_t)((r->remainder + (frames - 1) * r->numerator) / r->denominator);
  return frames;
}

/* The way through the input, output by output: the place between two frames as whole phases and what is left over,
 * both exact integers. */
typedef struct {
  uint32_t needed;
  uint32_t phase;
  uint32_t rest;        /* of `denominator` */
  uint32_t denominator;
  uint32_t whole;       /* of a step from one output to the next */
  uint32_t phase_step;
  uint32_t rest_step;
  float to_fraction;
} walk;

SX_INLINE walk start(const sx_resampler *r)
{
  const uint32_t denominator = (uint32_t)r->denominator;
  const uint64_t scaled_step = r->numerator % denominator * SX_RESAMPLER_PHASES;
  const uint64_t scaled = r->remainder * SX_RESAMPLER_PHASES;
  const walk w = {
    .needed = r->needed,
    .phase = (uint32_t)(scaled / denominator),
    .rest = (uint32_t)(scaled % denominator),
    .denominator = denominator,
    .whole = (uint32_t)(r->numerator / denominator),
    .phase_step = (uint32_t)(scaled_step / denominator),
    .rest_step = (uint32_t)(scaled_step % denominator),
    .to_fraction = 1.0f / (float)denominator,
  };
  return w;
}

SX_INLINE float fraction(const walk *w)
{
  return (float)(int32_t)w->rest * w->to_fraction;
}

SX_INLINE void advance(walk *w)
{
  w->rest += w->rest_step;
  const uint32_t carry = w->rest >= w->denominator;
  w->rest -= carry ? w->denominator : 0;
  w->phase += w->phase_step + carry;
  w->needed += w->whole + w->phase / SX_RESAMPLER_PHASES;
  w->phase %= SX_RESAMPLER_PHASES;
}

SX_INLINE void arrive(sx_resampler *r, const walk *w, uint32_t input_frames, uint32_t streams)
{
  r->remainder = ((uint64_t)w->phase * w->denominator + w->rest) / SX_RESAMPLER_PHASES;
  r->needed = w->needed - input_frames;
  memmove(r->input, r->input + (size_t)input_frames * streams, (size_t)r->taps * streams * sizeof *r->input);
}

/* ---- one stream: taps side by side -------------------------------------- */

SX_INLINE float filtered(const float *input, const float *row, uint32_t taps, float way)
{
  sx_lanes sum = sx_lanes_product(input, row, row + taps, way);
  SX_UNROLL
  for (uint32_t tap = SX_LANES; tap < taps; tap += SX_LANES) {
    const sx_lanes product = sx_lanes_product(input + tap, row + tap, row + taps + tap, way);
    sx_lanes_add(&sum, &product);
  }
  return sx_lanes_sum(&sum);
}

SX_INLINE void run(sx_resampler *r, float *out, uint32_t frames, uint32_t input_frames, uint32_t taps)
{
  const float *filter = r->filter;
  const float *input = r->input;
  walk w = start(r);
  for (uint32_t i = 0; i < frames; ++i) {
    out[i] = filtered(input + w.needed, filter + (size_t)w.phase * 2 * taps, taps, fraction(&w));
    advance(&w);
  }
  arrive(r, &w, input_frames, 1);
}

SX_CLONED void sx_resampler_run(sx_resampler *r, float *out, uint32_t frames, uint32_t input_frames)
{
  switch (r->taps) { /* the same, unrolled for usual rates */
  case TAPS_AT_48000: run(r, out, frames, input_frames, TAPS_AT_48000); break;
  case TAPS_AT_44100: run(r, out, frames, input_frames, TAPS_AT_44100); break;
  default: run(r, out, frames, input_frames, r->taps); break;
  }
}

/* ---- many streams: one in each lane ------------------------------------- */

/* What one lane of `filtered` sums up, for all streams: every SX_LANES-th tap. */
SX_INLINE void sum_strided(sx_wide *sum, const float *input, const float *coefficient, uint32_t taps)
{
  sx_wide_multiple(sum, input, coefficient[0]);
  SX_UNROLL
  for (uint32_t tap = SX_LANES; tap < taps; tap += SX_LANES) {
    sx_wide product;
    sx_wide_multiple(&product, input + (size_t)tap * SX_LANES, coefficient[tap]);
    sx_wide_add(sum, &product);
  }
}

/* The sums of the lanes that are 8, 4, 2 and 1 apart, in the order of sx_lanes_sum. */
SX_INLINE void sum_apart_8(sx_wide *sum, const float *input, const float *coefficient, uint32_t taps)
{
  sx_wide other;
  sum_strided(sum, input, coefficient, taps);
  sum_strided(&other, input + 8 * SX_LANES, coefficient + 8, taps);
  sx_wide_add(sum, &other);
}

SX_INLINE void sum_apart_4(sx_wide *sum, const float *input, const float *coefficient, uint32_t taps)
{
  sx_wide other;
  sum_apart_8(sum, input, coefficient, taps);
  sum_apart_8(&other, input + 4 * SX_LANES, coefficient + 4, taps);
  sx_wide_add(sum, &other);
}

SX_INLINE void sum_apart_2(sx_wide *sum, const float *input, const float *coefficient, uint32_t taps)
{
  sx_wide other;
  sum_apart_4(sum, input, coefficient, taps);
  sum_apart_4(&other, input + 2 * SX_LANES, coefficient + 2, taps);
  sx_wide_add(sum, &other);
}

SX_INLINE void sum_all(sx_wide *sum, const float *input, const float *coefficient, uint32_t taps)
{
  sx_wide other;
  sum_apart_2(sum, input, coefficient, taps);
  sum_apart_2(&other, input + SX_LANES, coefficient + 1, taps);
  sx_wide_add(sum, &other);
}

/* The coefficients of a few outputs first: where they are stored is seldom told apart at once from where input is read,
 * and each output would wait for its own. */
SX_INLINE void sum_few(float *sums, walk *w, const sx_resampler *r, uint32_t frames, uint32_t taps)
{
  float coefficient[OUTPUTS_AT_ONCE * SX_RESAMPLER_MOST_TAPS];
  const float *input[OUTPUTS_AT_ONCE];
  for (uint32_t i = 0; i < frames; ++i) {
    const float *row = r->filter + (size_t)w->phase * 2 * taps;
    const float way = fraction(w);
    SX_UNROLL
    for (uint32_t tap = 0; tap < taps; tap += SX_LANES) {
      sx_lanes_line(coefficient + i * taps + tap, row + tap, row + taps + tap, way);
    }
    input[i] = r->input + (size_t)w->needed * SX_LANES;
    advance(w);
  }
  for (uint32_t i = 0; i < frames; ++i) {
    sx_wide sum;
    sum_all(&sum, input[i], coefficient + i * taps, taps);
    memcpy(sums + i * SX_LANES, &sum, sizeof sum);
  }
}

/* From lanes to rows, which are far from each other in memory: they are written while others are still computed. */
SX_INLINE void write_rows(float *const *rows, uint32_t at, const float *lanes, uint32_t frames)
{
  uint32_t i = 0;
  for (; i + 4 <= frames; i += 4) {
    for (uint32_t lane = 0; lane < SX_LANES; lane += 4) {
      sx_transpose4_into(rows + lane, at + i, lanes + i * SX_LANES + lane, SX_LANES);
    }
  }
  for (; i < frames; ++i) {
    for (uint32_t lane = 0; lane < SX_LANES; ++lane) {
      rows[lane][at + i] = lanes[i * SX_LANES + lane];
    }
  }
}

SX_INLINE void run_lanes(sx_resampler *r, float *const *rows, uint32_t frames, uint32_t input_frames, uint32_t taps)
{
  float sums[OUTPUTS_AT_ONCE * SX_LANES];
  walk w = start(r);
  for (uint32_t i = 0; i < frames; i += OUTPUTS_AT_ONCE) {
    const uint32_t some = frames - i < OUTPUTS_AT_ONCE ? frames - i : OUTPUTS_AT_ONCE;
    sum_few(sums, &w, r, some, taps);
    write_rows(rows, i, sums, some);
  }
  arrive(r, &w, input_frames, SX_LANES);
}

SX_CLONED void sx_resampler_run_lanes(sx_resampler *r, float *const *rows, uint32_t frames, uint32_t input_frames)
{
  switch (r->taps) {
  case TAPS_AT_48000: run_lanes(r, rows, frames, input_frames, TAPS_AT_48000); break;
  case TAPS_AT_44100: run_lanes(r, rows, frames, input_frames, TAPS_AT_44100); break;
  default: run_lanes(r, rows, frames, input_frames, r->taps); break;
  }
}
