/* SPDX-License-Identifier: Apache-2.0
 *
 * The engine's own view of itself: everything the audio thread touches, in one
 * place, so that references to it stand out in the code. What other threads
 * touch as well is atomic and named in the last group.
 */
#ifndef SIXOP_ENGINE_H
#define SIXOP_ENGINE_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "limiter.h"
#include "pan.h"
#include "arrivals.h"
#include "part.h"
#include "program.h"
#include "queue.h"
#include "recorder.h"
#include "resampler.h"
#include "ring.h"
#include "score.h"
#include "sides.h"
#include "sixop.h"
#include "tuning.h"
#include "voice.h"

#define SX_SPARES 32       /* voices in which stolen notes fade out: so many thefts in 2.6 ms make no click */
#define SX_ALL_VOICES (SX_MAX_VOICES + SX_SPARES)
#define SX_PROGRAMS (SX_ALL_VOICES + SX_PARTS + 1)
#define SX_LETTERS 64      /* patches and tunings on their way to the audio thread */

/* A patch or a tuning in the post: free, or claimed by a producer until the audio thread has copied it. */
typedef struct {
  _Atomic uint32_t claimed;
  union {
    sx_patch patch;
    sx_tuning tuning;
  } u;
} sx_letter;

/* Written by the audio thread, read by any. */
typedef struct {
  _Atomic uint64_t frames, native_frames, blocks, underflows, events, notes_on, notes_stolen, notes_dropped, late_events,
    record_lost, rendering_ns, live_events, waiting_ns;
  _Atomic uint32_t voices_sounding, keys_held, is_limited;
  _Atomic uint32_t peak, level, load_peak, wait_peak, output_delay, limiter_gain; /* the bits of non-negative floats */
  _Atomic uint64_t held[SX_KEY_WORDS], sustained[SX_KEY_WORDS], released[SX_KEY_WORDS];
} sx_counters;

struct sx_engine {
  void *block;                        /* what to free: the engine lies on a cache line inside */
  sx_config config;
  uint32_t channels;

  /* the audio thread's */
  sx_voice voice[SX_ALL_VOICES];      /* config.voices of them, then SX_SPARES spares */
  sx_part part[SX_PARTS];
  sx_pan_curve pan_curve;
  sx_tuning tuning[SX_PARTS];
  sx_program program[SX_PROGRAMS];
  uint32_t programs;                  /* that have been in use so far: the first ones */
  sx_program *playing[SX_PARTS];      /* each part's program */
  uint64_t loads;                     /* serial number of the last patch loaded */
  uint32_t last_started;              /* voice of the last note: the round-robin goes on from there */
  uint32_t next_spare;
  uint32_t spares;                    /* that may sound: all or, most of the time, none */
  uint64_t notes;                     /* serial number of the last note */
  uint64_t frame;                     /* frames of the kernel's rate rendered */
  uint64_t device_frame;              /* device frames rendered */
  sx_rate rate;                       /* the kernel's */
  sx_clock clock;                     /* of the next tick */
  uint64_t called;                    /* when the callback under way began, sx_now(); 0 outside of one */
  uint64_t arrivals;                  /* serial number of the last event */
  float volume;                       /* where the master volume is going */
  sx_ramp master;
  uint64_t tick_frame;                /* of the last tick, or 0 */
  uint8_t unresampled;                /* 1: event frames are frames of the kernel's rate */
  sx_queue queue;
  sx_score *score;
  sx_resampler resampler;
  sx_sides sides;
  uint8_t is_mono;                    /* 1: nobody hears two sides */
  sx_limiter limiter;
  sx_recorder recorder;
  sx_chip_work chip;
  sx_clean_work clean;

  /* shared */
  sx_ring ring[SX_PRODUCERS];
  sx_arrivals watched;
  sx_letter letter[SX_LETTERS];
  sx_counters counters;
};

static inline uint32_t sx_voice_count(const sx_engine *engine)
{
  return engine->config.voices + SX_SPARES;
}

/* Those that may sound come first. */
static inline uint32_t sx_busy_voice_count(const sx_engine *engine)
{
  return engine->config.voices + engine->spares;
}

/* More than voices and parts can use at once, so one is always free. */
static inline uint32_t sx_program_count(const sx_engine *engine)
{
  return sx_voice_count(engine) + engine->config.parts + 1;
}

/* Only the audio thread writes counters, so no read-modify-write is needed. */
static inline void sx_count(_Atomic uint64_t *counter, uint64_t amount)
{
  atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + amount, memory_order_relaxed);
}

#endif
