/* SPDX-License-Identifier: Apache-2.0
 *
 * Producers, an onlooker and the audio thread at the same time: every accepted
 * event is applied once, no note hangs, the recording is what was rendered, and
 * of one producer it is told when its events took effect.
 * Before that, engines that are made at the same time, with the tables and
 * filters they share. Meant for the thread sanitizer as well.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "sixop.h"
#include "test.h"

#define NOTES 4000u
#define PLAYERS 3u
#define BLOCK 64u
#define MAKERS 4u
#define RECORD_FRAMES 1024u
#define WATCHED 1u

/* An engine as made by one of several, and what it plays first. */
typedef struct {
  uint32_t rate;
  float out[2 * BLOCK];
} made;

static void *make(void *argument)
{
  made *m = argument;
  static const uint8_t on[] = { 0x90, 60, 100 };
  sx_config config = sx_config_default();
  config.sample_rate = m->rate;
  config.output = SX_OUTPUT_DX7;
  sx_status status;
  sx_engine *another = sx_new(&config, &status);
  CHECK(another != NULL);
  CHECK(sx_midi(another, 0, SX_NOW, on, sizeof on) == SX_OK);
  sx_render(another, m->out, BLOCK, 2);
  sx_free(another);
  return NULL;
}

static void engines_are_made_side_by_side(void)
{
  static made m[MAKERS] = { { 44100, { 0 } }, { 48000, { 0 } }, { 44100, { 0 } }, { 48000, { 0 } } };
  pthread_t maker[MAKERS];
  for (uint32_t i = 0; i < MAKERS; ++i) {
    CHECK(pthread_create(&maker[i], NULL, make, &m[i]) == 0);
  }
  for (uint32_t i = 0; i < MAKERS; ++i) {
    CHECK(pthread_join(maker[i], NULL) == 0);
  }
  CHECK(memcmp(m[0].out, m[2].out, sizeof m[0].out) == 0);
  CHECK(memcmp(m[1].out, m[3].out, sizeof m[1].out) == 0);
}

static sx_engine *engine;
static _Atomic uint32_t players_left = PLAYERS;
static _Atomic uint64_t accepted;

static void insist(uint32_t producer, const uint8_t *message)
{
  while (sx_midi(engine, producer, SX_NOW, message, 3) == SX_FULL) {
    /* the audio thread is at work */
  }
  atomic_fetch_add(&accepted, 1);
}

/* All parts are tuned, by whichever player comes last; no key is mute. */
static void tune(uint32_t producer, uint64_t *seed)
{
  double hertz[SX_KEYS];
  for (uint32_t key = 0; key < SX_KEYS; ++key) {
    hertz[key] = 20.0 + random_below(seed, 10000);
  }
  while (sx_set_tuning(engine, producer, SX_NOW, 0xFFFF, hertz, random_below(seed, 2)) == SX_FULL) {
  }
  atomic_fetch_add(&accepted, 1);
}

/* What a face moves: the volume of all, a part's volume and place, a function parameter. */
static void move(uint32_t producer, uint64_t *seed)
{
  const float gain = (float)random_below(seed, 100) / 100.0f;
  while (sx_set_volume(engine, producer, SX_NOW, gain) == SX_FULL) {
  }
  while (sx_set_part_volume(engine, producer, SX_NOW, producer, gain) == SX_FULL) {
  }
  while (sx_set_pan(engine, producer, SX_NOW, producer, 2.0f * gain - 1.0f) == SX_FULL) {
  }
  while (sx_set_function(engine, producer, SX_NOW, producer, SX_WHEEL_RANGE, random_below(seed, 100)) == SX_FULL) {
  }
  atomic_fetch_add(&accepted, 4);
}

/* Plays on a channel of its own through a producer of its own, now and then with a new voice or in a new tuning. */
static void *play(void *argument)
{
  const uint32_t producer = *(const uint32_t *)argument;
  uint64_t seed = producer + 1;
  for (uint32_t i = 0; i < NOTES; ++i) {
    const uint8_t key = (uint8_t)random_below(&seed, 128);
    const uint8_t on[] = { (uint8_t)(0x90 | producer), key, 100 };
    const uint8_t off[] = { (uint8_t)(0x80 | producer), key, 0 };
    if (i % 50 == 0) {
      uint8_t voice[SX_VOICE_BYTES];
      random_bytes(&seed, voice, sizeof voice);
      while (sx_load(engine, producer, SX_NOW, producer, voice, SX_ALL_OPERATORS) == SX_FULL) {
      }
      atomic_fetch_add(&accepted, 1);
    }
    if (i % 70 == 0) {
      tune(producer, &seed);
    }
    if (i % 90 == 0) {
      move(producer, &seed);
    }
    insist(producer, on);
    insist(producer, off);
  }
  atomic_fetch_sub(&players_left, 1);
  return NULL;
}

/* What is told of the producer that is watched goes on, in frames and in events. */
static void read_arrivals(sx_arrival *last)
{
  sx_arrival found[8];
  const uint32_t count = sx_arrivals_read(engine, found, 8);
  for (uint32_t i = 0; i < count; ++i) {
    CHECK(found[i].frame >= last->frame && found[i].frame % BLOCK == 0);
    CHECK(found[i].events > last->events);
    *last = found[i];
  }
}

static sx_arrival last_arrival;

/* What is recorded goes to a thread of its own; what comes too quickly for it is counted. */
static _Atomic uint32_t rendering = 1;
static uint64_t frames_read;
static uint32_t sum_read;

static uint32_t sum_of(const float *samples, uint32_t count, uint32_t sum)
{
  for (uint32_t i = 0; i < count; ++i) {
    uint32_t bits;
    memcpy(&bits, &samples[i], sizeof bits);
    sum = sum * 31u + bits;
  }
  return sum;
}

static void *listen_to_it(void *unused)
{
  (void)unused;
  static float record[2 * RECORD_FRAMES];
  uint32_t over, frames;
  do {
    over = !atomic_load(&rendering);
    frames = sx_record_read(engine, record, RECORD_FRAMES);
    sum_read = sum_of(record, 2 * frames, sum_read);
    frames_read += frames;
  } while (!over || frames > 0);
  return NULL;
}

static void *look(void *unused)
{
  (void)unused;
  uint64_t frames = 0;
  while (atomic_load(&players_left) > 0) {
    sx_stats stats;
    sx_get_stats(engine, &stats);
    CHECK(stats.frames >= frames); /* never runs backwards */
    frames = stats.frames;
    sx_reset_peak(engine);
    read_arrivals(&last_arrival);
  }
  return NULL;
}

int main(void)
{
  engines_are_made_side_by_side();
  sx_config config = sx_config_default();
  config.voices = 16;
  config.record_frames = RECORD_FRAMES;
  sx_status status;
  engine = sx_new(&config, &status);
  CHECK(engine != NULL);
  CHECK(sx_watch(engine, SX_PRODUCERS) == SX_RANGE);
  CHECK(sx_watch(engine, WATCHED) == SX_OK);

  pthread_t players[PLAYERS], onlooker, listener;
  static const uint32_t producers[PLAYERS] = { 0, 1, 2 };
  for (uint32_t i = 0; i < PLAYERS; ++i) {
    CHECK(pthread_create(&players[i], NULL, play, (void *)(uintptr_t)&producers[i]) == 0);
  }
  CHECK(pthread_create(&onlooker, NULL, look, NULL) == 0);

  CHECK(pthread_create(&listener, NULL, listen_to_it, NULL) == 0);

  float out[2 * BLOCK];
  uint32_t sum = 0;
  while (atomic_load(&players_left) > 0) {
    sx_render(engine, out, BLOCK, 2);
    sum = sum_of(out, 2 * BLOCK, sum);
  }
  for (uint32_t i = 0; i < PLAYERS; ++i) {
    CHECK(pthread_join(players[i], NULL) == 0);
  }
  CHECK(pthread_join(onlooker, NULL) == 0);
  sx_render(engine, out, BLOCK, 2);
  sum = sum_of(out, 2 * BLOCK, sum);
  atomic_store(&rendering, 0);
  CHECK(pthread_join(listener, NULL) == 0);
  while (last_arrival.events != sx_fed(engine, WATCHED)) {
    const uint32_t before = last_arrival.events;
    read_arrivals(&last_arrival);
    CHECK(last_arrival.events > before);
  }

  sx_stats stats;
  sx_get_stats(engine, &stats);
  CHECK(frames_read + stats.record_lost == stats.frames);
  CHECK(stats.record_lost > 0 || sum_read == sum);
  CHECK(stats.events == atomic_load(&accepted));
  CHECK(stats.notes_on + stats.notes_dropped == (uint64_t)PLAYERS * NOTES);
  CHECK(stats.keys_held == 0);
  sx_free(engine);
  return 0;
}
