/* SPDX-License-Identifier: Apache-2.0
 *
 * Designs the resampler's kernel, once for each pair of rates. Runs before sound.
 */
#include <assert.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "lanes.h"
#include "resampler.h"
#include "sixop.h"

#define PI 3.14159265358979323846
#define NATIVE_RATE ((double)SX_NATIVE_CLOCK / SX_NATIVE_DIVIDER)
/* The kernel is WIDTH periods of the lower rate long and a sum of cosines that fit into it. These are the
 * minimax amplitudes (a linear program over them) for a ripple of 0.02 dB up to 0.40 of the lower rate: from
 * 0.50 on everything is 108 dB down (95 dB once phases are interpolated), where a Kaiser window of the same length
 * would reach 70. */
#define WIDTH 46.9
#define COSINES 25
static const double amplitude[COSINES] = {
  1.002305238, 0.997725779, 1.002162732, 0.998008617, 1.001750237, 0.998543550, 1.001111727, 0.999272454, 1.000319843,
  1.000109218, 0.999472109, 1.000933937, 0.998698546, 1.001616539, 0.998134048, 1.002039532, 0.997873295, 1.002083004,
  0.998550848, 0.982245945, 0.717682970, 0.270181501, 0.036810664, 0.000679689, 0.000003483,
};

/* The DX7's output low-pass: a real pole and two pairs (circuit analysis by a chip model's author). */
#define REAL_POLE 6790.0
static const struct {
  double hertz;
  double q;
} pole_pair[2] = { { 11600.0, 1.02 }, { 16060.0, 4.1 } };
/* Seconds after which the sharpest pair (Q 4.1) has rung down by more than 100 dB: 48 native frames. */
#define FILTER_RINGING (48.0 / NATIVE_RATE)

/* x: place within the kernel, -0.5..0.5 */
static double sum_of_cosines(double x)
{
  if (x <= -0.5 || x >= 0.5) {
    return 0.0;
  }
  const double cosine = cos(2.0 * PI * x);
  double before = 1.0;
  double here = cosine;
  double sum = amplitude[0];
  for (int k = 1; k < COSINES; ++k) {
    sum += 2.0 * amplitude[k] * here;
    const double next = 2.0 * cosine * here - before; /* cos((k + 1) a) from the two before */
    before = here;
    here = next;
  }
  return sum;
}

/* An analog section, by the bilinear transform at a rate so high that it does not warp. */
static void filter(double *samples, size_t count, double b0, double b1, double b2, double a1, double a2)
{
  double x1 = 0, x2 = 0, y1 = 0, y2 = 0;
  for (size_t i = 0; i < count; ++i) {
    const double x = samples[i];
    const double y = b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2;
    x2 = x1;
    x1 = x;
    y2 = y1;
    y1 = y;
    samples[i] = y;
  }
}

static void apply_output_filter(double *samples, size_t count, double rate)
{
  const double w = tan(PI * REAL_POLE / rate);
  filter(samples, count, w / (1 + w), w / (1 + w), 0, (w - 1) / (1 + w), 0);
  for (int i = 0; i < 2; ++i) {
    const double k = tan(PI * pole_pair[i].hertz / rate);
    const double n = 1 + k / pole_pair[i].q + k * k;
    filter(samples, count, k * k / n, 2 * k * k / n, k * k / n, 2 * (k * k - 1) / n,
           (1 - k / pole_pair[i].q + k * k) / n);
  }
}

static uint32_t rounded_up(double taps)
{
  const uint32_t lanes = SX_LANES;
  return ((uint32_t)ceil(taps) + lanes - 1) / lanes * lanes;
}

/* ---- from a prototype to coefficients ----------------------------------- */

/* The prototype at SX_RESAMPLER_PHASES steps an input frame, and its delay in input frames. */
static double shape(double *prototype, size_t count, double width, double input_rate, int with_filter)
{
  for (size_t i = 0; i < count; ++i) {
    prototype[i] = sum_of_cosines((double)i / SX_RESAMPLER_PHASES / width - 0.5);
  }
  if (with_filter) {
    apply_output_filter(prototype, count, input_rate * SX_RESAMPLER_PHASES);
  }
  double sum = 0.0;
  double moment = 0.0;
  for (size_t i = 0; i < count; ++i) {
    sum += prototype[i];
    moment += (double)i * prototype[i];
  }
  return moment / sum / SX_RESAMPLER_PHASES;
}

/* The coefficients of a phase, of unit gain at 0 Hz so that a constant stays one. */
static void fill_row(float *row, const double *prototype, size_t count, uint32_t phase, uint32_t taps)
{
  double sum = 0.0;
  for (size_t at = phase; at < count; at += SX_RESAMPLER_PHASES) {
    sum += prototype[at];
  }
  for (uint32_t tap = 0; tap < taps; ++tap) {
    const size_t at = (size_t)tap * SX_RESAMPLER_PHASES + phase;
    row[taps - 1 - tap] = (float)((at < count ? prototype[at] : 0.0) / sum);
  }
}

static void split_into_phases(float *filter, const double *prototype, size_t count, uint32_t taps)
{
  for (uint32_t phase = 0; phase < SX_RESAMPLER_PHASES; ++phase) {
    float *row = filter + (size_t)phase * 2 * taps;
    float *slope = row + taps;
    fill_row(row, prototype, count, phase, taps);
    fill_row(slope, prototype, count, phase + 1, taps);
    for (uint32_t tap = 0; tap < taps; ++tap) {
      slope[tap] -= row[tap];
    }
  }
}

/* ---- filters ------------------------------------------------------------ */

/* What is asked for. */
typedef struct {
  uint32_t clock;
  uint32_t divider;
  uint32_t rate;
  int with_output_filter;
} wish;

/* Never changed once made. The coefficients lie on a cache line behind it. */
struct sx_filter {
  wish made_for;
  uint32_t taps;
  double delay;
  float *coefficients;
};

static void *on_a_cache_line(void *place)
{
  return (void *)(((uintptr_t)place + SX_CACHE_LINE - 1) & ~(uintptr_t)(SX_CACHE_LINE - 1));
}

static sx_filter *make(const wish *w)
{
  const double input_rate = (double)w->clock / w->divider;
  const double lower = (w->rate < input_rate ? w->rate : input_rate) / input_rate;
  const double width = WIDTH / lower;
  const uint32_t taps = rounded_up(width + (w->with_output_filter ? FILTER_RINGING * input_rate : 0));
  const size_t count = (size_t)taps * SX_RESAMPLER_PHASES;
  assert(taps <= SX_RESAMPLER_MOST_TAPS);
  sx_filter *made = malloc(sizeof *made + SX_CACHE_LINE + 2 * count * sizeof(float));
  double *prototype = malloc(count * sizeof *prototype);
  if (made != NULL && prototype != NULL) {
    made->made_for = *w;
    made->taps = taps;
    made->coefficients = on_a_cache_line(made + 1);
    made->delay = shape(prototype, count, width, input_rate, w->with_output_filter) / input_rate;
    split_into_phases(made->coefficients, prototype, count, taps);
  } else {
    free(made);
    made = NULL;
  }
  free(prototype);
  return made;
}

/* The first few filters are kept for all who ask for the same again: a design takes as long as 20 000 samples. */
#define KEPT 8
static _Atomic(sx_filter *) kept[KEPT];

static int is_for(const sx_filter *filter, const wish *w)
{
  const wish *m = &filter->made_for;
  return m->clock == w->clock && m->divider == w->divider && m->rate == w->rate &&
         m->with_output_filter == w->with_output_filter;
}

static sx_filter *find(const wish *w)
{
  for (uint32_t i = 0; i < KEPT; ++i) {
    sx_filter *present = atomic_load_explicit(&kept[i], memory_order_acquire);
    if (present != NULL && is_for(present, w)) {
      return present;
    }
  }
  return NULL;
}

/* Returns 0 if there is no place left, or somebody else was quicker to make the same. */
static int keep(sx_filter *filter)
{
  for (uint32_t i = 0; i < KEPT; ++i) {
    sx_filter *present = NULL;
    if (atomic_compare_exchange_strong(&kept[i], &present, filter)) {
      return 1;
    }
    if (is_for(present, &filter->made_for)) {
      return 0;
    }
  }
  return 0;
}

/* ---- resamplers --------------------------------------------------------- */

#define SPARE 3 /* frames behind the room, as lanes are filled four frames at a time */

static int allocate_input(sx_resampler *r, uint32_t streams, uint32_t room)
{
  const size_t count = (size_t)(r->taps + room + SPARE) * streams;
  r->room = room;
  r->input_block = malloc(count * sizeof(float) + SX_CACHE_LINE);
  r->input = on_a_cache_line(r->input_block);
  if (r->input_block != NULL) {
    sx_resampler_restart(r, streams);
  }
  return r->input_block != NULL;
}

int sx_resampler_init(sx_resampler *r, uint32_t clock, uint32_t divider, uint32_t rate, int with_output_filter)
{
  const wish w = { clock, divider, rate, with_output_filter };
  sx_filter *filter = find(&w);
  r->own_filter = NULL;
  if (filter == NULL) {
    filter = make(&w);
    if (filter == NULL) {
      return 0;
    }
    r->own_filter = keep(filter) ? NULL : filter;
  }
  r->filter = filter->coefficients;
  r->taps = filter->taps;
  r->delay = filter->delay;
  r->numerator = clock;
  r->denominator = (uint64_t)divider * rate;
  if (!allocate_input(r, 1, SX_RESAMPLER_INPUT)) {
    sx_resampler_free(r);
    return 0;
  }
  return 1;
}

int sx_resampler_share(sx_resampler *r, const sx_resampler *owner, uint32_t streams, uint32_t room)
{
  *r = *owner;
  r->own_filter = NULL;
  return allocate_input(r, streams, room);
}

void sx_resampler_free(sx_resampler *r)
{
  free(r->own_filter);
  free(r->input_block);
  r->own_filter = NULL;
  r->input_block = NULL;
}
