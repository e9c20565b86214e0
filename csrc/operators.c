/* SPDX-License-Identifier: Apache-2.0 */
#include "operators.h"

#include <string.h>

#include "rom.h"

#define PHASE_SHIFT 11 /* the 12 highest of 23 bits address the sine */

/* One operator in a loop. Locals only, so that they can live in registers. */
typedef struct {
  uint32_t phase;
  uint32_t increment;
  const uint16_t *attenuation; /* a value per frame, or one for all */
  int varies;
  const int16_t *outputs;
} oscillator;

SX_INLINE oscillator oscillator_of(const sx_operators *operators, const sx_attenuations *attenuations, uint32_t op)
{
  const oscillator o = { operators->phase[op], operators->increment[op], attenuations->value[op],
                         attenuations->varies[op], operators->outputs };
  return o;
}

/* Frame i's output. `varies` repeats o->varies as a constant of the loop around it. */
SX_INLINE int32_t oscillate(oscillator *o, uint32_t i, int varies, uint32_t modulation)
{
  const uint32_t at = ((o->phase >> PHASE_SHIFT) + modulation) & (SX_PHASE_STEPS - 1);
  o->phase += o->increment;
  return o->outputs[sx_log_sine[at] + o->attenuation[i & (0u - (uint32_t)varies)]]; /* at most 29 octaves: the sign bit stays */
}

SX_INLINE void modulated_loop(oscillator o, int varies, const int32_t *modulation, int32_t *out, uint32_t frames)
{
  for (uint32_t i = 0; i < frames; ++i) {
    out[i] = oscillate(&o, i, varies, modulation == NULL ? 0 : (uint32_t)modulation[i]);
  }
}

/* modulation: one value per frame, or NULL for none. */
static void run_operator(oscillator o, const int32_t *modulation, int32_t *out, uint32_t frames)
{
  if (modulation == NULL) {
    if (o.varies) {
      modulated_loop(o, 1, NULL, out, frames);
    } else {
      modulated_loop(o, 0, NULL, out, frames);
    }
  } else if (o.varies) {
    modulated_loop(o, 1, modulation, out, frames);
  } else {
    modulated_loop(o, 0, modulation, out, frames);
  }
}

SX_INLINE uint32_t feedback_of(const sx_history *h, uint32_t shift)
{
  return (uint32_t)((h->last + h->before) >> shift); /* arithmetic: towards minus infinity */
}

SX_INLINE void remember(sx_history *h, int32_t y)
{
  h->before = h->last;
  h->last = y;
}

/* The chain of look-ups around an operator that feeds itself leaves the processor mostly idle: other operators
 * are computed in its gaps for nothing. */
#define MOST_COMPANIONS 3

typedef struct {
  oscillator o;
  uint32_t follows; /* all bits: modulated by the operator that feeds back; 0: by none */
  int32_t *out;
} companion;

SX_INLINE void feedback_loop(oscillator o, sx_history *feedback, uint32_t shift, int32_t *out,
                             const companion *companions, uint32_t count, uint32_t frames)
{
  sx_history h = *feedback;
  companion c[MOST_COMPANIONS];
  for (uint32_t k = 0; k < count; ++k) {
    c[k] = companions[k];
  }
  for (uint32_t i = 0; i < frames; ++i) {
    const int32_t y = oscillate(&o, i, o.varies, feedback_of(&h, shift));
    remember(&h, y);
    out[i] = y;
    for (uint32_t k = 0; k < count; ++k) {
      c[k].out[i] = oscillate(&c[k].o, i, c[k].o.varies, (uint32_t)y & c[k].follows);
    }
  }
  *feedback = h;
}

static void run_feedback(oscillator o, sx_history *h, uint32_t shift, int32_t *out, const companion *companions,
                         uint32_t count, uint32_t frames)
{
  switch (count) { /* each a loop of its own, with the companions in registers */
  case 0: feedback_loop(o, h, shift, out, companions, 0, frames); break;
  case 1: feedback_loop(o, h, shift, out, companions, 1, frames); break;
  case 2: feedback_loop(o, h, shift, out, companions, 2, frames); break;
  default: feedback_loop(o, h, shift, out, companions, MOST_COMPANIONS, frames); break;
  }
}

/* Algorithm 6: the feedback runs through two operators. */
static void run_loop_of_two(oscillator top, oscillator tap, sx_history *feedback, uint32_t shift, int32_t *top_out,
                            int32_t *tap_out, uint32_t frames)
{
  sx_history h = *feedback;
  for (uint32_t i = 0; i < frames; ++i) {
    const int32_t y = oscillate(&top, i, top.varies, feedback_of(&h, shift));
    const int32_t z = oscillate(&tap, i, tap.varies, (uint32_t)y);
    remember(&h, z);
    top_out[i] = y;
    tap_out[i] = z;
  }
  *feedback = h;
}

/* Algorithm 4: through three. */
static void run_loop_of_three(oscillator top, oscillator middle, oscillator tap, sx_history *feedback, uint32_t shift,
                              int32_t *top_out, int32_t *middle_out, int32_t *tap_out, uint32_t frames)
{
  sx_history h = *feedback;
  for (uint32_t i = 0; i < frames; ++i) {
    const int32_t x = oscillate(&top, i, top.varies, feedback_of(&h, shift));
    const int32_t y = oscillate(&middle, i, middle.varies, (uint32_t)x);
    const int32_t z = oscillate(&tap, i, tap.varies, (uint32_t)y);
    remember(&h, z);
    top_out[i] = x;
    middle_out[i] = y;
    tap_out[i] = z;
  }
  *feedback = h;
}

static void forget(sx_history *h, uint32_t frames)
{
  h->before = frames > 1 ? 0 : h->last;
  h->last = 0;
}

/* Operators whose output reaches an audible carrier or the feedback path. */
static uint32_t needed_operators(const sx_algorithm *algorithm, const sx_attenuations *attenuations)
{
  uint32_t needed = 0;
  for (uint32_t op = 0; op < SX_OPERATORS; ++op) {
    const uint32_t bit = 1u << op;
    const int in_loop = op >= algorithm->feedback_source && op <= algorithm->feedback_target;
    if ((algorithm->carriers & bit) || in_loop) {
      needed |= bit;
    }
    if ((needed & bit) && !attenuations->silent[op]) {
      needed |= algorithm->sources[op];
    }
  }
  return needed;
}

static void add(int32_t *restrict sum, const int32_t *restrict addend, uint32_t frames)
{
  for (uint32_t i = 0; i < frames; ++i) {
    sum[i] += addend[i];
  }
}

/* What is written so far: the outputs of a block, operators that are silent or not needed left out. */
typedef struct {
  int32_t out[SX_OPERATORS][SX_BLOCK];
  int32_t sum[SX_BLOCK];
  uint32_t ready; /* bit n: out[n] is valid and not all zero */
} block;

/* The sum of these operators' outputs, or NULL if they are all silent. */
static const int32_t *sum_of(block *b, uint32_t operators, int32_t *sum, uint32_t frames)
{
  const int32_t *only = NULL;
  uint32_t count = 0;
  for (uint32_t op = 0; op < SX_OPERATORS; ++op) {
    if (operators & b->ready & (1u << op)) {
      if (count == 0) {
        only = b->out[op];
      } else {
        if (count == 1) {
          memcpy(sum, only, frames * sizeof *sum);
          only = sum;
        }
        add(sum, b->out[op], frames);
      }
      count += 1;
    }
  }
  return only;
}

static int any_audible(const sx_attenuations *attenuations, uint32_t first, uint32_t last)
{
  for (uint32_t op = first; op <= last; ++op) {
    if (!attenuations->silent[op]) {
      return 1;
    }
  }
  return 0;
}

/* Operators that can keep the feedback company: modulated by nothing, or by it alone. */
static uint32_t find_companions(companion found[MOST_COMPANIONS], const sx_operators *operators,
                                const sx_algorithm *algorithm, const sx_attenuations *attenuations, uint32_t runnable,
                                block *b)
{
  const uint32_t feedback = 1u << algorithm->feedback_source;
  uint32_t count = 0;
  for (uint32_t op = SX_OPERATORS; op-- > 0 && count < MOST_COMPANIONS;) {
    const uint32_t sources = algorithm->sources[op];
    if ((runnable & (1u << op)) && !attenuations->silent[op] && (sources == 0 || sources == feedback)) {
      const companion c = { oscillator_of(operators, attenuations, op), sources ? ~0u : 0u, b->out[op] };
      found[count++] = c;
      b->ready |= 1u << op;
    }
  }
  return count;
}

/* The feedback path's operators, whose frames depend on each other: first of all in a block. */
static uint32_t run_feedback_path(sx_operators *operators, const sx_algorithm *algorithm, uint32_t shift,
                                  const sx_attenuations *attenuations, uint32_t needed, block *b, uint32_t frames)
{
  const uint32_t tap = algorithm->feedback_source;
  const uint32_t top = algorithm->feedback_target;
  uint32_t done = 0;
  for (uint32_t op = tap; op <= top; ++op) {
    done |= 1u << op;
  }
  if (!any_audible(attenuations, tap, top)) {
    forget(&operators->history, frames);
    return done;
  }
  const oscillator last = oscillator_of(operators, attenuations, tap);
  const oscillator first = oscillator_of(operators, attenuations, top);
  if (top == tap) {
    companion companions[MOST_COMPANIONS];
    const uint32_t count = find_companions(companions, operators, algorithm, attenuations, needed & ~done, b);
    run_feedback(first, &operators->history, shift, b->out[top], companions, count, frames);
  } else if (top == tap + 1) {
    run_loop_of_two(first, last, &operators->history, shift, b->out[top], b->out[tap], frames);
  } else {
    run_loop_of_three(first, oscillator_of(operators, attenuations, tap + 1), last, &operators->history, shift,
                      b->out[top], b->out[tap + 1], b->out[tap], frames);
  }
  b->ready |= done;
  return done | b->ready;
}

int sx_operators_run(sx_operators *operators, const sx_algorithm *algorithm, uint32_t feedback_shift,
                     const sx_attenuations *attenuations, int32_t *out, uint32_t frames)
{
  block b;
  b.ready = 0;
  const uint32_t needed = needed_operators(algorithm, attenuations);
  const uint32_t done = run_feedback_path(operators, algorithm, feedback_shift, attenuations, needed, &b, frames);
  for (uint32_t op = SX_OPERATORS; op-- > 0;) {
    if ((needed & ~done & (1u << op)) && !attenuations->silent[op]) {
      const int32_t *modulation = sum_of(&b, algorithm->sources[op], b.sum, frames);
      run_operator(oscillator_of(operators, attenuations, op), modulation, b.out[op], frames);
      b.ready |= 1u << op;
    }
  }
  for (uint32_t op = 0; op < SX_OPERATORS; ++op) {
    operators->phase[op] = (operators->phase[op] + operators->increment[op] * frames) & SX_PHASE_MASK;
  }
  const int32_t *heard = sum_of(&b, algorithm->carriers, b.sum, frames);
  if (heard == NULL) {
    return 0;
  }
  memcpy(out, heard, frames * sizeof *out);
  return 1;
}
