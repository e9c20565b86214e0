/* SPDX-License-Identifier: Apache-2.0 */
#include "graph.h"

#include <string.h>

#include "note.h"
#include "rom.h"

#define BIT(n) (1u << (n))

static int is_chip(const sx_graph *graph)
{
  return graph->rate.kernel == SX_KERNEL_CHIP;
}

/* ---- the grid ----------------------------------------------------------- */

/* From 2^31 on, doubles are 2^-21 apart. Sums of such numbers are exact below 8; carriers reach 1.92 together, of which
 * the resampler makes up to 4.05. */
#define GRID 0x1.8p31

SX_CLONED void sx_to_grid(float *samples, uint64_t count)
{
  for (uint64_t i = 0; i < count; ++i) {
    samples[i] = (float)(((double)samples[i] + GRID) - GRID);
  }
}

/* ---- rows of output ----------------------------------------------------- */

static uint32_t mix_row(const sx_graph *graph)
{
  return graph->job.stems ? graph->plan.operators : 0;
}

static float *output(const sx_graph *graph, uint32_t row)
{
  return graph->job.out + (size_t)row * graph->job.frames;
}

/* Each row that is computed: those of the operators, then the mix. */
static uint32_t next_row(const sx_graph *graph, uint32_t row)
{
  while (row < mix_row(graph) && !(graph->listed & BIT(row))) {
    ++row;
  }
  return row;
}

#define FOR_ROWS(graph, row) \
  for (uint32_t row = next_row(graph, 0); row <= mix_row(graph); row = next_row(graph, row + 1))

SX_CLONED static void subtract(float *restrict from, const float *restrict samples, uint32_t frames)
{
  for (uint32_t i = 0; i < frames; ++i) {
    from[i] -= samples[i];
  }
}

/* Puts the next frames on the grid; what is left of the mix goes to the carrier that is not computed. */
static void finish_rows(const sx_graph *graph, uint32_t frames)
{
  FOR_ROWS(graph, row) {
    sx_to_grid(output(graph, row) + graph->done, frames);
  }
  if (graph->remainder < 0) {
    return;
  }
  float *rest = output(graph, (uint32_t)graph->remainder) + graph->done;
  memcpy(rest, output(graph, mix_row(graph)) + graph->done, frames * sizeof *rest);
  for (uint32_t ops = graph->plan.carriers & graph->listed; ops != 0; ops &= ops - 1) {
    subtract(rest, output(graph, sx_lowest_bit(ops)) + graph->done, frames);
  }
}

/* ---- notes and ticks, as in a batch ------------------------------------- */

static void tick(sx_graph *graph)
{
  const uint64_t number = graph->clock.tick;
  sx_clock_advance(&graph->clock, &graph->rate);
  const uint32_t frames_to_next = (uint32_t)(graph->clock.frame - graph->frame);
  for (uint32_t v = 0; v < graph->voices; ++v) {
    sx_note_tick(&graph->voice[v], &graph->part, number, graph->frame, frames_to_next);
  }
  graph->tick_frame = graph->frame;
}

static void release_key(sx_graph *graph)
{
  for (uint32_t v = 0; v < graph->voices && graph->key_off <= graph->frame; ++v) {
    if (graph->voice[v].key_down) {
      sx_voice_key_off(&graph->voice[v], graph->frame);
    }
  }
}

/* Everything due at the present frame. Returns how many of the next frames have neither a tick nor an event inside. */
static uint32_t begin_span(sx_graph *graph, uint32_t most)
{
  if (graph->frame > 0 && graph->frame == graph->clock.frame) {
    tick(graph);
  }
  release_key(graph);
  if (graph->frame == 0 && graph->clock.tick == 0) {
    tick(graph);
  }
  uint64_t span = graph->clock.frame - graph->frame;
  if (graph->key_off > graph->frame && graph->key_off - graph->frame < span) {
    span = graph->key_off - graph->frame;
  }
  span = most < span ? most : span;
  const uint32_t block = is_chip(graph) ? SX_BLOCK : SX_CLEAN_BLOCK;
  return span < block ? (uint32_t)span : block;
}

static void run_phases(sx_graph *graph)
{
  for (uint32_t v = 0; v < graph->voices; ++v) {
    sx_voice_run_phases(&graph->voice[v], graph->frame);
  }
}

/* ---- rest --------------------------------------------------------------- */

static int is_inaudible(const sx_graph *graph, const sx_voice *voice, uint32_t op)
{
  const uint32_t compensation = graph->plan.carriers & BIT(op) ? graph->plan.compensation : 0;
  return is_chip(graph) ? 4u * voice->envelope[op % SX_OPERATORS].attenuation + compensation >= SX_SILENT :
                          sx_contour_is_silent(&voice->clean.contour[op % SX_OPERATORS]);
}

/* None of its rows can sound again. */
static int has_come_to_rest(const sx_graph *graph)
{
  for (uint32_t ops = graph->listed | graph->plan.carriers; ops != 0; ops &= ops - 1) {
    const uint32_t op = sx_lowest_bit(ops);
    const sx_voice *voice = &graph->voice[op / SX_OPERATORS];
    if (voice->key_down || voice->envelope[op % SX_OPERATORS].stage != SX_REST || !is_inaudible(graph, voice, op)) {
      return 0;
    }
  }
  return 1;
}

uint32_t sx_graph_needed(const sx_graph *graph, uint32_t audible)
{
  const sx_graph_plan *plan = &graph->plan;
  uint32_t waiting = graph->listed | plan->carriers | plan->feedback_sources;
  uint32_t needed = 0;
  while ((waiting &= audible & ~needed) != 0) {
    const uint32_t op = sx_lowest_bit(waiting);
    needed |= BIT(op);
    waiting |= plan->sources[op];
  }
  return needed;
}

/* ---- sound -------------------------------------------------------------- */

static void run(sx_graph *graph, uint32_t frames)
{
  if (is_chip(graph)) {
    sx_graph_chip_run(graph, frames);
  } else {
    sx_graph_clean_run(graph, frames);
  }
}

static void put_mix(sx_graph *graph, float *out)
{
  if (is_chip(graph)) {
    sx_graph_chip_mix(graph, out);
  } else {
    sx_graph_clean_mix(graph, out);
  }
}

static void put_stem(const sx_graph *graph, uint32_t op, float *out)
{
  if (is_chip(graph)) {
    sx_graph_chip_stem(graph, op, out);
  } else {
    sx_graph_clean_stem(graph, op, out);
  }
}

/* The next frames of the kernel, each row's at its place. */
static void render_span(sx_graph *graph, float *const *rows, uint32_t at, uint32_t frames)
{
  run_phases(graph);
  run(graph, frames);
  put_mix(graph, rows[mix_row(graph)] + at);
  for (uint32_t ops = graph->listed; ops != 0; ops &= ops - 1) {
    const uint32_t op = sx_lowest_bit(ops);
    put_stem(graph, op, rows[op] + at);
  }
}

static void render_silence(const sx_graph *graph, float *const *rows, uint32_t at, uint32_t frames)
{
  FOR_ROWS(graph, row) {
    memset(rows[row] + at, 0, frames * sizeof(float));
  }
}

static void feed(sx_graph *graph, float *const *rows, uint32_t frames)
{
  for (uint32_t at = 0; at < frames;) {
    const uint32_t span = begin_span(graph, frames - at);
    if (has_come_to_rest(graph)) {
      render_silence(graph, rows, at, span);
      graph->silent += span;
    } else {
      render_span(graph, rows, at, span);
      graph->silent = 0;
    }
    graph->frame += span;
    at += span;
  }
}

/* Returns how many frames of the device, up to so many, were made. */
static uint32_t render_resampled(sx_graph *graph, uint32_t wanted)
{
  float *rows[SX_GRAPH_ROWS];
  uint32_t input_frames;
  const uint32_t frames = sx_resampler_plan(&graph->resampler[mix_row(graph)], wanted, &input_frames);
  FOR_ROWS(graph, row) {
    rows[row] = sx_resampler_input(&graph->resampler[row]);
  }
  feed(graph, rows, input_frames);
  FOR_ROWS(graph, row) {
    sx_resampler_run(&graph->resampler[row], output(graph, row) + graph->done, frames, input_frames);
  }
  return frames;
}

static uint32_t render_directly(sx_graph *graph, uint32_t wanted)
{
  float *rows[SX_GRAPH_ROWS];
  FOR_ROWS(graph, row) {
    rows[row] = output(graph, row) + graph->done;
  }
  feed(graph, rows, wanted);
  return wanted;
}

/* The resampler has forgotten all sound, if there is one. */
static int is_over(const sx_graph *graph)
{
  return graph->silent > (graph->resamples ? graph->filter.taps : 0);
}

static uint32_t render_rest(sx_graph *graph, uint32_t frames)
{
  float *rows[SX_GRAPH_ROWS];
  FOR_ROWS(graph, row) {
    rows[row] = output(graph, row) + graph->done;
  }
  render_silence(graph, rows, 0, frames);
  return frames;
}

uint32_t sx_graph_render(sx_graph *graph, uint32_t frames)
{
  const uint32_t left = graph->job.frames - graph->done;
  const uint32_t end = graph->done + (frames < left ? frames : left);
  while (graph->done < end) {
    const uint32_t wanted = end - graph->done;
    const uint32_t block = wanted < SX_GRAPH_BLOCK ? wanted : SX_GRAPH_BLOCK;
    const uint32_t made = is_over(graph) ? render_rest(graph, wanted) :
                          graph->resamples ? render_resampled(graph, block) :
                          render_directly(graph, block);
    finish_rows(graph, made);
    graph->done += made;
  }
  return graph->done;
}
