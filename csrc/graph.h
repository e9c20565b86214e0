/* SPDX-License-Identifier: Apache-2.0
 *
 * Operators wired at will: one note of ceil(n / 6) voices that are told the
 * same key and the same ticks, and whose operators modulate each other as a
 * plan says instead of an algorithm.
 *
 * Operators that wait for each other's last outputs are a part of the plan and
 * go frame by frame; all others are parts of one operator, computed over whole
 * spans. A part that is a feedback path as in the algorithms runs as such.
 */
#ifndef SIXOP_GRAPH_H
#define SIXOP_GRAPH_H

#include <stdint.h>

#include "attributes.h"
#include "clean_operator.h"
#include "operators.h"
#include "part.h"
#include "program.h"
#include "rate.h"
#include "resampler.h"
#include "sixop.h"
#include "voice.h"

#define SX_GRAPH_VOICES ((SX_GRAPH_OPERATORS + SX_OPERATORS - 1) / SX_OPERATORS)
#define SX_GRAPH_ROWS (SX_GRAPH_OPERATORS + 1)
#define SX_GRAPH_EDGES (SX_GRAPH_OPERATORS * (SX_GRAPH_OPERATORS - 1) / 2)
#define SX_GRAPH_FEEDBACKS (SX_GRAPH_OPERATORS * SX_GRAPH_OPERATORS)
#define SX_GRAPH_BLOCK 1024 /* device frames resampled at once */
#define SX_GRAPH_ROOM 1280  /* frames of the kernel for them; at low rates for fewer */
#define SX_AMOUNT_BITS 11 /* of an edge's amount that are fraction: 64 times the highest output fits into 31 bits */
#define SX_AMOUNT_ONE (1 << SX_AMOUNT_BITS)

/* ---- the plan ----------------------------------------------------------- */

/* What modulates an operator... */
typedef struct {
  uint8_t source;
  int32_t fixed; /* SX_AMOUNT_ONE: 1 */
  float amount;
} sx_modulation;

/* ...and what is fed back to it. */
typedef struct {
  uint8_t source;
  uint8_t shift; /* right, from the sum of two outputs to 1/4096 cycle */
  float share;   /* the same as a factor; of what is tapped, to what it was before compensation */
} sx_return;

typedef enum { SX_PART_PATH, SX_PART_LOOP, SX_PART_SINGLE } sx_part_kind;

typedef struct {
  uint32_t kind;      /* an sx_part_kind */
  uint32_t depth;     /* how many parts come before, one after the other */
  uint32_t operators; /* bit n: operator n belongs to it */
  uint32_t length;
  uint32_t shift;     /* of a path's feedback */
  uint8_t operator_at[SX_GRAPH_OPERATORS]; /* modulators first */
} sx_graph_part;

typedef struct {
  uint32_t operators;
  uint32_t carriers;        /* bit n: operator n... */
  uint32_t feedback_sources;
  uint32_t tapped;          /* ...is fed back as it is before the compensation of carriers */
  uint32_t wrapping;        /* ...may be modulated by more cycles than fit into a phase */
  uint32_t compensation;    /* of carriers, 1/1024 octave */
  uint32_t sources[SX_GRAPH_OPERATORS]; /* bit m of entry n: operator m modulates operator n */
  uint32_t returns[SX_GRAPH_OPERATORS]; /* the same of feedback */
  uint32_t first_modulation[SX_GRAPH_OPERATORS + 1]; /* of an operator's, in the order of their sources */
  uint32_t first_return[SX_GRAPH_OPERATORS + 1];
  sx_modulation modulation[SX_GRAPH_EDGES];
  sx_return feedback[SX_GRAPH_FEEDBACKS];
  uint32_t parts;
  sx_graph_part part[SX_GRAPH_OPERATORS]; /* modulators first; of one depth, paths by length, loops, single ones */
  uint8_t part_of[SX_GRAPH_OPERATORS];  /* an operator's part, */
  uint8_t place_in[SX_GRAPH_OPERATORS]; /* and where it is there */
} sx_graph_plan;

/* Returns 0 if the job's wiring is out of range, has duplicates, or its edges form a cycle. */
int sx_graph_plan_make(sx_graph_plan *plan, const sx_graph_job *job);

/* ---- at work ------------------------------------------------------------ */

typedef struct {
  const int16_t *outputs;                     /* sx_output_table() */
  sx_lane lane[SX_GRAPH_OPERATORS];
  sx_lane tap[SX_GRAPH_OPERATORS];            /* of those that are tapped */
  sx_path path[SX_GRAPH_OPERATORS];           /* those that sound, in the order of parts */
  sx_chip_history history[SX_GRAPH_OPERATORS]; /* of those that feed back */
  uint16_t sum[SX_ROW];
  /* in this span */
  sx_path *path_of[SX_GRAPH_OPERATORS];       /* a part's, or NULL if it is silent */
  sx_level level[SX_GRAPH_OPERATORS];         /* of operators outside paths */
  const uint16_t *output[SX_GRAPH_OPERATORS]; /* NULL: silent, or not yet computed */
  uint32_t audible;                           /* bit n: operator n... */
  uint32_t needed;                            /* ...reaches a carrier, a stem or a feedback */
  uint32_t frames;
} sx_graph_chip;

/* The last outputs of an operator that feeds back. */
typedef struct {
  float last;
  float before;
} sx_graph_history;

typedef struct {
  _Alignas(SX_CACHE_LINE) float row[SX_GRAPH_OPERATORS][SX_CLEAN_ROW]; /* gains, and after them outputs */
  float outside[SX_GRAPH_OPERATORS][SX_CLEAN_ROW]; /* of a loop's operators: what modulates them from outside, */
  uint32_t is_outside;                             /* bit n: if something does */
  float sum[SX_CLEAN_ROW];
  sx_clean_gains gains[SX_GRAPH_OPERATORS];        /* of parts of one operator */
  sx_graph_history history[SX_GRAPH_OPERATORS];    /* of those that feed back */
  uint32_t audible;                                /* as of `chip` */
  uint32_t needed;
  sx_clean_span span;
} sx_graph_clean;

struct sx_graph {
  void *block;              /* what to free: it wants cache lines of its own */
  sx_graph_job job;
  sx_graph_plan plan;
  sx_rate rate;
  sx_part part;             /* as after power-up */
  uint8_t resamples;
  uint32_t voices;
  uint32_t listed;          /* bit n: operator n has a row of its own */
  int32_t remainder;        /* the operator whose row is what is left of the mix, or -1 */
  sx_algorithm carriers[SX_GRAPH_VOICES]; /* all that an algorithm says here */
  sx_program program[SX_GRAPH_VOICES];
  sx_voice voice[SX_GRAPH_VOICES];
  uint64_t key_off;         /* frame of the kernel's rate */
  uint64_t frame;           /* of the kernel's rate */
  uint64_t tick_frame;      /* of the last tick */
  sx_clock clock;           /* of the next tick */
  uint32_t done;            /* frames of the device's rate */
  uint32_t silent;          /* frames of the kernel's since it came to rest */
  sx_resampler filter;      /* owns the filter of the others */
  sx_resampler resampler[SX_GRAPH_ROWS]; /* of the rows that are computed, the mix last */
  sx_graph_chip chip;
  sx_graph_clean clean;
};

/* Operator n: where its parameters, envelope and phase are. */
SX_INLINE sx_voice *sx_graph_voice(sx_graph *graph, uint32_t op)
{
  return &graph->voice[op / SX_OPERATORS];
}

/* Of the audible operators, those that reach a row or are remembered. */
uint32_t sx_graph_needed(const sx_graph *graph, uint32_t audible) SX_REALTIME;

/* An output of the chip's as modulation of this amount. */
SX_INLINE uint16_t sx_graph_scaled(uint16_t output, int32_t amount)
{
  return (uint16_t)(((int16_t)output * amount + SX_AMOUNT_ONE / 2) >> SX_AMOUNT_BITS);
}

/* What of two outputs is fed back. */
SX_INLINE uint16_t sx_graph_fed_back(int32_t last, int32_t before, uint32_t shift)
{
  return (uint16_t)((last + before) >> shift);
}

/* The next frames, without a tick or an event inside. */
void sx_graph_chip_run(sx_graph *graph, uint32_t frames) SX_REALTIME;
/* Of them, those of a loop, frame by frame: lanes (and taps) hold places, which what is outside has modulated, and
 * attenuations. */
void sx_graph_chip_loop(sx_graph *graph, const sx_graph_part *part) SX_REALTIME;
/* What they sound like: the mix, or one operator at the level at which it is mixed or modulates. */
void sx_graph_chip_mix(sx_graph *graph, float *out) SX_REALTIME;
void sx_graph_chip_stem(const sx_graph *graph, uint32_t op, float *out) SX_REALTIME;

void sx_graph_clean_run(sx_graph *graph, uint32_t frames) SX_REALTIME;
/* Rows hold gains, `outside` what modulates the part's operators from there. */
void sx_graph_clean_loop(sx_graph *graph, const sx_graph_part *part) SX_REALTIME;
void sx_graph_clean_mix(sx_graph *graph, float *out) SX_REALTIME;
void sx_graph_clean_stem(const sx_graph *graph, uint32_t op, float *out) SX_REALTIME;

#endif
