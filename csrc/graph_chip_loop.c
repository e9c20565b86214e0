/* SPDX-License-Identifier: Apache-2.0 */
#include "graph.h"
#include "rom.h"

#define BIT(n) (1u << (n))
#define PLACES (SX_PHASE_STEPS - 1)

typedef struct {
  const uint16_t *output;
  int32_t amount;
} loop_edge;

typedef struct {
  uint32_t source; /* place in the loop */
  uint32_t shift;
} loop_return;

typedef struct {
  sx_lane *lane;
  sx_lane *tap;        /* what is fed back: perhaps the lane */
  uint32_t edges;      /* how many of the list are its own */
  uint32_t returns;
  int32_t last;
  int32_t before;
} loop_operator;

typedef struct {
  uint32_t length;
  loop_operator op[SX_GRAPH_OPERATORS];
  loop_edge edge[SX_GRAPH_EDGES];
  loop_return feedback[SX_GRAPH_FEEDBACKS];
} loop;

SX_INLINE int32_t look_up(const int16_t *outputs, uint32_t at, uint32_t attenuation)
{
  return outputs[sx_log_sine[at] + attenuation];
}

static void run_loop_frames(loop *l, const int16_t *outputs, uint32_t frames)
{
  int32_t now[SX_GRAPH_OPERATORS];
  for (uint32_t i = 0; i < frames; ++i) {
    const loop_edge *edge = l->edge;
    const loop_return *feedback = l->feedback;
    for (uint32_t k = 0; k < l->length; ++k) {
      const loop_operator *op = &l->op[k];
      uint32_t at = op->lane->place[i];
      for (const loop_edge *end = edge + op->edges; edge < end; ++edge) {
        at += sx_graph_scaled(edge->output[i], edge->amount);
      }
      for (const loop_return *end = feedback + op->returns; feedback < end; ++feedback) {
        at += sx_graph_fed_back(l->op[feedback->source].last, l->op[feedback->source].before, feedback->shift);
      }
      now[k] = look_up(outputs, at & PLACES, op->tap->value[i]);
      if (op->tap != op->lane) {
        op->tap->value[i] = (uint16_t)now[k];
        op->lane->value[i] = (uint16_t)look_up(outputs, at & PLACES, op->lane->value[i]);
      } else {
        op->lane->value[i] = (uint16_t)now[k];
      }
    }
    for (uint32_t k = 0; k < l->length; ++k) {
      l->op[k].before = l->op[k].last;
      l->op[k].last = now[k];
    }
  }
}

static loop_operator operator_of(sx_graph *graph, uint32_t op)
{
  sx_graph_chip *work = &graph->chip;
  sx_lane *lane = &work->lane[op];
  return (loop_operator){ .lane = lane, .tap = graph->plan.tapped & BIT(op) ? &work->tap[op] : lane,
                          .last = work->history[op].last, .before = work->history[op].before };
}

void sx_graph_chip_loop(sx_graph *graph, const sx_graph_part *part)
{
  sx_graph_chip *work = &graph->chip;
  const sx_graph_plan *plan = &graph->plan;
  loop l;
  uint32_t edges = 0;
  uint32_t returns = 0;
  l.length = part->length;
  for (uint32_t k = 0; k < part->length; ++k) {
    const uint32_t op = part->operator_at[k];
    l.op[k] = operator_of(graph, op);
    for (uint32_t i = plan->first_modulation[op]; i < plan->first_modulation[op + 1]; ++i) {
      if (part->operators & BIT(plan->modulation[i].source)) {
        l.edge[edges++] = (loop_edge){ work->lane[plan->modulation[i].source].value, plan->modulation[i].fixed };
        l.op[k].edges += 1;
      }
    }
    for (uint32_t i = plan->first_return[op]; i < plan->first_return[op + 1]; ++i) {
      if (part->operators & BIT(plan->feedback[i].source)) {
        l.feedback[returns++] = (loop_return){ plan->place_in[plan->feedback[i].source], plan->feedback[i].shift };
        l.op[k].returns += 1;
      }
    }
  }
  run_loop_frames(&l, work->outputs, work->frames);
}
