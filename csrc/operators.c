/* SPDX-License-Identifier: Apache-2.0 */
#include "operators.h"

#include <string.h>

#include "rom.h"

#define PHASE_SHIFT 20 /* the 12 highest of 32 bits address the sine */

/* Frame i of an operator. */
SX_INLINE int32_t oscillate(const sx_lane *lane, uint32_t i, const int16_t *outputs, uint32_t modulation)
{
  const uint32_t at = (lane->phase[i] + modulation) & (SX_PHASE_STEPS - 1);
  return outputs[sx_log_sine[at] + lane->attenuation[i]]; /* at most 29 octaves: the sign bit stays */
}

static void fill_phase(sx_lane *lane, uint32_t phase, uint32_t increment, uint32_t frames)
{
  for (uint32_t i = 0; i < frames; ++i) {
    lane->phase[i] = phase >> PHASE_SHIFT;
    phase += increment;
  }
}

static void run_plain(sx_lane *lane, const int16_t *outputs, uint32_t frames)
{
  for (uint32_t i = 0; i < frames; ++i) {
    lane->out[i] = oscillate(lane, i, outputs, 0);
  }
}

static void run_modulated(sx_lane *lane, const int16_t *outputs, const int32_t *modulation, uint32_t frames)
{
  for (uint32_t i = 0; i < frames; ++i) {
    lane->out[i] = oscillate(lane, i, outputs, (uint32_t)modulation[i]);
  }
}

/* ---- feedback: frames that depend on the two before ---------------------- */

SX_INLINE uint32_t feedback_of(const sx_chip_history *h, uint32_t shift)
{
  return (uint32_t)((h->last + h->before) >> shift); /* arithmetic: towards minus infinity */
}

SX_INLINE void remember(sx_chip_history *h, int32_t y)
{
  h->before = h->last;
  h->last = y;
}

static void forget(sx_chip_history *h, uint32_t frames)
{
  h->before = frames > 1 ? 0 : h->last;
  h->last = 0;
}

/* The feedback path is one operator that feeds itself or, in algorithms 6 and 4, a chain of two or three whose last
 * feeds the first. Its look-ups wait for each other and leave the processor mostly idle, so other operators of the
 * voice keep it company: they are computed in the gaps, for nothing. */
#define LONGEST_PATH 3
#define MOST_COMPANIONS (SX_OPERATORS - 1)

typedef struct {
  sx_lane *lane;
  const int32_t *modulation; /* a value per frame, ready by the time its frame is reached */
} companion;

static const int32_t no_modulation[SX_BLOCK];

/* path[length - 1] is fed by path[0]. */
SX_INLINE void feedback_loop(sx_lane *path, uint32_t length, sx_chip_history *feedback, uint32_t shift,
                             const int16_t *outputs, const companion *c, uint32_t count, uint32_t frames)
{
  sx_chip_history h = *feedback;
  for (uint32_t i = 0; i < frames; ++i) {
    int32_t y = (int32_t)feedback_of(&h, shift);
    for (uint32_t k = length; k-- > 0;) {
      y = oscillate(&path[k], i, outputs, (uint32_t)y);
      path[k].out[i] = y;
    }
    remember(&h, y);
    for (uint32_t k = 0; k < count; ++k) {
      c[k].lane->out[i] = oscillate(c[k].lane, i, outputs, (uint32_t)c[k].modulation[i]);
    }
  }
  *feedback = h;
}

/* Each number of companions has a loop of its own. */
SX_INLINE void run_path(sx_lane *path, uint32_t length, sx_chip_history *h, uint32_t shift, const int16_t *outputs,
                        const companion *c, uint32_t count, uint32_t frames)
{
  switch (count) {
  case 0: feedback_loop(path, length, h, shift, outputs, c, 0, frames); break;
  case 1: feedback_loop(path, length, h, shift, outputs, c, 1, frames); break;
  case 2: feedback_loop(path, length, h, shift, outputs, c, 2, frames); break;
  case 3: feedback_loop(path, length, h, shift, outputs, c, 3, frames); break;
  case 4: feedback_loop(path, length, h, shift, outputs, c, 4, frames); break;
  default: feedback_loop(path, length, h, shift, outputs, c, MOST_COMPANIONS, frames); break;
  }
}

static void run_feedback(sx_lane *path, uint32_t length, sx_chip_history *h, uint32_t shift, const int16_t *outputs,
                         const companion *c, uint32_t count, uint32_t frames)
{
  switch (length) {
  case 1: run_path(path, 1, h, shift, outputs, c, count, frames); break;
  case 2: run_path(path, 2, h, shift, outputs, c, count, frames); break;
  default: run_path(path, LONGEST_PATH, h, shift, outputs, c, count, frames); break;
  }
}

/* ---- wiring -------------------------------------------------------------- */

static uint32_t feedback_path(const sx_algorithm *algorithm)
{
  return (2u << algorithm->feedback_target) - (1u << algorithm->feedback_source);
}

static uint32_t audible_operators(const sx_block *block)
{
  uint32_t audible = 0;
  for (uint32_t op = 0; op < SX_OPERATORS; ++op) {
    audible |= (block->silent[op] ? 0u : 1u) << op;
  }
  return audible;
}

/* Of the audible ones, those that reach a carrier or the feedback path through audible operators. */
static uint32_t needed_operators(const sx_algorithm *algorithm, uint32_t audible)
{
  uint32_t needed = algorithm->carriers | feedback_path(algorithm);
  for (uint32_t op = 0; op < SX_OPERATORS; ++op) { /* targets before their modulators */
    if (needed & audible & (1u << op)) {
      needed |= algorithm->sources[op];
    }
  }
  return needed & audible;
}

static void add(int32_t *restrict sum, const int32_t *restrict addend, uint32_t frames)
{
  for (uint32_t i = 0; i < frames; ++i) {
    sum[i] += addend[i];
  }
}

/* The sum of these operators' outputs, or NULL if they are all silent. Uses block->sum. */
static const int32_t *sum_of(sx_block *block, uint32_t operators, uint32_t frames)
{
  const int32_t *only = NULL;
  uint32_t count = 0;
  for (uint32_t op = 0; op < SX_OPERATORS; ++op) {
    if (operators & block->ready & (1u << op)) {
      if (count == 0) {
        only = block->lane[op].out;
      } else {
        if (count == 1) {
          memcpy(block->sum, only, frames * sizeof *only);
          only = block->sum;
        }
        add(block->sum, block->lane[op].out, frames);
      }
      count += 1;
    }
  }
  return only;
}

/* The number of the only operator in a set, or SX_OPERATORS if there is none or are several. */
static uint32_t only_operator(uint32_t operators)
{
  uint32_t op = 0;
  while (op < SX_OPERATORS && operators != 1u << op) {
    ++op;
  }
  return op;
}

/* Operators that can keep the feedback company: those modulated by nothing, by it, or by one of their own.
 * `runnable` are all that are left. Each companion is marked ready before its modulation is looked for further down. */
static uint32_t find_companions(companion found[MOST_COMPANIONS], const sx_algorithm *algorithm, uint32_t runnable,
                                sx_block *block)
{
  uint32_t count = 0;
  for (uint32_t op = SX_OPERATORS; op-- > 0;) {
    const uint32_t sources = algorithm->sources[op];
    const uint32_t source = only_operator(sources & block->ready);
    const int waits = (sources & runnable & ~block->ready) != 0;
    const int is_unmodulated = (sources & block->ready) == 0;
    if ((runnable & (1u << op)) && !waits && (is_unmodulated || source < SX_OPERATORS)) {
      const companion c = { &block->lane[op], is_unmodulated ? no_modulation : block->lane[source].out };
      found[count++] = c;
      block->ready |= 1u << op;
    }
  }
  return count;
}

/* First of all in a block, and whoever keeps it company. Returns the operators that are done. */
static uint32_t run_feedback_path(sx_chip_history *history, const int16_t *outputs, const sx_algorithm *algorithm, uint32_t shift,
                                  uint32_t needed, sx_block *block, uint32_t frames)
{
  const uint32_t path = feedback_path(algorithm);
  const uint32_t length = algorithm->feedback_target - algorithm->feedback_source + 1u;
  companion companions[MOST_COMPANIONS];
  block->ready |= path;
  const uint32_t count = find_companions(companions, algorithm, needed & ~path, block);
  run_feedback(&block->lane[algorithm->feedback_source], length, history, shift, outputs,
               companions, count, frames);
  return block->ready;
}

static void fill_phases(const sx_phases *phases, uint32_t which, sx_block *block, uint32_t frames)
{
  for (uint32_t op = 0; op < SX_OPERATORS; ++op) {
    if (which & (1u << op)) {
      fill_phase(&block->lane[op], phases->phase[op], phases->step[op], frames);
    }
  }
}

const int32_t *sx_operators_run(const sx_phases *phases, sx_chip_history *history, const int16_t *outputs,
                                const sx_algorithm *algorithm, uint32_t feedback_shift, sx_block *block,
                                uint32_t frames)
{
  const uint32_t audible = audible_operators(block);
  const uint32_t needed = needed_operators(algorithm, audible);
  const uint32_t path = feedback_path(algorithm);
  uint32_t done = 0;
  block->ready = 0;
  if (audible & path) {
    fill_phases(phases, needed | path, block, frames);
    done = run_feedback_path(history, outputs, algorithm, feedback_shift, needed, block, frames);
  } else {
    fill_phases(phases, needed, block, frames);
    forget(history, frames);
  }
  for (uint32_t op = SX_OPERATORS; op-- > 0;) {
    if (needed & ~done & (1u << op)) {
      const int32_t *modulation = sum_of(block, algorithm->sources[op], frames);
      if (modulation == NULL) {
        run_plain(&block->lane[op], outputs, frames);
      } else {
        run_modulated(&block->lane[op], outputs, modulation, frames);
      }
      block->ready |= 1u << op;
    }
  }
  return sum_of(block, algorithm->carriers, frames);
}
