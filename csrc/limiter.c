/* SPDX-License-Identifier: Apache-2.0 */
#include "limiter.h"

#include <string.h>

#define ONE (1u << 24)        /* a gain of 1 */
#define RELEASE_BITS 24
#define LONGEST_WINDOW 667    /* of a second's parts: 1.5 ms */
#define HOLD 64               /* parts of a second: half a period of 32 Hz */
#define RELEASE 10            /* parts of a second in which 63 % of the way back is gone */
#define FADE 50               /* parts of a second */

enum { NOTHING, SWITCH_ON, SWITCH_OFF };

static void reset(sx_limiter *l)
{
  memset(l->delayed, 0, sizeof l->delayed);
  for (uint32_t i = 0; i < l->window; ++i) {
    l->recent[i] = ONE;
  }
  l->sum = (uint64_t)l->window * ONE;
  l->released = ONE;
  l->frame = 0;
  l->lows = 0;
}

static uint32_t full_way(const sx_limiter *l)
{
  return l->window + l->fade;
}

void sx_limiter_init(sx_limiter *l, uint32_t rate, int is_on)
{
  l->window = 1;
  while (2 * l->window <= rate / LONGEST_WINDOW && 2 * l->window <= SX_LIMITER_WINDOW) {
    l->window *= 2;
  }
  l->hold = rate / HOLD + l->window;
  l->release = (uint32_t)(((uint64_t)RELEASE << RELEASE_BITS) / rate);
  l->fade = rate / FADE;
  l->is_on = is_on != 0;
  l->way = is_on ? full_way(l) : 0; /* silence is behind, so there is nothing to fade from */
  reset(l);
}

void sx_limiter_switch(sx_limiter *l, uint64_t frame, int is_on)
{
  uint8_t *slot = &l->switched[(frame + l->window) % SX_LIMITER_SWITCHES];
  l->switches += *slot == NOTHING;
  *slot = is_on ? SWITCH_ON : SWITCH_OFF;
}

static void obey_switch(sx_limiter *l, uint64_t frame)
{
  uint8_t *slot = &l->switched[frame % SX_LIMITER_SWITCHES];
  if (*slot != NOTHING) {
    l->is_on = *slot == SWITCH_ON;
    l->switches -= 1;
    *slot = NOTHING;
  }
}

/* ---- the gain ------------------------------------------------------------ */

static float magnitude(float sample)
{
  return sample < 0.0f ? -sample : sample;
}

static uint32_t needed_gain(float left, float right)
{
  const float a = magnitude(left);
  const float b = magnitude(right);
  const float peak = a > b ? a : b;
  return peak > 1.0f ? (uint32_t)((float)ONE / peak) : ONE;
}

static sx_low *low_at(sx_limiter *l, uint32_t place)
{
  return &l->low[(l->first_low + place) % SX_LIMITER_LOWS];
}

/* The lowest need of the last `hold` frames. */
static uint32_t held_gain(sx_limiter *l, uint32_t needed)
{
  while (l->lows > 0 && low_at(l, l->lows - 1)->gain >= needed) {
    l->lows -= 1;
  }
  const sx_low newest = { needed, l->frame };
  *low_at(l, l->lows++) = newest;
  if (l->frame - low_at(l, 0)->frame >= l->hold) {
    l->first_low = (l->first_low + 1) % SX_LIMITER_LOWS;
    l->lows -= 1;
  }
  return low_at(l, 0)->gain;
}

/* Down at once, up by a part of the way; never above the held gain. */
static uint32_t released_gain(sx_limiter *l, uint32_t held)
{
  if (held > l->released) {
    const uint64_t way = (uint64_t)(held - l->released) * l->release;
    l->released += (uint32_t)((way + (1u << RELEASE_BITS) - 1) >> RELEASE_BITS);
  } else {
    l->released = held;
  }
  return l->released;
}

/* Of the frame that leaves the window: no part of the mean is above what it needs. */
static float mean_gain(sx_limiter *l, uint32_t gain)
{
  uint32_t *oldest = &l->recent[l->frame % l->window];
  l->sum = l->sum - *oldest + gain;
  *oldest = gain;
  return (float)l->sum / ((float)l->window * (float)ONE);
}

/* ---- frames -------------------------------------------------------------- */

static float delayed(sx_limiter *l, uint32_t side, float sample)
{
  l->delayed[side][l->frame % l->window] = sample;
  return l->delayed[side][(l->frame + 1) % l->window];
}

/* Where it goes to, on or off; from off it starts anew. */
static void take_a_step(sx_limiter *l)
{
  if (l->is_on) {
    if (l->way == 0) {
      reset(l);
    }
    l->way += l->way < full_way(l);
  } else {
    l->way = l->way > l->window ? l->way - 1 : 0;
  }
}

static float mixed(const sx_limiter *l, float bare, float limited)
{
  if (l->way >= full_way(l)) {
    return limited;
  }
  const float share = l->way > l->window ? (float)(l->way - l->window) / (float)l->fade : 0.0f;
  return bare + share * (limited - bare);
}

float sx_limiter_run(sx_limiter *l, float *left, float *right, uint64_t frame, uint32_t frames)
{
  float lowest = 1.0f;
  if (l->way == 0 && l->switches == 0) {
    return lowest;
  }
  for (uint32_t i = 0; i < frames; ++i) {
    obey_switch(l, frame + i);
    take_a_step(l);
    if (l->way == 0) {
      continue;
    }
    const float side[SX_SIDES] = { left[i], right[i] };
    const float gain = mean_gain(l, released_gain(l, held_gain(l, needed_gain(left[i], right[i]))));
    left[i] = mixed(l, side[SX_LEFT], gain * delayed(l, SX_LEFT, side[SX_LEFT]));
    right[i] = mixed(l, side[SX_RIGHT], gain * delayed(l, SX_RIGHT, side[SX_RIGHT]));
    l->frame += 1;
    lowest = gain < lowest ? gain : lowest;
  }
  return lowest;
}
