/* SPDX-License-Identifier: Apache-2.0
 *
 * Makes graphs.
 */
#include <stdlib.h>
#include <string.h>

#include "graph.h"
#include "note.h"
#include "rom.h"

#define BIT(n) (1u << (n))
#define VOICE_BIT(op) (BIT(SX_OPERATORS - 1) >> (op) % SX_OPERATORS) /* its switch */

static uint32_t operators_of(const sx_graph_job *job)
{
  return job->operators < 32 ? BIT(job->operators) - 1 : UINT32_MAX;
}

static int is_valid(const sx_graph_job *job)
{
  return job->sample_rate >= SX_MIN_RATE && job->sample_rate <= SX_MAX_RATE && job->kernel <= SX_KERNEL_CLEAN &&
         job->frames <= INT32_MAX && job->note <= 127 && job->velocity <= 127 && job->operators >= 1 &&
         job->operators <= SX_GRAPH_OPERATORS && (job->carriers & ~operators_of(job)) == 0;
}

static uint8_t switches(const sx_graph_job *job, uint32_t voice)
{
  uint8_t bits = 0;
  for (uint32_t op = voice * SX_OPERATORS; op < (voice + 1) * SX_OPERATORS && op < job->operators; ++op) {
    bits |= job->sounding & BIT(op) ? VOICE_BIT(op) : 0;
  }
  return bits;
}

static void start_voices(sx_graph *graph)
{
  const sx_graph_job *job = &graph->job;
  uint8_t voice[SX_VOICE_BYTES];
  graph->voices = (job->operators + SX_OPERATORS - 1) / SX_OPERATORS;
  for (uint32_t v = 0; v < graph->voices; ++v) {
    memcpy(voice, job->voices + (size_t)v * SX_VOICE_BYTES, sizeof voice);
    memcpy(voice + SX_COMMON_BYTES, job->voices + SX_COMMON_BYTES, sizeof voice - SX_COMMON_BYTES);
    const sx_note note = { voice, switches(job, v), (uint8_t)job->note, (uint8_t)job->velocity };
    sx_note_start(&graph->program[v], &graph->voice[v], &note, &graph->part, &graph->rate);
    graph->carriers[v].carriers = (uint8_t)((uint64_t)job->carriers >> v * SX_OPERATORS & SX_ALL_OPERATORS);
    graph->program[v].patch.algorithm = &graph->carriers[v];
    graph->program[v].patch.compensation = graph->plan.compensation;
  }
}

/* The last carrier, of those that are switched on if there is one, has no row that is computed. */
static void choose_rows(sx_graph *graph)
{
  const sx_graph_job *job = &graph->job;
  const uint32_t sounding = job->carriers & job->sounding;
  graph->remainder = -1;
  graph->listed = job->stems ? operators_of(job) : 0;
  for (uint32_t ops = sounding != 0 ? sounding : job->carriers; job->stems && ops != 0; ops &= ops - 1) {
    graph->remainder = (int32_t)sx_lowest_bit(ops);
  }
  if (graph->remainder >= 0) {
    graph->listed &= ~BIT((uint32_t)graph->remainder);
  }
}

static int allocate_resamplers(sx_graph *graph)
{
  const uint32_t mix = graph->job.stems ? graph->job.operators : 0;
  int ok = sx_resampler_init(&graph->filter, graph->rate.clock, graph->rate.divider, graph->job.sample_rate, 0);
  for (uint32_t row = 0; ok && row <= mix; ++row) {
    if (row == mix || (graph->listed & BIT(row))) {
      ok = sx_resampler_share(&graph->resampler[row], &graph->filter, 1, SX_GRAPH_ROOM);
    }
  }
  for (uint32_t row = 0; ok && row <= mix; ++row) {
    if (row == mix || (graph->listed & BIT(row))) {
      sx_resampler_restart(&graph->resampler[row], 1);
    }
  }
  return ok;
}

static int start(sx_graph *graph)
{
  const sx_graph_job *job = &graph->job;
  graph->rate = sx_rate_of(job->kernel, job->sample_rate);
  graph->resamples = (uint8_t)sx_rate_is_resampled(&graph->rate, SX_OUTPUT_CLEAN);
  graph->chip.outputs = sx_output_table();
  sx_part_reset(&graph->part);
  choose_rows(graph);
  start_voices(graph);
  if (graph->chip.outputs == NULL || (graph->resamples && !allocate_resamplers(graph))) {
    return 0;
  }
  graph->key_off = graph->resamples ? sx_resampler_input_frame(&graph->filter, job->hold) : job->hold;
  return 1;
}

/* The kernels' vectors want more alignment than calloc alone promises. */
static sx_graph *allocate(void)
{
  char *block = calloc(1, sizeof(sx_graph) + SX_CACHE_LINE);
  sx_graph *graph = block == NULL ? NULL : (void *)(block + (SX_CACHE_LINE - (uintptr_t)block % SX_CACHE_LINE));
  if (graph != NULL) {
    graph->block = block;
  }
  return graph;
}

sx_graph *sx_graph_new(const sx_graph_job *job, sx_status *status)
{
  if (!is_valid(job)) {
    *status = SX_RANGE;
    return NULL;
  }
  sx_graph *graph = allocate();
  if (graph == NULL) {
    *status = SX_MEMORY;
    return NULL;
  }
  graph->job = *job;
  *status = !sx_graph_plan_make(&graph->plan, job) ? SX_RANGE : !start(graph) ? SX_MEMORY : SX_OK;
  if (*status != SX_OK) {
    sx_graph_free(graph);
    return NULL;
  }
  return graph;
}

void sx_graph_free(sx_graph *graph)
{
  if (graph == NULL) {
    return;
  }
  for (uint32_t row = 0; row < SX_GRAPH_ROWS; ++row) {
    sx_resampler_free(&graph->resampler[row]);
  }
  sx_resampler_free(&graph->filter);
  free(graph->block);
}
