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

#define SX_BLOCK 132     /* frames rendered at once: never more than a tick */
#define SX_PHASE_MASK 0x7FFFFFu /* 23 bits */

/* Of the operator that feeds back: its last output, and the one before. */
typedef struct {
  int32_t last;
  int32_t before;
} sx_history;

typedef struct {
  const int16_t *outputs; /* sx_output_table() */
  uint32_t phase[SX_OPERATORS];
  uint32_t increment[SX_OPERATORS];
  sx_history history;
} sx_operators;

/* Attenuation of each operator over a block, 1/1024 octave, carrier compensation included. */
typedef struct {
  uint16_t value[SX_OPERATORS][SX_BLOCK];
  uint8_t varies[SX_OPERATORS]; /* 0: value[n][0] stands for all frames */
  uint8_t silent[SX_OPERATORS]; /* 1: no frame is below SX_SILENT */
} sx_attenuations;

/* Writes the sum of the carriers and advances all phases. Returns 0, and writes nothing, if all were silent. */
int sx_operators_run(sx_operators *operators, const sx_algorithm *algorithm, uint32_t feedback_shift,
                     const sx_attenuations *attenuations, int32_t *out, uint32_t frames) SX_REALTIME;

#endif
