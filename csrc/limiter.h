/* SPDX-License-Identifier: Apache-2.0
 *
 * A limiter that looks ahead: it knows a window of frames before it lets them
 * go, so its gain is down when a peak comes, without ever moving fast enough to
 * be heard as a click. Both sides have one gain, so that nothing wanders
 * between them.
 *
 * The gain that a frame needs is held for half a period of the lowest notes,
 * then let go of; what comes out is the mean of a window of that. All of it in
 * whole numbers, which add up to the same whatever came before.
 */
#ifndef SIXOP_LIMITER_H
#define SIXOP_LIMITER_H

#include <stdint.h>

#include "attributes.h"
#include "pan.h"

#define SX_LIMITER_WINDOW 256   /* frames at most, at the highest rate */
#define SX_LIMITER_LOWS 4096    /* a power of two: frames of a hold and a window at most */
#define SX_LIMITER_SWITCHES 2048 /* a power of two: frames from a switch's event to its effect at most */

typedef struct {
  uint32_t gain;
  uint32_t frame;
} sx_low;

typedef struct {
  uint32_t window;      /* frames, a power of two */
  uint32_t hold;        /* frames after which a need is forgotten, the window included */
  uint32_t release;     /* 2^-24 of the way back, per frame */
  uint32_t fade;        /* frames from the bare sound to the limited one */
  uint8_t is_on;        /* what was asked for last */
  uint32_t way;         /* 0 is off; then the window fills, then the fade goes on */
  uint32_t frame;       /* counts up while it is not off */
  float delayed[SX_SIDES][SX_LIMITER_WINDOW];
  uint32_t recent[SX_LIMITER_WINDOW]; /* the gains of the window */
  uint64_t sum;         /* of these */
  uint32_t released;    /* the last of these */
  sx_low low[SX_LIMITER_LOWS]; /* needs that are the lowest from their frame on, in order of time */
  uint32_t first_low;
  uint32_t lows;
  uint8_t switched[SX_LIMITER_SWITCHES]; /* by device frame: nothing, on or off */
  uint32_t switches;    /* of these that are something */
} sx_limiter;

/* [setup] */
void sx_limiter_init(sx_limiter *limiter, uint32_t rate, int is_on);
/* On or off, a window after this device frame: it has not been made then, whatever the blocks. */
void sx_limiter_switch(sx_limiter *limiter, uint64_t frame, int is_on) SX_REALTIME;
/* Limits both sides, which may be one array, to 1; `frame` is the device frame of the first one. Returns the lowest gain,
 * 1 where it does nothing. */
float sx_limiter_run(sx_limiter *limiter, float *left, float *right, uint64_t frame, uint32_t frames) SX_REALTIME;
/* Frames by which it delays when it is on. */
static inline uint32_t sx_limiter_delay(const sx_limiter *limiter)
{
  return limiter->window - 1;
}

#endif
