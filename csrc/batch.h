/* SPDX-License-Identifier: Apache-2.0
 *
 * Many notes at once, each alone on an instrument of its own: a row of output
 * is what an engine with a single voice would play. Rows go in chunks, as many
 * as a kernel likes to have together, through the same ticks; workers take the
 * chunks one by one. A row never depends on who renders it, or with whom, so
 * those with feedback paths alike go together.
 */
#ifndef SIXOP_BATCH_H
#define SIXOP_BATCH_H

#include <stdatomic.h>
#include <stdint.h>

#include "chip.h"
#include "clean.h"
#include "lanes.h"
#include "part.h"
#include "program.h"
#include "rate.h"
#include "resampler.h"
#include "sixop.h"
#include "voice.h"

#define SX_BATCH_ROWS SX_CLEAN_TOGETHER           /* of a chunk, at most */
#define SX_BATCH_GROUPS (SX_BATCH_ROWS / SX_LANES) /* that are resampled together */
#define SX_BATCH_SINGLES 4                        /* rows for which this is not worth it */
#define SX_BATCH_BLOCK 128                        /* device frames resampled at once, out of the nearest cache */
#define SX_BATCH_ROOM 1280                        /* frames of the kernel for them and ahead; at low rates for fewer */

/* What one thread works with. */
typedef struct {
  struct sx_batch *batch;
  const uint32_t *order;              /* the chunk's rows */
  uint32_t rows;
  uint64_t frame;                     /* of the kernel's rate */
  uint64_t tick_frame;                /* of the last tick */
  uint32_t ahead;                     /* frames the resamplers have not taken yet */
  uint32_t silent;                    /* frames since the last voice came to rest */
  sx_clock clock;                     /* of the next tick */
  sx_program program[SX_BATCH_ROWS];
  sx_voice voice[SX_BATCH_ROWS];
  uint64_t key_off[SX_BATCH_ROWS];    /* frame of the kernel's rate */
  uint8_t filled[SX_BATCH_ROWS];      /* 1: at rest, and its output is all written */
  sx_chip_work chip;
  sx_clean_work clean;
  float floats[SX_CLEAN_BLOCK];
  sx_resampler resampler[SX_BATCH_GROUPS];
  sx_resampler single[SX_BATCH_SINGLES];
  float span[SX_LANES][SX_CLEAN_ROW]; /* of a group, to be put side by side */
  float unused[SX_BATCH_BLOCK];       /* what lanes without a row put out */
} sx_batch_worker;

struct sx_batch {
  sx_batch_job job;
  sx_rate rate;
  sx_part part;               /* as after power-up; all rows play it */
  sx_resampler resampler;     /* owns the filter of the workers' */
  uint32_t *order;            /* rows, those of one algorithm together */
  uint8_t resamples;
  uint32_t chunk;             /* rows */
  uint32_t workers;
  sx_batch_worker *worker;
  void *worker_block;         /* what to free: the workers want cache lines of their own */
  _Atomic uint32_t next;      /* place in this order from which nobody has taken rows yet */
  _Atomic uint32_t done;      /* rows */
  _Atomic uint32_t cancelled;
  struct sx_batch_threads *threads;
};

/* Renders the next chunk. Returns 0 if there is none, or the batch is cancelled. */
int sx_batch_work(sx_batch_worker *worker);

#endif
