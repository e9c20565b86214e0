/* SPDX-License-Identifier: Apache-2.0
 *
 * The `chip` operator kernel: six operators wired by an algorithm, in the
 * integer log-sine arithmetic of the operator chip (YM21280).
 *
 *     attenuation = log_sine[phase + modulation] + 4 * envelope + compensation
 *     output      = sign * exponential[attenuation]
 *
 * An output of +-16372 added to a 12-bit phase is four cycles. Modulators act
 * within the same frame; feedback is the sum of the two frames before, shifted.
 */
#ifndef SIXOP_OPERATORS_H
#define SIXOP_OPERATORS_H

#include <stdint.h>

#include "algorithms.h"
#include "attributes.h"
#include "phases.h"

#define SX_BLOCK 132     /* frames rendered at once: never more than a tick at the native rate */

/* Of the operator that feeds back: its last output, and the one before. */
typedef struct {
  int32_t last;
  int32_t before;
} sx_chip_history;

/* One operator over a block, a value per frame. In one place, so that a loop over several operators needs
 * one pointer for each. */
typedef struct {
  uint32_t attenuation[SX_BLOCK]; /* 1/1024 octave, carrier compensation included */
  uint32_t phase[SX_BLOCK];       /* in 1/4096 cycle, not wrapped, before modulation */
  int32_t out[SX_BLOCK];
} sx_lane;

/* The caller fills in `attenuation` and `silent`; the rest is the kernel's. */
typedef struct {
  sx_lane lane[SX_OPERATORS];
  int32_t sum[SX_BLOCK];
  uint8_t silent[SX_OPERATORS]; /* 1: no frame's attenuation is below SX_SILENT */
  uint32_t ready;               /* bit n: lane[n].out is computed and not all zero */
} sx_block;

/* Computes the block; the phases stay. Returns the sum of the carriers, somewhere in the block, or NULL
 * if all were silent. `outputs`: sx_output_table(). */
const int32_t *sx_operators_run(const sx_phases *phases, sx_chip_history *history, const int16_t *outputs,
                                const sx_algorithm *algorithm, uint32_t feedback_shift, sx_block *block,
                                uint32_t frames) SX_REALTIME;

#endif
