/* SPDX-License-Identifier: Apache-2.0
 *
 * Makes batches, gives them threads, and waits for these. Without threads the
 * one who waits does the work.
 */
#ifndef _WIN32
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <time.h>
#define HAS_THREADS
#endif

#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "rom.h"

struct sx_batch_threads {
  uint32_t started;
#ifdef HAS_THREADS
  pthread_t thread[SX_BATCH_THREADS];
  pthread_mutex_t mutex;
  pthread_cond_t ended;
  uint32_t working;   /* under the mutex */
#endif
};

static int is_valid(const sx_batch_job *job)
{
  int ok = job->sample_rate >= SX_MIN_RATE && job->sample_rate <= SX_MAX_RATE && job->kernel <= SX_KERNEL_CLEAN &&
           job->output <= SX_OUTPUT_DX7 && job->threads >= 1 && job->threads <= SX_BATCH_THREADS &&
           job->rows <= INT32_MAX && job->frames <= INT32_MAX &&
           (job->voice_step == 0 || job->voice_step >= SX_VOICE_BYTES);
  for (uint32_t row = 0; ok && row < job->rows; ++row) {
    ok = job->notes[row] <= 127 && job->velocities[row] <= 127 && job->operators[row] <= SX_ALL_OPERATORS;
  }
  return ok;
}

static uint32_t divided(uint32_t a, uint32_t b)
{
  return a / b + (a % b > 0);
}

/* Full chunks, but as many for each thread. */
static uint32_t chunk_of(const sx_batch_job *job)
{
  const uint32_t together = job->kernel == SX_KERNEL_CHIP ? SX_CHIP_TOGETHER : SX_CLEAN_TOGETHER;
  const uint32_t turns = divided(divided(job->rows, job->threads), together);
  return turns == 0 ? 1 : divided(divided(job->rows, job->threads), turns);
}

/* ---- the order of rows -------------------------------------------------- */

#define KINDS ((SX_LONGEST_PATH + 1) * SX_ALGORITHMS)

static uint32_t kind(const sx_batch_job *job, uint32_t row)
{
  const uint32_t number = sx_patch_algorithm(job->voices + (size_t)row * job->voice_step);
  const sx_algorithm *algorithm = &sx_algorithms[number];
  return sx_feedback_length(algorithm) * SX_ALGORITHMS + number;
}

/* By the length of feedback paths, then by algorithm, then as they came. */
static void sort(const sx_batch_job *job, uint32_t *order)
{
  uint32_t place[KINDS + 1] = { 0 }; /* of the next row of a kind; counted one further on at first */
  for (uint32_t row = 0; row < job->rows; ++row) {
    place[kind(job, row) + 1] += 1;
  }
  for (uint32_t k = 1; k < KINDS; ++k) {
    place[k] += place[k - 1];
  }
  for (uint32_t row = 0; row < job->rows; ++row) {
    order[place[kind(job, row)]++] = row;
  }
}

/* ---- memory ------------------------------------------------------------- */

static int allocate_worker_resamplers(const sx_batch *batch, sx_batch_worker *worker)
{
  const uint32_t singles = batch->chunk < SX_BATCH_SINGLES ? batch->chunk : SX_BATCH_SINGLES;
  int ok = 1;
  for (uint32_t row = 0; ok && row < singles; ++row) {
    ok = sx_resampler_share(&worker->single[row], &batch->resampler, 1, SX_BATCH_ROOM);
  }
  for (uint32_t group = 0; ok && group * SX_LANES < batch->chunk; ++group) {
    ok = sx_resampler_share(&worker->resampler[group], &batch->resampler, SX_LANES, SX_BATCH_ROOM);
  }
  return ok;
}

static int allocate_resamplers(sx_batch *batch)
{
  const sx_batch_job *job = &batch->job;
  int ok = sx_resampler_init(&batch->resampler, batch->rate.clock, batch->rate.divider, job->sample_rate,
                             job->output == SX_OUTPUT_DX7);
  for (uint32_t i = 0; ok && i < batch->workers; ++i) {
    ok = allocate_worker_resamplers(batch, &batch->worker[i]);
  }
  return ok;
}

/* The kernels' vectors want more alignment than calloc alone promises. */
static sx_batch_worker *allocate_workers(sx_batch *batch)
{
  char *block = calloc(1, batch->workers * sizeof(sx_batch_worker) + SX_CACHE_LINE);
  batch->worker_block = block;
  return block == NULL ? NULL : (void *)(block + (SX_CACHE_LINE - (uintptr_t)block % SX_CACHE_LINE));
}

static int allocate(sx_batch *batch)
{
  const int16_t *outputs = sx_output_table();
  batch->threads = calloc(1, sizeof *batch->threads);
  batch->worker = allocate_workers(batch);
  batch->order = calloc(batch->job.rows + 1, sizeof *batch->order); /* never nothing */
  if (outputs == NULL || batch->threads == NULL || batch->worker == NULL || batch->order == NULL) {
    return 0;
  }
  sort(&batch->job, batch->order);
  for (uint32_t i = 0; i < batch->workers; ++i) {
    batch->worker[i].batch = batch;
    batch->worker[i].chip.outputs = outputs;
  }
  return !batch->resamples || allocate_resamplers(batch);
}

static void release(sx_batch *batch)
{
  for (uint32_t i = 0; batch->worker != NULL && i < batch->workers; ++i) {
    for (uint32_t group = 0; group < SX_BATCH_GROUPS; ++group) {
      sx_resampler_free(&batch->worker[i].resampler[group]);
    }
    for (uint32_t row = 0; row < SX_BATCH_SINGLES; ++row) {
      sx_resampler_free(&batch->worker[i].single[row]);
    }
  }
  sx_resampler_free(&batch->resampler);
  free(batch->worker_block);
  free(batch->order);
  free(batch->threads);
  free(batch);
}

/* ---- threads ------------------------------------------------------------ */

#ifdef HAS_THREADS

static void *work(void *argument)
{
  sx_batch_worker *worker = argument;
  struct sx_batch_threads *threads = worker->batch->threads;
  while (sx_batch_work(worker)) {
  }
  pthread_mutex_lock(&threads->mutex);
  threads->working -= 1;
  pthread_cond_broadcast(&threads->ended);
  pthread_mutex_unlock(&threads->mutex);
  return NULL;
}

static void start_threads(sx_batch *batch)
{
  struct sx_batch_threads *threads = batch->threads;
  pthread_mutex_init(&threads->mutex, NULL);
  pthread_cond_init(&threads->ended, NULL);
  pthread_mutex_lock(&threads->mutex);
  while (threads->started < batch->workers &&
         pthread_create(&threads->thread[threads->started], NULL, work, &batch->worker[threads->started]) == 0) {
    threads->started += 1;
  }
  threads->working = threads->started;
  pthread_mutex_unlock(&threads->mutex);
}

static uint32_t wait_for_threads(struct sx_batch_threads *threads, uint32_t milliseconds)
{
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_sec += milliseconds / 1000;
  until.tv_nsec += (long)(milliseconds % 1000) * 1000000;
  if (until.tv_nsec >= 1000000000) {
    until.tv_nsec -= 1000000000;
    until.tv_sec += 1;
  }
  pthread_mutex_lock(&threads->mutex);
  int waited = 0;
  while (threads->working > 0 && waited == 0) {
    waited = pthread_cond_timedwait(&threads->ended, &threads->mutex, &until);
  }
  const uint32_t ended = threads->working == 0;
  pthread_mutex_unlock(&threads->mutex);
  return ended;
}

static void join_threads(struct sx_batch_threads *threads)
{
  for (uint32_t i = 0; i < threads->started; ++i) {
    pthread_join(threads->thread[i], NULL);
  }
  pthread_cond_destroy(&threads->ended);
  pthread_mutex_destroy(&threads->mutex);
}

#else

static void start_threads(sx_batch *batch)
{
  (void)batch;
}

static uint32_t wait_for_threads(struct sx_batch_threads *threads, uint32_t milliseconds)
{
  (void)threads;
  (void)milliseconds;
  return 1;
}

static void join_threads(struct sx_batch_threads *threads)
{
  (void)threads;
}

#endif

/* ---- life --------------------------------------------------------------- */

sx_batch *sx_batch_start(const sx_batch_job *job, sx_status *status)
{
  if (!is_valid(job)) {
    *status = SX_RANGE;
    return NULL;
  }
  *status = SX_MEMORY;
  sx_batch *batch = calloc(1, sizeof *batch);
  if (batch == NULL) {
    return NULL;
  }
  batch->job = *job;
  batch->chunk = chunk_of(job);
  const uint32_t chunks = divided(job->rows, batch->chunk);
  batch->workers = chunks == 0 ? 1 : chunks < job->threads ? chunks : job->threads;
  batch->rate = sx_rate_of(job->kernel, job->sample_rate);
  batch->resamples = (uint8_t)sx_rate_is_resampled(&batch->rate, job->output);
  sx_part_reset(&batch->part);
  if (!allocate(batch)) {
    release(batch);
    return NULL;
  }
  start_threads(batch);
  *status = SX_OK;
  return batch;
}

uint32_t sx_batch_wait(sx_batch *batch, uint32_t milliseconds)
{
  return batch->threads->started > 0 ? wait_for_threads(batch->threads, milliseconds) : !sx_batch_work(batch->worker);
}

uint32_t sx_batch_done(const sx_batch *batch)
{
  return atomic_load(&batch->done);
}

void sx_batch_cancel(sx_batch *batch)
{
  atomic_store(&batch->cancelled, 1);
}

void sx_batch_free(sx_batch *batch)
{
  if (batch == NULL) {
    return;
  }
  sx_batch_cancel(batch);
  join_threads(batch->threads);
  release(batch);
}
