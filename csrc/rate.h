/* SPDX-License-Identifier: Apache-2.0
 *
 * The rate a kernel runs at, and what follows from it. `chip` runs at the
 * DX7's own, `clean` at the device's; control is the same in both, so its
 * ticks come after the same seconds.
 */
#ifndef SIXOP_RATE_H
#define SIXOP_RATE_H

#include <stdint.h>

#include "attributes.h"
#include "sixop.h"

#define SX_FADE 128 /* native frames (2.6 ms) in which a voice that is cut short fades out */

typedef struct {
  uint32_t kernel;           /* an sx_kernel */
  uint32_t clock;            /* Hz; the rate is this over the divider */
  uint32_t divider;
  uint64_t tick_numerator;   /* frames between two ticks */
  uint64_t tick_denominator;
  uint64_t tick_grid;        /* ticks come on multiples of so many frames */
  uint64_t phase_scale;      /* a 23-bit phase step at the native rate to a 32-bit one at this; 24 bits are fraction */
  double native_frames;      /* per frame */
  uint16_t fade;             /* frames of a fade */
} sx_rate;

/* [setup] The rate at which this kernel makes sound for a device. */
sx_rate sx_rate_of(uint32_t kernel, uint32_t device_rate);

/* `chip` has to come to the device's rate; `clean` is there, and passes the filter for the DX7's output only. */
static inline int sx_rate_is_resampled(const sx_rate *rate, uint32_t output)
{
  return rate->kernel == SX_KERNEL_CHIP || output == SX_OUTPUT_DX7;
}

/* 23-bit phase step of the operator chip to cycles / 2^32 per frame, below 2^35; whole cycles may be dropped. */
static inline uint64_t sx_rate_phase_step(const sx_rate *rate, uint32_t step)
{
  return (step * rate->phase_scale) >> 24;
}

/* When the next tick comes, in exact fractions of a frame. */
typedef struct {
  uint64_t tick;   /* its number */
  uint64_t frame;  /* the frame before which it runs */
  uint64_t whole;  /* the same before rounding up */
  uint64_t rest;   /* and its fraction, of the denominator */
} sx_clock;

/* `clean` glides to what a tick says, so its ticks come half a tick early: the glide's middle is where `chip` steps. */
static inline uint64_t sx_clock_numerator(const sx_clock *clock, const sx_rate *rate)
{
  return clock->tick == 1 && rate->kernel == SX_KERNEL_CLEAN ? rate->tick_numerator / 2 : rate->tick_numerator;
}

static inline void sx_clock_advance(sx_clock *clock, const sx_rate *rate)
{
  clock->tick += 1;
  const uint64_t numerator = sx_clock_numerator(clock, rate);
  clock->whole += numerator / rate->tick_denominator;
  clock->rest += numerator % rate->tick_denominator;
  if (clock->rest >= rate->tick_denominator) {
    clock->rest -= rate->tick_denominator;
    clock->whole += 1;
  }
  const uint64_t frame = clock->whole + (clock->rest > 0);
  clock->frame = (frame + rate->tick_grid / 2) / rate->tick_grid * rate->tick_grid; /* the nearest */
}

#endif
