/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <string.h>

#include "clean_operator.h"
#include "graph.h"

#define BIT(n) (1u << (n))
#define CYCLE (1 << 26) /* in units of an operator's output */

static const float silence[SX_CLEAN_ROW];

/* ---- gains -------------------------------------------------------------- */

static int find_gains(sx_graph *graph, uint32_t op)
{
  sx_graph_clean *work = &graph->clean;
  return sx_clean_find_gains(&work->span, sx_graph_voice(graph, op), op % SX_OPERATORS, work->row[op],
                             &work->gains[op]);
}

/* Into the row of an operator that goes frame by frame. Returns 0 if all are 0. */
static int put_gains(sx_graph *graph, uint32_t op)
{
  sx_graph_clean *work = &graph->clean;
  float *row = work->row[op];
  const int sounds = find_gains(graph, op);
  if (sounds && work->gains[op].within != NULL) {
    sx_contour_fill(&sx_graph_voice(graph, op)->clean.contour[op % SX_OPERATORS], work->span.frame, work->span.frames,
                    row);
    memset(row + SX_SLICE + work->span.frames, 0, SX_SLICE * sizeof *row);
  }
  return sounds;
}

/* A loop is silent if all its operators are. */
static void begin_loop(sx_graph *graph, const sx_graph_part *part)
{
  sx_graph_clean *work = &graph->clean;
  uint32_t sounding = 0;
  for (uint32_t k = 0; k < part->length; ++k) {
    sounding |= put_gains(graph, part->operator_at[k]) ? BIT(part->operator_at[k]) : 0;
  }
  for (uint32_t silent = sounding != 0 ? part->operators & ~sounding : 0; silent != 0; silent &= silent - 1) {
    memset(work->row[sx_lowest_bit(silent)], 0, sizeof work->row[0]);
  }
  work->audible |= sounding != 0 ? part->operators : 0;
}

static void begin(sx_graph *graph, uint32_t frames)
{
  sx_graph_clean *work = &graph->clean;
  sx_voice *voices[SX_GRAPH_VOICES];
  for (uint32_t v = 0; v < graph->voices; ++v) {
    voices[v] = &graph->voice[v];
  }
  work->span = (sx_clean_span){ graph->frame, frames, (uint32_t)(graph->clock.frame - graph->tick_frame),
                                graph->tick_frame };
  sx_clean_anchor(&work->span, voices, graph->voices);
  work->audible = 0;
  for (uint32_t p = 0; p < graph->plan.parts; ++p) {
    const sx_graph_part *part = &graph->plan.part[p];
    if (part->kind != SX_PART_SINGLE) {
      begin_loop(graph, part);
    } else if (find_gains(graph, part->operator_at[0])) {
      work->audible |= part->operators;
    }
  }
  work->needed = sx_graph_needed(graph, work->audible);
}

/* ---- modulation from other parts ---------------------------------------- */

static const float *output_of(const sx_graph_clean *work, uint32_t op)
{
  return (work->needed & BIT(op) ? work->row[op] : silence) + SX_SLICE;
}

SX_INLINE void add_scaled(float *restrict sum, const float *restrict addend, float amount, uint32_t frames)
{
  for (uint32_t i = 0; i < frames; ++i) {
    sum[i] += addend[i] * amount;
  }
}

static void add_feedback(float *sum, const float *output, const sx_graph_history *history, float share,
                         uint32_t frames)
{
  float last = history->last;
  float before = history->before;
  for (uint32_t i = 0; i < frames; ++i) {
    sum[i] += (last + before) * share;
    before = last;
    last = output[i];
  }
}

/* Whole cycles off, where there may be more than a phase can hold. */
static void wrap(float *sum, uint32_t frames)
{
  for (uint32_t i = 0; i < frames; ++i) {
    sum[i] = (float)((int64_t)sum[i] % CYCLE);
  }
}

/* From parts that come before: ready for the whole span. NULL if there is none. */
SX_INLINE const float *modulation_of(sx_graph *graph, uint32_t op, uint32_t frames)
{
  sx_graph_clean *work = &graph->clean;
  const sx_graph_plan *plan = &graph->plan;
  const uint32_t others = ~plan->part[plan->part_of[op]].operators;
  const uint32_t sources = plan->sources[op] & others & work->needed;
  const uint32_t returns = plan->returns[op] & others;
  if (sources == 0 && returns == 0) {
    return NULL;
  }
  memset(work->sum, 0, sizeof work->sum);
  for (uint32_t i = plan->first_modulation[op]; i < plan->first_modulation[op + 1]; ++i) {
    const sx_modulation *m = &plan->modulation[i];
    if (sources & BIT(m->source)) {
      if (m->amount == 1.0f && sources == BIT(m->source) && returns == 0) {
        return work->row[m->source] + SX_SLICE;
      }
      add_scaled(work->sum, work->row[m->source] + SX_SLICE, m->amount, frames);
    }
  }
  for (uint32_t i = plan->first_return[op]; returns != 0 && i < plan->first_return[op + 1]; ++i) {
    const sx_return *r = &plan->feedback[i];
    if (returns & BIT(r->source)) {
      add_feedback(work->sum, output_of(work, r->source), &work->history[r->source], r->share, frames);
    }
  }
  if (plan->wrapping & BIT(op)) {
    wrap(work->sum, frames);
  }
  return work->sum;
}

SX_INLINE void run_single(sx_graph *graph, uint32_t op)
{
  sx_graph_clean *work = &graph->clean;
  const sx_phases *phases = &sx_graph_voice(graph, op)->phases;
  const uint32_t at = op % SX_OPERATORS;
  const uint32_t whole = SX_SLICE * sx_clean_slices(&work->span);
  sx_clean_run_operator(work->row[op] + SX_SLICE, &work->gains[op], modulation_of(graph, op, whole), phases->phase[at],
                    phases->step[at], (uint32_t)phases->slope[at], whole, 0);
}

SX_INLINE void run_loop(sx_graph *graph, const sx_graph_part *part)
{
  sx_graph_clean *work = &graph->clean;
  work->is_outside = 0;
  for (uint32_t k = 0; k < part->length; ++k) {
    const uint32_t op = part->operator_at[k];
    const float *modulation = modulation_of(graph, op, work->span.frames);
    if (modulation != NULL) {
      memcpy(work->outside[op], modulation, work->span.frames * sizeof *modulation);
      work->is_outside |= BIT(op);
    }
  }
  sx_graph_clean_loop(graph, part);
}

/* ---- a span ------------------------------------------------------------- */

static void remember(sx_graph *graph)
{
  sx_graph_clean *work = &graph->clean;
  for (uint32_t ops = graph->plan.feedback_sources; ops != 0; ops &= ops - 1) {
    const uint32_t op = sx_lowest_bit(ops);
    const float *output = output_of(work, op);
    sx_graph_history *h = &work->history[op];
    h->before = work->span.frames > 1 ? output[work->span.frames - 2] : h->last;
    h->last = output[work->span.frames - 1];
  }
}

SX_CLONED void sx_graph_clean_run(sx_graph *graph, uint32_t frames)
{
  sx_graph_clean *work = &graph->clean;
  begin(graph, frames);
  for (uint32_t p = 0; p < graph->plan.parts; ++p) {
    const sx_graph_part *part = &graph->plan.part[p];
    if ((part->operators & work->needed) == 0) {
      continue;
    }
    if (part->kind == SX_PART_SINGLE) {
      run_single(graph, part->operator_at[0]);
    } else {
      run_loop(graph, part);
    }
  }
  remember(graph);
}

/* ---- what it sounds like ------------------------------------------------ */

/* Adding zero makes a zero of either sign a positive one. */
SX_CLONED static void scale(float *restrict out, const float *restrict samples, uint32_t frames)
{
  const float unit = 1.0f / (float)SX_UNITY;
  for (uint32_t i = 0; i < frames; ++i) {
    out[i] = (0.0f + samples[i] * SX_CLEAN_UNIT) * unit;
  }
}

SX_CLONED void sx_graph_clean_mix(sx_graph *graph, float *out)
{
  sx_graph_clean *work = &graph->clean;
  memset(work->sum, 0, sizeof work->sum);
  for (uint32_t op = graph->plan.operators; op-- > 0;) { /* in the order of the kernel's sums */
    if (graph->plan.carriers & work->needed & BIT(op)) {
      add_scaled(work->sum, work->row[op] + SX_SLICE, 1.0f, work->span.frames);
    }
  }
  scale(out, work->sum, work->span.frames);
}

void sx_graph_clean_stem(const sx_graph *graph, uint32_t op, float *out)
{
  scale(out, output_of(&graph->clean, op), graph->clean.span.frames);
}
