/* SPDX-License-Identifier: Apache-2.0 */
#include "clean_operator.h"
#include "graph.h"

#define BIT(n) (1u << (n))

static const float silence[SX_CLEAN_ROW];

typedef struct {
  const float *output;
  float amount;
} loop_edge;

typedef struct {
  uint32_t source; /* place in the loop */
  float share;
} loop_return;

typedef struct {
  float *row;        /* gains, and after them outputs */
  const float *modulation; /* from outside */
  uint32_t phase;    /* from a crest */
  uint32_t step;
  uint32_t slope;
  uint32_t edges;    /* how many of the list are its own */
  uint32_t returns;
  float last;
  float before;
} loop_operator;

typedef struct {
  uint32_t length;
  loop_operator op[SX_GRAPH_OPERATORS];
  loop_edge edge[SX_GRAPH_EDGES];
  loop_return feedback[SX_GRAPH_FEEDBACKS];
} loop;

/* Of any number of cycles. */
SX_INLINE uint32_t as_phase(float modulation)
{
  return (uint32_t)(int64_t)modulation << SX_MODULATION_SHIFT;
}

SX_INLINE void run_loop_frames(loop *l, uint32_t frames)
{
  for (uint32_t i = 0; i < frames; ++i) {
    const loop_edge *edge = l->edge;
    const loop_return *feedback = l->feedback;
    for (uint32_t k = 0; k < l->length; ++k) {
      loop_operator *op = &l->op[k];
      float modulation = op->modulation[i];
      for (const loop_edge *end = edge + op->edges; edge < end; ++edge) {
        modulation += edge->output[i] * edge->amount;
      }
      for (const loop_return *end = feedback + op->returns; feedback < end; ++feedback) {
        const loop_operator *source = &l->op[feedback->source];
        modulation += (source->last + source->before) * feedback->share;
      }
      op->row[i] = sx_oscillate(op->phase + as_phase(modulation), op->row[i]);
      op->phase += op->step;
      op->step += op->slope;
    }
    for (uint32_t k = 0; k < l->length; ++k) {
      l->op[k].before = l->op[k].last;
      l->op[k].last = l->op[k].row[i];
    }
  }
}

/* A path as in the algorithms: each operator is modulated by the one before. Its values stay in registers. */
SX_INLINE void run_path_frames(loop *l, uint32_t length, uint32_t frames)
{
  const float share = l->feedback[0].share;
  uint32_t phase[SX_LONGEST_PATH];
  uint32_t step[SX_LONGEST_PATH];
  float last = l->op[length - 1].last * share;
  float before = l->op[length - 1].before * share;
  for (uint32_t k = 0; k < length; ++k) {
    phase[k] = l->op[k].phase;
    step[k] = l->op[k].step;
  }
  for (uint32_t i = 0; i < frames; ++i) {
    float y = last + before;
    before = last;
    for (uint32_t k = 0; k < length; ++k) {
      const float gain = l->op[k].row[i];
      const uint32_t at = phase[k] + as_phase(y);
      last = sx_oscillate(at, gain * share); /* sooner than by multiplying the result */
      y = sx_oscillate(at, gain);
      l->op[k].row[i] = y;
      phase[k] += step[k];
      step[k] += l->op[k].slope;
    }
  }
}

SX_CLONED static void run_frames(loop *l, int is_plain_path, uint32_t frames)
{
  switch (is_plain_path ? l->length : 0) {
  case 1: run_path_frames(l, 1, frames); break;
  case 2: run_path_frames(l, 2, frames); break;
  case 3: run_path_frames(l, 3, frames); break;
  default: run_loop_frames(l, frames); break;
  }
}

static loop_operator operator_of(sx_graph *graph, uint32_t op)
{
  sx_graph_clean *work = &graph->clean;
  const sx_phases *phases = &sx_graph_voice(graph, op)->phases;
  const uint32_t at = op % SX_OPERATORS;
  return (loop_operator){ .row = work->row[op] + SX_SLICE,
                          .modulation = work->is_outside & BIT(op) ? work->outside[op] : silence,
                          .phase = phases->phase[at] - SX_QUARTER, .step = phases->step[at],
                          .slope = (uint32_t)phases->slope[at], .last = work->history[op].last,
                          .before = work->history[op].before };
}

void sx_graph_clean_loop(sx_graph *graph, const sx_graph_part *part)
{
  sx_graph_clean *work = &graph->clean;
  const sx_graph_plan *plan = &graph->plan;
  loop l;
  uint32_t edges = 0;
  uint32_t returns = 0;
  l.length = part->length;
  for (uint32_t k = 0; k < part->length; ++k) {
    const uint32_t op = part->operator_at[k];
    l.op[k] = operator_of(graph, op);
    for (uint32_t i = plan->first_modulation[op]; i < plan->first_modulation[op + 1]; ++i) {
      const sx_modulation *m = &plan->modulation[i];
      if (part->operators & BIT(m->source)) {
        l.edge[edges++] = (loop_edge){ work->row[m->source] + SX_SLICE, m->amount };
        l.op[k].edges += 1;
      }
    }
    for (uint32_t i = plan->first_return[op]; i < plan->first_return[op + 1]; ++i) {
      const sx_return *r = &plan->feedback[i];
      if (part->operators & BIT(r->source)) {
        l.feedback[returns++] = (loop_return){ plan->place_in[r->source], r->share };
        l.op[k].returns += 1;
      }
    }
  }
  run_frames(&l, part->kind == SX_PART_PATH && work->is_outside == 0, work->span.frames);
}
