/* SPDX-License-Identifier: Apache-2.0
 *
 * The left and the right side of the output. While all parts are in the middle
 * both are the same, and only the left one is made. From the first frame on
 * that is not, the right side has a bus and a resampler of its own, which begin
 * as copies of the left one's; until nothing that the resampler remembers is
 * different any more. So nothing is heard of the change, whatever the blocks.
 */
#ifndef SIXOP_SIDES_H
#define SIXOP_SIDES_H

#include <stdint.h>

#include "attributes.h"
#include "resampler.h"

typedef struct {
  sx_resampler right;  /* of the right side; the left one's is the engine's */
  uint8_t apart;       /* 1: there are two */
  uint8_t panned;      /* 1: some part is off the middle, since the last tick */
  uint32_t remembered; /* frames of the kernel after which they can be the same again */
} sx_sides;

typedef struct sx_engine sx_engine;

/* At a tick: looks for parts that are off the middle. */
void sx_sides_look(sx_engine *engine) SX_REALTIME;
/* Before a span of the kernel: makes two of one if necessary. The buses hold `done` frames of `frames`. */
void sx_sides_part(sx_engine *engine, float *const *bus, uint32_t done, uint32_t frames) SX_REALTIME;
/* After a span. */
void sx_sides_advance(sx_engine *engine, uint32_t span) SX_REALTIME;
/* After a block: makes one of two where they are the same. */
void sx_sides_join(sx_engine *engine) SX_REALTIME;

#endif
