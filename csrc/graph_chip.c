/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <string.h>

#include "graph.h"
#include "rom.h"

#define BIT(n) (1u << (n))

static const uint16_t silence[SX_ROW];

/* ---- envelopes ---------------------------------------------------------- */

static uint32_t offset_of(const sx_graph *graph, uint32_t op)
{
  return graph->plan.carriers & BIT(op) ? graph->plan.compensation : 0;
}

static void fill(uint16_t *row, uint16_t value, uint32_t frames)
{
  for (uint32_t i = 0; i < frames; ++i) {
    row[i] = value;
  }
}

static sx_level run_envelope(sx_graph *graph, uint32_t op, uint16_t *row)
{
  sx_voice *voice = sx_graph_voice(graph, op);
  const sx_program *program = voice->program;
  const uint32_t at = op % SX_OPERATORS;
  const sx_operator_patch *p = &program->patch.op[at];
  const uint32_t modulation = p->am_sensitivity ? program->amplitude << p->am_sensitivity : 0;
  return sx_envelope_run(&voice->envelope[at], p, voice->pitch_register, SX_SETTLE_FRAMES + graph->frame, modulation,
                         offset_of(graph, op), row, graph->chip.frames);
}

/* What is fed back of a carrier may sound though the carrier does not. */
static int sounds(const sx_graph *graph, uint32_t op, sx_level level)
{
  return level.least - (graph->plan.tapped & BIT(op) ? graph->plan.compensation : 0) < SX_SILENT;
}

/* Lane k of a path is fed by lane k + 1. */
static uint32_t path_operator(const sx_graph_part *part, uint32_t k)
{
  return part->operator_at[part->length - 1 - k];
}

/* A path is silent if all its operators are. */
static void begin_path(sx_graph *graph, uint32_t number, uint32_t *used)
{
  sx_graph_chip *work = &graph->chip;
  const sx_graph_part *part = &graph->plan.part[number];
  sx_path *path = &work->path[*used];
  int is_audible = 0;
  for (uint32_t k = 0; k < part->length; ++k) {
    const sx_level level = run_envelope(graph, path_operator(part, k), path->lane[k].value);
    if (level.is_steady) {
      fill(path->lane[k].value, level.least, work->frames);
    }
    is_audible |= level.least < SX_SILENT;
  }
  work->path_of[number] = is_audible ? path : NULL;
  work->audible |= is_audible ? part->operators : 0;
  *used += is_audible ? 1 : 0;
}

static void begin_operators(sx_graph *graph, const sx_graph_part *part)
{
  sx_graph_chip *work = &graph->chip;
  for (uint32_t k = 0; k < part->length; ++k) {
    const uint32_t op = part->operator_at[k];
    work->level[op] = run_envelope(graph, op, work->lane[op].value);
    work->audible |= sounds(graph, op, work->level[op]) ? BIT(op) : 0;
  }
}

static void begin(sx_graph *graph)
{
  sx_graph_chip *work = &graph->chip;
  uint32_t paths = 0;
  work->audible = 0;
  for (uint32_t p = 0; p < graph->plan.parts; ++p) {
    if (graph->plan.part[p].kind == SX_PART_PATH) {
      begin_path(graph, p, &paths);
    } else {
      begin_operators(graph, &graph->plan.part[p]);
    }
  }
  work->needed = sx_graph_needed(graph, work->audible);
  memset(work->output, 0, sizeof work->output);
}

/* ---- modulation from other parts ---------------------------------------- */

/* Sums wrap: only 12 bits of them count. */
SX_CLONED static void add(uint16_t *restrict sum, const uint16_t *restrict addend, uint32_t frames)
{
  for (uint32_t i = 0; i < frames; ++i) {
    sum[i] = (uint16_t)(sum[i] + addend[i]);
  }
}

SX_CLONED static void add_scaled(uint16_t *restrict sum, const uint16_t *restrict addend, int32_t amount,
                                 uint32_t frames)
{
  for (uint32_t i = 0; i < frames; ++i) {
    sum[i] = (uint16_t)(sum[i] + sx_graph_scaled(addend[i], amount));
  }
}

static void add_output(uint16_t *sum, const uint16_t *output, int32_t amount, uint32_t frames)
{
  if (amount == SX_AMOUNT_ONE) {
    add(sum, output, frames);
  } else {
    add_scaled(sum, output, amount, frames);
  }
}

static const uint16_t *fed_row(const sx_graph *graph, uint32_t op)
{
  return graph->chip.output[op] == NULL ? silence :
         graph->plan.tapped & BIT(op) ? graph->chip.tap[op].value :
         graph->chip.output[op];
}

static void add_feedback(uint16_t *sum, const uint16_t *output, const sx_chip_history *history, uint32_t shift,
                         uint32_t frames)
{
  int32_t last = history->last;
  int32_t before = history->before;
  for (uint32_t i = 0; i < frames; ++i) {
    sum[i] = (uint16_t)(sum[i] + sx_graph_fed_back(last, before, shift));
    before = last;
    last = (int16_t)output[i];
  }
}

/* From parts that come before: ready for the whole span. NULL if there is none. */
static const uint16_t *modulation_of(sx_graph *graph, uint32_t op)
{
  sx_graph_chip *work = &graph->chip;
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
      if (m->fixed == SX_AMOUNT_ONE && sources == BIT(m->source) && returns == 0) {
        return work->output[m->source];
      }
      add_output(work->sum, work->output[m->source], m->fixed, work->frames);
    }
  }
  for (uint32_t i = plan->first_return[op]; returns != 0 && i < plan->first_return[op + 1]; ++i) {
    const sx_return *r = &plan->feedback[i];
    if (returns & BIT(r->source)) {
      add_feedback(work->sum, fed_row(graph, r->source), &work->history[r->source], r->shift, work->frames);
    }
  }
  return work->sum;
}

static sx_course course(sx_graph *graph, uint32_t op, const uint16_t *modulation)
{
  const sx_phases *phases = &sx_graph_voice(graph, op)->phases;
  return (sx_course){ phases->phase[op % SX_OPERATORS], phases->step[op % SX_OPERATORS], modulation };
}

static void place(sx_graph *graph, uint32_t op, sx_lane *lane)
{
  const sx_course c = course(graph, op, modulation_of(graph, op));
  sx_lane_place(lane, &c, graph->chip.frames);
}

/* ---- single operators --------------------------------------------------- */

static void sound(sx_graph_chip *work, sx_lane *lane, const sx_course *c, sx_level level)
{
  if (level.is_steady) {
    sx_lane_sound_steadily(lane, c, level.least, work->outputs, work->frames);
  } else {
    sx_lane_sound(lane, c, work->outputs, work->frames);
  }
}

/* Attenuations without the compensation of carriers. */
static void copy_uncompensated(const sx_graph *graph, const sx_lane *lane, sx_lane *tap)
{
  for (uint32_t i = 0; i < graph->chip.frames; ++i) {
    tap->value[i] = (uint16_t)(lane->value[i] - graph->plan.compensation);
  }
}

static void run_single(sx_graph *graph, uint32_t op)
{
  sx_graph_chip *work = &graph->chip;
  sx_lane *lane = &work->lane[op];
  const sx_course c = course(graph, op, modulation_of(graph, op));
  if (graph->plan.tapped & BIT(op)) {
    sx_level level = work->level[op];
    level.least = (uint16_t)(level.least - graph->plan.compensation);
    copy_uncompensated(graph, lane, &work->tap[op]);
    sound(work, &work->tap[op], &c, level);
  }
  sound(work, lane, &c, work->level[op]);
  work->output[op] = lane->value;
}

/* ---- feedback paths as in algorithms ------------------------------------ */

/* What modulates this operator while it keeps a path company, or NULL if it cannot. */
static const uint16_t *only_modulation(const sx_graph *graph, uint32_t op)
{
  const sx_graph_plan *plan = &graph->plan;
  const uint16_t *found = silence;
  for (uint32_t i = plan->first_modulation[op]; i < plan->first_modulation[op + 1]; ++i) {
    const sx_modulation *m = &plan->modulation[i];
    if (graph->chip.needed & BIT(m->source)) {
      found = found == silence && m->fixed == SX_AMOUNT_ONE ? graph->chip.output[m->source] : NULL;
    }
  }
  return plan->returns[op] == 0 && !(plan->tapped & BIT(op)) ? found : NULL;
}

static int is_missing(const sx_graph_chip *work, uint32_t op)
{
  return (work->needed & BIT(op)) && work->output[op] == NULL;
}

/* A path alone, and single operators that fill its waiting. */
static void run_alone(sx_graph *graph, sx_path *path, uint32_t length)
{
  sx_graph_chip *work = &graph->chip;
  sx_companion companion[SX_COMPANIONS];
  uint32_t companions = 0;
  for (uint32_t p = 0; p < graph->plan.parts && companions < SX_COMPANIONS; ++p) {
    const sx_graph_part *part = &graph->plan.part[p];
    const uint32_t op = part->operator_at[0];
    const uint16_t *modulation = part->kind == SX_PART_SINGLE ? only_modulation(graph, op) : NULL;
    if (is_missing(work, op) && modulation != NULL) {
      const sx_course unmodulated = course(graph, op, NULL);
      sx_lane *lane = &work->lane[op];
      if (work->level[op].is_steady) {
        fill(lane->value, work->level[op].least, work->frames);
      }
      sx_lane_place(lane, &unmodulated, work->frames);
      companion[companions++] = (sx_companion){ lane, modulation };
      work->output[op] = lane->value;
    }
  }
  sx_path_run_with(path, length, companion, companions, work->outputs, work->frames);
}

static int is_alike(const sx_graph_part *a, const sx_graph_part *b)
{
  return a->kind == b->kind && a->depth == b->depth && a->length == b->length;
}

/* Paths side by side, from this part on. Returns the first part that is not alike. */
static uint32_t run_paths(sx_graph *graph, uint32_t first)
{
  sx_graph_chip *work = &graph->chip;
  const sx_graph_part *part = graph->plan.part;
  const uint32_t length = part[first].length;
  sx_path *path = NULL;
  uint32_t used = 0;
  uint32_t p = first;
  for (; p < graph->plan.parts && is_alike(&part[p], &part[first]); ++p) {
    if (work->path_of[p] != NULL) {
      path = path == NULL ? work->path_of[p] : path;
      for (uint32_t k = 0; k < length; ++k) {
        place(graph, path_operator(&part[p], k), &path[used].lane[k]);
        work->output[path_operator(&part[p], k)] = path[used].lane[k].value;
      }
      path[used].history = work->history[path_operator(&part[p], 0)];
      path[used].shift = part[p].shift;
      ++used;
    }
  }
  if (used == 1) {
    run_alone(graph, path, length);
    return p;
  }
  for (uint32_t at = 0; at < used; at += SX_PATHS) {
    sx_paths_run(path + at, used - at < SX_PATHS ? used - at : SX_PATHS, length, work->outputs, work->frames);
  }
  return p;
}

/* ---- loops of any kind --------------------------------------------------- */

static void run_loop(sx_graph *graph, const sx_graph_part *part)
{
  sx_graph_chip *work = &graph->chip;
  for (uint32_t k = 0; k < part->length; ++k) {
    const uint32_t op = part->operator_at[k];
    if (work->level[op].is_steady) {
      fill(work->lane[op].value, work->level[op].least, work->frames);
    }
    place(graph, op, &work->lane[op]);
    if (graph->plan.tapped & BIT(op)) {
      copy_uncompensated(graph, &work->lane[op], &work->tap[op]);
    }
  }
  sx_graph_chip_loop(graph, part);
  for (uint32_t k = 0; k < part->length; ++k) {
    work->output[part->operator_at[k]] = work->lane[part->operator_at[k]].value;
  }
}

/* ---- a span ------------------------------------------------------------- */

static void remember(sx_graph *graph)
{
  sx_graph_chip *work = &graph->chip;
  for (uint32_t ops = graph->plan.feedback_sources; ops != 0; ops &= ops - 1) {
    const uint32_t op = sx_lowest_bit(ops);
    const uint16_t *row = fed_row(graph, op);
    sx_chip_history *h = &work->history[op];
    h->before = work->frames > 1 ? (int16_t)row[work->frames - 2] : h->last;
    h->last = (int16_t)row[work->frames - 1];
  }
}

void sx_graph_chip_run(sx_graph *graph, uint32_t frames)
{
  sx_graph_chip *work = &graph->chip;
  const sx_graph_plan *plan = &graph->plan;
  work->frames = frames;
  begin(graph);
  for (uint32_t p = 0; p < plan->parts;) {
    const sx_graph_part *part = &plan->part[p];
    if (part->kind == SX_PART_PATH) {
      p = run_paths(graph, p);
      continue;
    }
    if (part->kind == SX_PART_LOOP && (part->operators & work->needed)) {
      run_loop(graph, part);
    } else if (part->kind == SX_PART_SINGLE && is_missing(work, part->operator_at[0])) {
      run_single(graph, part->operator_at[0]);
    }
    ++p;
  }
  remember(graph);
}

/* ---- what it sounds like ------------------------------------------------ */

SX_CLONED static void scale(float *restrict out, const uint16_t *restrict samples, uint32_t frames)
{
  const float unit = 1.0f / (float)SX_UNITY;
  for (uint32_t i = 0; i < frames; ++i) {
    out[i] = (float)(int16_t)samples[i] * unit;
  }
}

void sx_graph_chip_mix(sx_graph *graph, float *out)
{
  sx_graph_chip *work = &graph->chip;
  memset(work->sum, 0, sizeof work->sum);
  for (uint32_t ops = graph->plan.carriers; ops != 0; ops &= ops - 1) {
    const uint16_t *output = work->output[sx_lowest_bit(ops)];
    if (output != NULL) {
      add(work->sum, output, work->frames); /* with their compensation all together fit into 16 bits */
    }
  }
  scale(out, work->sum, work->frames);
}

void sx_graph_chip_stem(const sx_graph *graph, uint32_t op, float *out)
{
  const uint16_t *output = graph->chip.output[op];
  scale(out, output == NULL ? silence : output, graph->chip.frames);
}
