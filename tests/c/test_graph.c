/* SPDX-License-Identifier: Apache-2.0
 *
 * Graphs wired at random, of any bytes as voices: what comes out is what an
 * evaluation of the wiring frame by frame gives, operator after operator.
 */
#include <math.h>
#include <string.h>

#include "choices.h"
#include "graph.h"
#include "note.h"
#include "rom.h"
#include "test.h"

#define FRAMES 1500u
#define MOST_EDGES 600u

static uint8_t voices[SX_GRAPH_VOICES][SX_VOICE_BYTES];
static sx_graph_edge edges[MOST_EDGES];
static sx_graph_feedback feedbacks[SX_GRAPH_FEEDBACKS];
static float out[SX_GRAPH_ROWS][FRAMES];
static float expected[SX_GRAPH_ROWS][FRAMES];

static uint32_t any_bits(uint64_t *seed, uint32_t operators)
{
  const uint32_t all = operators < 32 ? (1u << operators) - 1 : UINT32_MAX;
  return (uint32_t)random_bits(seed) & all;
}

/* In an order drawn by lot, operators modulate those that come after them. */
static void wire(uint64_t *seed, sx_graph_job *job, uint32_t edges_of_100, uint32_t feedbacks_of_100)
{
  static const float amounts[] = { 1.0f, 1.0f, 1.0f, 0.5f, -1.0f, 2.0f, 0.3f, SX_GRAPH_AMOUNT, -SX_GRAPH_AMOUNT, 0.0f };
  uint32_t rank[SX_GRAPH_OPERATORS];
  for (uint32_t op = 0; op < job->operators; ++op) {
    rank[op] = random_below(seed, 1000) * SX_GRAPH_OPERATORS + op;
  }
  for (uint32_t source = 0; source < job->operators; ++source) {
    for (uint32_t target = 0; target < job->operators; ++target) {
      if (rank[source] < rank[target] && random_below(seed, 100) < edges_of_100) {
        edges[job->edges++] = (sx_graph_edge){ source, target, amounts[random_below(seed, 10)] };
      }
      if (random_below(seed, 100) < feedbacks_of_100) {
        feedbacks[job->feedbacks++] = (sx_graph_feedback){ source, target, random_below(seed, 8) };
      }
    }
  }
}

static sx_graph_job any_job(uint64_t *seed)
{
  static const uint32_t rates[] = { SX_MIN_RATE, 22050, 44100, 48000, 96000, SX_MAX_RATE };
  static const uint32_t percentages[] = { 0, 2, 10, 30, 100 };
  memset(out, 0xFF, sizeof out); /* nothing may be left of it */
  for (uint32_t v = 0; v < SX_GRAPH_VOICES; ++v) {
    random_bytes(seed, voices[v], SX_VOICE_BYTES);
    for (uint32_t op = 0; op < SX_OPERATORS && random_below(seed, 4) > 0; ++op) { /* most are loud and quick */
      memset(voices[v] + 21 * op, 99, 7);
      voices[v][21 * op + 16] = 99;
    }
  }
  const uint32_t operators = random_below(seed, 3) > 0 ? 1 + random_below(seed, 7) : 1 + random_below(seed, 32);
  sx_graph_job job = { .sample_rate = rates[random_below(seed, 6)], .frames = FRAMES,
                       .hold = random_below(seed, FRAMES + 100), .note = random_below(seed, 128),
                       .velocity = random_below(seed, 128), .operators = operators,
                       .carriers = any_bits(seed, operators),
                       .sounding = any_bits(seed, operators) | any_bits(seed, operators),
                       .normalize_feedback = random_below(seed, 2), .stems = random_below(seed, 2),
                       .voices = voices[0], .edge = edges, .feedback = feedbacks, .out = out[0] };
  wire(seed, &job, percentages[random_below(seed, 5)], percentages[random_below(seed, 5)]);
  return job;
}

/* Few operators, all edges as in an algorithm, feedback taken before compensation: paths, and what is nearly one. */
static sx_graph_job sparse_job(uint64_t *seed)
{
  sx_graph_job job = any_job(seed);
  job.operators = 2 + random_below(seed, 3);
  job.carriers = 1 + random_below(seed, (1u << job.operators) - 1);
  job.sounding = UINT32_MAX;
  job.velocity = 100;
  job.normalize_feedback = 1;
  job.stems = 1;
  memset(voices[0], 99, SX_OPERATORS * 21);
  for (uint32_t op = 0; op < SX_OPERATORS; ++op) {
    memset(voices[0] + 21 * op + 8, 0, 8); /* no scaling, nor sensitivity */
    voices[0][21 * op + 17] = 0; /* a ratio: */
    voices[0][21 * op + 18] = (uint8_t)(1 + op);
  }
  job.edges = 0;
  for (uint32_t target = 0; target < job.operators; ++target) {
    for (uint32_t source = target + 1; source < job.operators; ++source) {
      if (random_below(seed, 2)) {
        edges[job.edges++] = (sx_graph_edge){ source, target, 1.0f };
      }
    }
  }
  job.feedbacks = 1 + random_below(seed, job.operators < 3 ? job.operators : 3);
  const uint32_t first = random_below(seed, job.operators);
  for (uint32_t i = 0; i < job.feedbacks; ++i) { /* from one another, so that none is there twice */
    const uint32_t source = (first + i) % job.operators;
    feedbacks[i] = (sx_graph_feedback){ source, random_below(seed, job.operators), 4 + random_below(seed, 4) };
  }
  return job;
}

static void render(const sx_graph_job *job, uint32_t piece)
{
  sx_status status;
  sx_graph *graph = sx_graph_new(job, &status);
  CHECK(graph != NULL && status == SX_OK);
  for (uint32_t done = 0; done < job->frames;) {
    const uint32_t now = sx_graph_render(graph, piece);
    CHECK(now == (job->frames - done < piece ? job->frames : done + piece));
    done = now;
  }
  sx_graph_free(graph);
}

/* ---- frame by frame ----------------------------------------------------- */

typedef struct {
  const sx_graph_job *job;
  sx_part part;
  sx_rate rate;
  sx_clock clock;
  sx_program program[SX_GRAPH_VOICES];
  sx_voice voice[SX_GRAPH_VOICES];
  uint32_t compensation;
  uint64_t frame;
  uint32_t attenuation[SX_GRAPH_OPERATORS];
  int32_t output[SX_GRAPH_OPERATORS];
  int32_t fed[SX_GRAPH_OPERATORS]; /* what is fed back of it */
  int32_t last[SX_GRAPH_OPERATORS];
  int32_t before[SX_GRAPH_OPERATORS];
  uint32_t computed;
} model;

static int32_t from_rom(uint32_t at, uint32_t attenuation)
{
  const uint32_t entry = sx_log_sine[at & (SX_PHASE_STEPS - 1)];
  const uint32_t sum = (entry & 0x7FFF) + attenuation;
  const int32_t magnitude = sx_exponential[sum % SX_OCTAVE] >> (sum / SX_OCTAVE);
  return entry & SX_SIGN_BIT ? -magnitude : magnitude;
}

static void compute(model *m, uint32_t op)
{
  const sx_graph_job *job = m->job;
  if ((m->computed >> op) & 1) {
    return;
  }
  m->computed |= 1u << op;
  int64_t at = m->voice[op / 6].phases.phase[op % 6] >> 20;
  for (uint32_t i = 0; i < job->edges; ++i) {
    if (edges[i].target == op) {
      compute(m, edges[i].source);
      const int64_t amount = lrint(edges[i].amount * 2048.0);
      at += (m->output[edges[i].source] * amount + 1024) >> 11;
    }
  }
  for (uint32_t i = 0; i < job->feedbacks; ++i) {
    const uint32_t source = feedbacks[i].source;
    if (feedbacks[i].target == op) {
      at += (m->last[source] + m->before[source]) >> (SX_FEEDBACK_SHIFT - feedbacks[i].level);
    }
  }
  const uint32_t extra = (job->carriers >> op) & 1 ? m->compensation : 0;
  m->output[op] = from_rom((uint32_t)at, m->attenuation[op] + extra);
  m->fed[op] = job->normalize_feedback ? from_rom((uint32_t)at, m->attenuation[op]) : m->output[op];
}

static void run_envelopes(model *m)
{
  for (uint32_t op = 0; op < m->job->operators; ++op) {
    sx_voice *voice = &m->voice[op / 6];
    const sx_operator_patch *p = &m->program[op / 6].patch.op[op % 6];
    const uint32_t modulation = p->am_sensitivity ? m->program[op / 6].amplitude << p->am_sensitivity : 0;
    uint16_t row[1 + SX_ENVELOPE_ROOM];
    const sx_level level = sx_envelope_run(&voice->envelope[op % 6], p, voice->pitch_register,
                                           SX_SETTLE_FRAMES + m->frame, modulation, 0, row, 1);
    m->attenuation[op] = level.is_steady ? level.least : row[0];
  }
}

static void tick(model *m)
{
  const uint64_t number = m->clock.tick;
  sx_clock_advance(&m->clock, &m->rate);
  for (uint32_t v = 0; v < SX_GRAPH_VOICES; ++v) {
    sx_note_tick(&m->voice[v], &m->part, number, m->frame, (uint32_t)(m->clock.frame - m->frame));
  }
}

static void run_frame(model *m, uint64_t key_off)
{
  if (m->frame > 0 && m->frame == m->clock.frame) {
    tick(m);
  }
  for (uint32_t v = 0; v < SX_GRAPH_VOICES; ++v) {
    if (m->frame == key_off && m->voice[v].key_down) {
      sx_voice_key_off(&m->voice[v], m->frame);
    }
  }
  if (m->frame == 0) {
    tick(m);
  }
  for (uint32_t v = 0; v < SX_GRAPH_VOICES; ++v) {
    sx_voice_run_phases(&m->voice[v], m->frame);
  }
  run_envelopes(m);
  m->computed = 0;
  for (uint32_t op = 0; op < m->job->operators; ++op) {
    compute(m, op);
  }
  memcpy(m->before, m->last, sizeof m->last);
  memcpy(m->last, m->fed, sizeof m->last);
  m->frame += 1;
}

static void start(model *m, const sx_graph_job *job)
{
  memset(m, 0, sizeof *m);
  m->job = job;
  m->rate = sx_rate_of(SX_KERNEL_CHIP, job->sample_rate);
  sx_part_reset(&m->part);
  uint32_t carriers = 0;
  for (uint32_t op = 0; op < job->operators; ++op) {
    carriers += (job->carriers >> op) & 1;
  }
  m->compensation = carriers == 0 ? 0 : 128 * (uint32_t)ceil(8 * log2(carriers) - 1e-9);
  for (uint32_t v = 0; v < SX_GRAPH_VOICES; ++v) {
    uint8_t switches = 0;
    uint8_t voice[SX_VOICE_BYTES];
    memcpy(voice, voices[v], 126);
    memcpy(voice + 126, voices[0] + 126, SX_VOICE_BYTES - 126);
    for (uint32_t k = 0; k < 6 && 6 * v + k < 32; ++k) {
      switches |= (uint8_t)(((job->sounding >> (6 * v + k)) & 1) << (5 - k));
    }
    const sx_note note = { voice, switches, (uint8_t)job->note, (uint8_t)job->velocity };
    sx_note_start(&m->program[v], &m->voice[v], &note, &m->part, &m->rate);
  }
}

static void scale(const model *m, float *const *input, uint32_t at)
{
  const float unit = 1.0f / (float)SX_UNITY;
  int32_t mix = 0;
  for (uint32_t op = 0; op < m->job->operators; ++op) {
    input[op][at] = (float)m->output[op] * unit;
    mix += (m->job->carriers >> op) & 1 ? m->output[op] : 0;
  }
  input[m->job->operators][at] = (float)mix * unit;
}

static void evaluate(const sx_graph_job *job)
{
  static model m;
  static sx_resampler filter, resampler[SX_GRAPH_ROWS];
  start(&m, job);
  CHECK(sx_resampler_init(&filter, SX_NATIVE_CLOCK, SX_NATIVE_DIVIDER, job->sample_rate, 0));
  for (uint32_t row = 0; row <= job->operators; ++row) {
    CHECK(sx_resampler_share(&resampler[row], &filter, 1, SX_GRAPH_ROOM));
    sx_resampler_restart(&resampler[row], 1);
  }
  const uint64_t key_off = sx_resampler_input_frame(&filter, job->hold);
  for (uint32_t done = 0; done < job->frames;) {
    float *input[SX_GRAPH_ROWS];
    uint32_t count;
    const uint32_t frames = sx_resampler_plan(&resampler[0], job->frames - done, &count);
    for (uint32_t row = 0; row <= job->operators; ++row) {
      input[row] = sx_resampler_input(&resampler[row]);
    }
    for (uint32_t i = 0; i < count; ++i) {
      run_frame(&m, key_off);
      scale(&m, input, i);
    }
    for (uint32_t row = 0; row <= job->operators; ++row) {
      sx_resampler_run(&resampler[row], expected[row] + done, frames, count);
      sx_to_grid(expected[row] + done, frames);
    }
    done += frames;
  }
  for (uint32_t row = 0; row <= job->operators; ++row) {
    sx_resampler_free(&resampler[row]);
  }
  sx_resampler_free(&filter);
}

/* ---- tests -------------------------------------------------------------- */

static int is_same(const float *a, const float *b)
{
  for (uint32_t i = 0; i < FRAMES; ++i) {
    if (a[i] != b[i]) {
      return 0;
    }
  }
  return 1;
}

static int adds_up(const sx_graph_job *job)
{
  for (uint32_t i = 0; i < FRAMES; ++i) {
    float sum = 0.0f;
    for (uint32_t op = 0; op < job->operators; ++op) {
      sum += (job->carriers >> op) & 1 ? out[op][i] : 0.0f;
    }
    if (sum != out[job->operators][i]) {
      return 0;
    }
  }
  return 1;
}

/* Carriers' rows add up, so the one that is what the others leave may differ by their rounding. */
static int is_near(const float *a, const float *b)
{
  for (uint32_t i = 0; i < FRAMES; ++i) {
    if (!(fabsf(a[i] - b[i]) < 1e-5f)) {
      return 0;
    }
  }
  return 1;
}

static void chip_is_what_a_model_computes(sx_graph_job (*draw)(uint64_t *seed), uint64_t jobs)
{
  uint32_t loud = 0;
  for (uint64_t seed = 1; seed <= jobs; ++seed) {
    uint64_t state = seed;
    const sx_graph_job job = draw(&state);
    render(&job, 1 + random_below(&state, 2000));
    evaluate(&job);
    const uint32_t mix = job.stems ? job.operators : 0;
    CHECK(is_same(out[mix], expected[job.operators]));
    for (uint32_t op = 0; job.stems && op < job.operators; ++op) {
      CHECK((job.carriers >> op) & 1 ? is_near(out[op], expected[op]) : is_same(out[op], expected[op]));
    }
    CHECK(!job.stems || adds_up(&job));
    for (uint32_t i = 0; i < FRAMES; ++i) {
      if (out[mix][i] > 0.1f) {
        loud += 1;
        break;
      }
    }
  }
  CHECK(loud > jobs / 3);
}

static void clean_is_finite_and_adds_up(void)
{
  static float once[FRAMES];
  for (uint64_t seed = 1; seed < 120; ++seed) {
    uint64_t state = seed;
    sx_graph_job job = any_job(&state);
    job.kernel = SX_KERNEL_CLEAN;
    job.stems = 1;
    render(&job, FRAMES);
    CHECK(adds_up(&job));
    memcpy(once, out[job.operators], sizeof once);
    for (uint32_t i = 0; i < FRAMES; ++i) {
      CHECK(fabsf(once[i]) < 2.5f);
    }
    job.stems = 0;
    render(&job, 1 + random_below(&state, 200));
    CHECK(is_same(out[0], once));
  }
}

static int is_refused(const sx_graph_job *job)
{
  sx_status status = SX_OK;
  return sx_graph_new(job, &status) == NULL && status == SX_RANGE;
}

static void bad_jobs_are_refused(void)
{
  const sx_graph_job good = { .sample_rate = 48000, .frames = FRAMES, .operators = 3, .carriers = 1, .sounding = 7,
                              .edges = 2, .feedbacks = 1, .voices = voices[0], .edge = edges,
                              .feedback = feedbacks, .out = out[0] };
  const sx_graph_edge line[] = { { 1, 0, 1.0f }, { 2, 1, 1.0f } };
  memcpy(edges, line, sizeof line);
  feedbacks[0] = (sx_graph_feedback){ 0, 2, 7 };
  render(&good, FRAMES);
  sx_graph_job job = good;
#define REFUSED(field, value) (job = good, job.field = (value), is_refused(&job))
  CHECK(REFUSED(sample_rate, SX_MIN_RATE - 1) && REFUSED(sample_rate, SX_MAX_RATE + 1) && REFUSED(kernel, 2));
  CHECK(REFUSED(note, 128) && REFUSED(velocity, 128) && REFUSED(operators, 0) && REFUSED(operators, 33));
  CHECK(REFUSED(carriers, 8) && REFUSED(edges, 497) && REFUSED(feedbacks, 1025) && REFUSED(frames, 1u << 31));
  static const sx_graph_edge bad[] = { { 2, 1, NAN }, { 2, 1, INFINITY }, { 2, 1, 64.1f }, { 3, 1, 1 }, { 1, 3, 1 },
                                       { 1, 0, 2 },   { 0, 1, 1 },        { 2, 2, 1 } };
  for (uint32_t i = 0; i < sizeof bad / sizeof bad[0]; ++i) {
    edges[1] = bad[i];
    CHECK(is_refused(&good));
  }
  edges[1] = line[1];
  static const sx_graph_feedback worse[] = { { 3, 0, 1 }, { 0, 3, 1 }, { 0, 2, 8 } };
  for (uint32_t i = 0; i < sizeof worse / sizeof worse[0]; ++i) {
    feedbacks[0] = worse[i];
    CHECK(is_refused(&good));
  }
}

static void nothing_is_rendered_of_no_frames(void)
{
  uint64_t state = 5;
  sx_graph_job job = any_job(&state);
  job.frames = 0;
  job.out = NULL;
  sx_status status;
  sx_graph *graph = sx_graph_new(&job, &status);
  CHECK(graph != NULL && sx_graph_render(graph, 100) == 0);
  sx_graph_free(graph);
  sx_graph_free(NULL);
}

int main(void)
{
  chip_is_what_a_model_computes(any_job, 119);
  chip_is_what_a_model_computes(sparse_job, 119);
  clean_is_finite_and_adds_up();
  bad_jobs_are_refused();
  nothing_is_rendered_of_no_frames();
  return 0;
}
