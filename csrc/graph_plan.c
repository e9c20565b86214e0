/* SPDX-License-Identifier: Apache-2.0
 *
 * From edges to an order of work. Runs before sound.
 */
#include <math.h>
#include <string.h>

#include "choices.h"
#include "graph.h"
#include "rom.h"

#define BIT(n) (1u << (n))
#define MOST_MODULATION 7.5f /* which is 30 cycles, of 32 that fit into a phase */

/* ---- reading the job ---------------------------------------------------- */

static int is_edge(const sx_graph_job *job, uint32_t source, uint32_t target)
{
  return source < job->operators && target < job->operators;
}

/* Sources of every operator, a bit each. Returns 0 for what is out of range or there already. */
static int read_edges(sx_graph_plan *plan, const sx_graph_job *job)
{
  for (uint32_t i = 0; i < job->edges; ++i) {
    const sx_graph_edge *e = &job->edge[i];
    if (!is_edge(job, e->source, e->target) || (plan->sources[e->target] & BIT(e->source)) ||
        !(e->amount >= -SX_GRAPH_AMOUNT && e->amount <= SX_GRAPH_AMOUNT)) {
      return 0;
    }
    plan->sources[e->target] |= BIT(e->source);
  }
  return 1;
}

static int read_feedbacks(sx_graph_plan *plan, const sx_graph_job *job)
{
  for (uint32_t i = 0; i < job->feedbacks; ++i) {
    const sx_graph_feedback *f = &job->feedback[i];
    if (!is_edge(job, f->source, f->target) || (plan->returns[f->target] & BIT(f->source)) || f->level > 7) {
      return 0;
    }
    plan->returns[f->target] |= BIT(f->source);
    plan->feedback_sources |= BIT(f->source);
  }
  return 1;
}

static uint32_t count(uint32_t bits)
{
  uint32_t number = 0;
  for (; bits != 0; bits &= bits - 1) {
    number += 1;
  }
  return number;
}

/* Of all bits, those below this one. */
static uint32_t below(uint32_t bits, uint32_t op)
{
  return bits & (BIT(op) - 1);
}

/* Each operator's modulations side by side, in the order of their sources. */
static void list_edges(sx_graph_plan *plan, const sx_graph_job *job)
{
  for (uint32_t op = 0; op < job->operators; ++op) {
    plan->first_modulation[op + 1] = plan->first_modulation[op] + count(plan->sources[op]);
    plan->first_return[op + 1] = plan->first_return[op] + count(plan->returns[op]);
  }
  for (uint32_t i = 0; i < job->edges; ++i) {
    const sx_graph_edge *e = &job->edge[i];
    const uint32_t at = plan->first_modulation[e->target] + count(below(plan->sources[e->target], e->source));
    const int32_t fixed = (int32_t)lrintf(e->amount * SX_AMOUNT_ONE);
    plan->modulation[at] = (sx_modulation){ (uint8_t)e->source, fixed, e->amount };
  }
  for (uint32_t i = 0; i < job->feedbacks; ++i) {
    const sx_graph_feedback *f = &job->feedback[i];
    const uint32_t at = plan->first_return[f->target] + count(below(plan->returns[f->target], f->source));
    const uint32_t shift = SX_FEEDBACK_SHIFT - f->level;
    const float tapped = plan->tapped & BIT(f->source) ? sx_power_of_two((float)plan->compensation / SX_OCTAVE) : 1.0f;
    plan->feedback[at] = (sx_return){ (uint8_t)f->source, (uint8_t)shift, tapped / (float)(1u << shift) };
  }
}

/* Who may be modulated by more than MOST_MODULATION times the highest output. */
static uint32_t find_wrapping(const sx_graph_plan *plan)
{
  uint32_t wrapping = 0;
  for (uint32_t op = 0; op < plan->operators; ++op) {
    float most = 0.0f;
    for (uint32_t i = plan->first_modulation[op]; i < plan->first_modulation[op + 1]; ++i) {
      most += fabsf(plan->modulation[i].amount);
    }
    for (uint32_t i = plan->first_return[op]; i < plan->first_return[op + 1]; ++i) {
      most += 2.0f * plan->feedback[i].share;
    }
    wrapping |= most > MOST_MODULATION ? BIT(op) : 0;
  }
  return wrapping;
}

/* ---- who waits for whom ------------------------------------------------- */

/* Entry n: the operators from which a way leads to operator n. */
static void follow(uint32_t *reached, uint32_t operators)
{
  for (uint32_t through = 0; through < operators; ++through) {
    for (uint32_t op = 0; op < operators; ++op) {
      if (reached[op] & BIT(through)) {
        reached[op] |= reached[through];
      }
    }
  }
}

static int has_cycle(const uint32_t *sources, uint32_t operators)
{
  uint32_t reached[SX_GRAPH_OPERATORS];
  memcpy(reached, sources, sizeof reached);
  follow(reached, operators);
  for (uint32_t op = 0; op < operators; ++op) {
    if (reached[op] & BIT(op)) {
      return 1;
    }
  }
  return 0;
}

/* Entry n: operator n, and those that wait for it as it waits for them. */
static void find_loops(const sx_graph_plan *plan, uint32_t *loop)
{
  uint32_t reached[SX_GRAPH_OPERATORS] = { 0 };
  for (uint32_t op = 0; op < plan->operators; ++op) {
    reached[op] = plan->sources[op] | plan->returns[op];
  }
  follow(reached, plan->operators);
  for (uint32_t op = 0; op < plan->operators; ++op) {
    loop[op] = BIT(op);
    for (uint32_t other = 0; other < plan->operators; ++other) {
      if ((reached[op] & BIT(other)) && (reached[other] & BIT(op))) {
        loop[op] |= BIT(other);
      }
    }
  }
}

/* How far each operator is from those that wait for nobody, in steps from loop to loop. */
static void find_depths(const sx_graph_plan *plan, const uint32_t *loop, uint32_t *depth)
{
  for (int has_changed = 1; has_changed;) {
    has_changed = 0;
    for (uint32_t op = 0; op < plan->operators; ++op) {
      uint32_t before = (plan->sources[op] | plan->returns[op]) & ~loop[op];
      for (; before != 0; before &= before - 1) {
        const uint32_t least = depth[sx_lowest_bit(before)] + 1;
        has_changed |= depth[op] < least;
        depth[op] = depth[op] < least ? least : depth[op];
      }
      for (uint32_t others = loop[op]; others != 0; others &= others - 1) {
        const uint32_t other = sx_lowest_bit(others);
        has_changed |= depth[op] < depth[other];
        depth[op] = depth[op] < depth[other] ? depth[other] : depth[op];
      }
    }
  }
}

/* ---- parts -------------------------------------------------------------- */

/* The operator of a loop that modulates this one, and as strongly as in an algorithm; -1 if there is none such. */
static int32_t feeder(const sx_graph_plan *plan, uint32_t loop, uint32_t op)
{
  for (uint32_t i = plan->first_modulation[op]; i < plan->first_modulation[op + 1]; ++i) {
    const sx_modulation *m = &plan->modulation[i];
    if (loop & BIT(m->source)) {
      return m->amount == 1.0f ? m->source : -1;
    }
  }
  return -1;
}

/* Each operator of a path is modulated by one other, and its first feeds back to its last: then lists them. No output
 * of theirs is wanted without compensation. */
static int is_path(const sx_graph_plan *plan, sx_graph_part *part)
{
  const uint32_t loop = part->operators;
  uint32_t edges = 0;
  uint32_t feedbacks = 0;
  uint32_t first = 0;
  uint32_t last = 0;
  for (uint32_t ops = loop; ops != 0; ops &= ops - 1) {
    const uint32_t op = sx_lowest_bit(ops);
    edges += count(plan->sources[op] & loop);
    feedbacks += count(plan->returns[op] & loop);
    if (plan->returns[op] & loop) {
      last = op;
      first = sx_lowest_bit(plan->returns[op] & loop);
    }
  }
  if (feedbacks != 1 || part->length > SX_LONGEST_PATH || edges != part->length - 1 || (plan->tapped & loop)) {
    return 0;
  }
  int32_t op = (int32_t)first;
  for (uint32_t k = part->length; k-- > 0;) {
    if (op < 0) {
      return 0;
    }
    part->operator_at[k] = (uint8_t)op;
    op = feeder(plan, loop, (uint32_t)op);
  }
  for (uint32_t i = plan->first_return[last]; i < plan->first_return[last + 1]; ++i) {
    part->shift = plan->feedback[i].source == first ? plan->feedback[i].shift : part->shift;
  }
  return part->operator_at[0] == last;
}

/* Modulators before what they modulate within the same frame. */
static void list_loop(const sx_graph_plan *plan, sx_graph_part *part)
{
  uint32_t listed = 0;
  for (uint32_t at = 0; at < part->length;) {
    for (uint32_t ops = part->operators & ~listed; ops != 0; ops &= ops - 1) {
      const uint32_t op = sx_lowest_bit(ops);
      if ((plan->sources[op] & part->operators & ~listed) == 0) {
        part->operator_at[at++] = (uint8_t)op;
        listed |= BIT(op);
      }
    }
  }
}

static sx_graph_part part_of(const sx_graph_plan *plan, uint32_t loop, uint32_t depth)
{
  sx_graph_part part = { .depth = depth, .operators = loop, .length = count(loop) };
  if (is_path(plan, &part)) {
    part.kind = SX_PART_PATH;
  } else {
    const uint32_t op = sx_lowest_bit(loop);
    const int is_single = part.length == 1 && !(plan->returns[op] & loop);
    part.kind = is_single ? SX_PART_SINGLE : SX_PART_LOOP;
    list_loop(plan, &part);
  }
  return part;
}

static int comes_before(const sx_graph_part *a, const sx_graph_part *b)
{
  if (a->depth != b->depth) {
    return a->depth < b->depth;
  }
  return a->kind != b->kind ? a->kind < b->kind : a->length < b->length;
}

static void insert(sx_graph_plan *plan, const sx_graph_part *part)
{
  uint32_t at = plan->parts++;
  for (; at > 0 && comes_before(part, &plan->part[at - 1]); --at) {
    plan->part[at] = plan->part[at - 1];
  }
  plan->part[at] = *part;
}

static void find_parts(sx_graph_plan *plan)
{
  uint32_t loop[SX_GRAPH_OPERATORS];
  uint32_t depth[SX_GRAPH_OPERATORS] = { 0 };
  find_loops(plan, loop);
  find_depths(plan, loop, depth);
  for (uint32_t op = 0; op < plan->operators; ++op) {
    if (sx_lowest_bit(loop[op]) == op) {
      const sx_graph_part part = part_of(plan, loop[op], depth[op]);
      insert(plan, &part);
    }
  }
  for (uint32_t p = 0; p < plan->parts; ++p) {
    for (uint32_t k = 0; k < plan->part[p].length; ++k) {
      plan->part_of[plan->part[p].operator_at[k]] = (uint8_t)p;
      plan->place_in[plan->part[p].operator_at[k]] = (uint8_t)k;
    }
  }
}

int sx_graph_plan_make(sx_graph_plan *plan, const sx_graph_job *job)
{
  memset(plan, 0, sizeof *plan);
  plan->operators = job->operators;
  plan->carriers = job->carriers;
  plan->compensation = sx_compensation(count(job->carriers));
  if (job->edges > SX_GRAPH_EDGES || job->feedbacks > SX_GRAPH_FEEDBACKS || !read_edges(plan, job) ||
      !read_feedbacks(plan, job) || has_cycle(plan->sources, plan->operators)) {
    return 0;
  }
  if (job->normalize_feedback && plan->compensation > 0) {
    plan->tapped = plan->carriers & plan->feedback_sources;
  }
  list_edges(plan, job);
  plan->wrapping = find_wrapping(plan);
  find_parts(plan);
  return 1;
}
