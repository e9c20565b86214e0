/* SPDX-License-Identifier: Apache-2.0
 *
 * The `chip` kernel at work: voices together, a span at a time. `begin` clocks
 * the envelopes of the feedback paths and computes those paths, several voices
 * interleaved, because each waits for its own last two outputs; `finish` does
 * the rest of one voice. A path that is the only one of its length is left to
 * `finish`, where the operators of its voice fill its waiting.
 */
#ifndef SIXOP_CHIP_H
#define SIXOP_CHIP_H

#include <stdint.h>

#include "algorithms.h"
#include "attributes.h"
#include "operators.h"

#define SX_CHIP_TOGETHER 16 /* voices */

typedef struct sx_voice sx_voice;

typedef struct {
  const int16_t *outputs;              /* sx_output_table() */
  sx_voice *voice[SX_CHIP_TOGETHER];
  sx_path *path_of[SX_CHIP_TOGETHER];  /* a voice's, or NULL if it is silent */
  uint8_t is_alone[SX_CHIP_TOGETHER];  /* 1: `finish` computes the path */
  uint64_t frame;
  uint32_t frames;
  sx_path path[SX_CHIP_TOGETHER];
  sx_lane lane[SX_OPERATORS];          /* one voice's other operators */
  _Alignas(SX_CACHE_LINE) uint16_t sum[SX_ROW];
  int32_t samples[SX_BLOCK];
} sx_chip_work;

/* Up to SX_CHIP_TOGETHER voices, none at rest, for up to SX_BLOCK frames from `frame` on, without a tick or event
 * inside. */
void sx_chip_begin(sx_chip_work *work, sx_voice *const *voices, uint32_t count, uint64_t frame,
                   uint32_t frames) SX_REALTIME;
/* Each voice once, in any order. Returns its samples in chip units, good until the next call, or NULL if all are
 * silent. */
const int32_t *sx_chip_finish(sx_chip_work *work, uint32_t index) SX_REALTIME;

#endif
