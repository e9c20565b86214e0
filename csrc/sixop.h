/* SPDX-License-Identifier: Apache-2.0
 *
 * sixop: the public interface of the engine, and the only header Python sees:
 * ffi_build.py hands this same text to CFFI, so it holds plain declarations,
 * integer #defines and nothing else.
 *
 * Every function names the thread that may call it:
 *
 *   [setup]     any one thread, while nobody renders this engine
 *   [audio]     the one thread that renders; never blocks, allocates or locks
 *   [producer]  the one thread that owns the producer number it passes
 *   [any]       every thread, at any time
 *
 * "Frames" are sample periods of the device rate, counted from the first one
 * rendered. "Native frames" are sample periods of the DX7's own clock,
 * 9 426 500 / 192 = 49 096.354 Hz.
 */
#ifndef SIXOP_H
#define SIXOP_H

#include <stdint.h>

#include "attributes.h"

#define SX_VOICE_BYTES 155   /* a voice in VCED order, without operator switches */
#define SX_PARTS 16          /* MIDI channels */
#define SX_KEYS 128
#define SX_KEY_WORDS 2         /* of 64 keys */
#define SX_MEMBERS 16         /* channels of notes that have bend and pressure of their own, per part */
#define SX_WIDEST_TOUCH 131072 /* of such a bend: 8 octaves, either way */
#define SX_MAX_VOICES 256    /* upper bound of sx_config.voices */
#define SX_PRODUCERS 8       /* threads that may feed one engine */
#define SX_MIN_RATE 8000     /* Hz */
#define SX_MAX_RATE 192000   /* Hz */
#define SX_NATIVE_CLOCK 9426500 /* Hz; the native rate is this over 192 */
#define SX_NATIVE_DIVIDER 192
#define SX_MAX_VOLUME 16     /* linear gain, +24 dB */
#define SX_MAX_PART_VOLUME 4 /* linear gain, +12 dB */
#define SX_ALL_OPERATORS 63  /* operator switches: bit 5 for operator 1 down to bit 0 for operator 6 */
#define SX_MAX_RECORD_FRAMES 268435456 /* 2^28 */
#define SX_UNITY 8552        /* chip units of one carrier at level 99: float 1.0 */
#define SX_BATCH_THREADS 64  /* upper bound of sx_batch_job.threads */
#define SX_HIGHEST_HERTZ 24000 /* of a tuned key */
#define SX_OWN_PITCH -1      /* in place of a key's hertz: what the DX7 plays there */
#define SX_SAME_PITCH -2     /* and: as it is tuned already */
#define SX_NOW -1            /* as a frame: at the start of the next block */
#define SX_LAST_FRAME 1099511627776 /* 2^40: 66 days at 192 kHz */

typedef enum {
  SX_OK = 0,
  SX_FULL,   /* the queue is full: let the engine render, then send again */
  SX_RANGE,  /* an argument is outside its range */
  SX_MEMORY  /* out of memory */
} sx_status;

typedef enum {
  SX_KERNEL_CHIP = 0,  /* the operator chip's integers, at its own rate, resampled */
  SX_KERNEL_CLEAN = 1  /* floating point at the device's rate: the same instrument without the chip's grain */
} sx_kernel;

typedef enum {
  SX_OUTPUT_CLEAN = 0, /* the numbers as computed */
  SX_OUTPUT_DX7 = 1    /* through the DX7's floating DAC and output filter */
} sx_output;

/* The DX7's function parameters, by their numbers in system exclusive group 2. */
typedef enum {
  SX_MONO = 64,             /* 0 poly, 1 mono */
  SX_BEND_RANGE = 65,       /* 0..12 semitones */
  SX_BEND_STEP = 66,        /* 0..12 semitones, 0 continuous */
  SX_PORTAMENTO_MODE = 67,  /* 0 retain / fingered, 1 follow / full time */
  SX_GLISSANDO = 68,        /* 0 or 1 */
  SX_PORTAMENTO_TIME = 69,  /* 0..99 */
  SX_WHEEL_RANGE = 70,      /* 0..99 */
  SX_WHEEL_ASSIGN = 71,     /* bits: 1 pitch, 2 amplitude, 4 envelope bias */
  SX_FOOT_RANGE = 72,
  SX_FOOT_ASSIGN = 73,
  SX_BREATH_RANGE = 74,
  SX_BREATH_ASSIGN = 75,
  SX_AFTERTOUCH_RANGE = 76,
  SX_AFTERTOUCH_ASSIGN = 77,
  SX_MASTER_TUNE = 78       /* 0..511, 256 is A = 440 Hz, 1/4096 octave; ours, no DX7 number */
} sx_function;

/* What a note of a member has of its own (MPE), beside what its part has. */
typedef enum {
  SX_TOUCH_WHEEL = 0,       /* 0..127 each; of the note's own and the part's, whichever is more counts */
  SX_TOUCH_FOOT = 1,
  SX_TOUCH_BREATH = 2,
  SX_TOUCH_AFTERTOUCH = 3,
  SX_TOUCH_BEND = 4         /* -SX_WIDEST_TOUCH..SX_WIDEST_TOUCH, 16384 an octave; added to the part's bend */
} sx_touch_kind;

/* Of a function parameter its highest value, and the one that parts begin with; 0 of an unknown one. [any] */
uint32_t sx_function_highest(uint32_t number) SX_REALTIME;
uint32_t sx_function_first(uint32_t number) SX_REALTIME;

typedef struct sx_engine sx_engine;
typedef struct sx_score sx_score;

typedef struct {
  uint32_t sample_rate;     /* device rate, SX_MIN_RATE..SX_MAX_RATE Hz */
  uint32_t voices;          /* polyphony, 1..SX_MAX_VOICES */
  uint32_t parts;           /* MIDI channels that are heard, 1..SX_PARTS */
  uint32_t steal;           /* 1: the quietest note gives way; 0: as the DX7, new notes are dropped */
  uint32_t kernel;          /* an sx_kernel */
  uint32_t output;          /* an sx_output */
  uint32_t clamp;           /* 1: limit the device output to -1..1 */
  uint32_t mono;            /* 1: both sides are equal, whatever pan says */
  uint32_t limiter;         /* 1: the limiter is on from the first frame on */
  float volume;             /* linear gain of the device output, 0..SX_MAX_VOLUME */
  uint32_t record_frames;   /* room of the recorder's ring, 0 for none, at most SX_MAX_RECORD_FRAMES */
} sx_config;

/* Counters since sx_new, and the state at the end of the last block. */
typedef struct {
  uint64_t frames;          /* device frames rendered */
  uint64_t native_frames;   /* frames of the kernel's own rate rendered */
  uint64_t blocks;          /* calls of the audio callback */
  uint64_t underflows;      /* blocks for which the audio server reported a miss */
  uint64_t events;          /* events taken */
  uint64_t notes_on;        /* notes started */
  uint64_t notes_stolen;    /* of those, with a stolen voice */
  uint64_t notes_dropped;   /* notes refused because no voice was free */
  uint64_t late_events;     /* timed events whose frame had passed on arrival */
  uint64_t record_lost;     /* frames the recorder had no room for */
  uint64_t rendering_ns;    /* time that the audio callback took */
  uint64_t live_events;     /* events posted for SX_NOW that the callback took */
  uint64_t waiting_ns;      /* all of their waits, from posting to the block that begins with their effect */
  uint32_t voices_sounding; /* voices that are not at rest: also those whose feedback runs on unheard */
  uint32_t keys_held;       /* voices whose key or pedal holds them */
  float peak;               /* largest magnitude since sx_reset_peak, after volume, before limiter and clamp */
  float load_peak;          /* largest share of a block's time that its callback took, since sx_reset_peak */
  float wait_peak;          /* longest of the waits since sx_reset_peak, in seconds */
  float limiter_gain;       /* lowest gain of the limiter in the last frames made, 1 where it did nothing */
  float output_delay;       /* seconds from the last callback to the DAC, as the audio server says; 0: it does not know */
} sx_stats;

/* Keys as bits: note n is bit n % 64 of word n / 64. A note of several parts is there if any of them plays it. */
typedef struct {
  uint64_t held[SX_KEY_WORDS];      /* whose key is down */
  uint64_t sustained[SX_KEY_WORDS]; /* that a pedal holds */
  uint64_t released[SX_KEY_WORDS];  /* that were let go and still sound */
} sx_keys;

/* ---- life: [setup] ------------------------------------------------------ */

sx_config sx_config_default(void);

/* The engine, or NULL with *status saying why. All parts hold the DX7's INIT VOICE. */
sx_engine *sx_new(const sx_config *config, sx_status *status);
void sx_free(sx_engine *engine);

/* A sentence for a status. [any] */
const char *sx_strerror(sx_status status);

/* ---- feeding: [producer] ------------------------------------------------
 * A timed event takes effect on its frame; SX_NOW, or a frame that has passed,
 * on the first frame of the next block. Events of one frame keep their order
 * within one producer. */

/* One whole channel message (2 or 3 bytes, status first). Channel n plays part n.
 * System messages are not for this call: SX_RANGE. Program change does nothing here. */
sx_status sx_midi(sx_engine *engine, uint32_t producer, int64_t frame, const uint8_t *message, uint32_t length);

/* New notes of the part use this voice, with these operators switched on; sounding notes keep theirs.
 * Bytes out of range are clamped. */
sx_status sx_load(sx_engine *engine, uint32_t producer, int64_t frame, uint32_t part, const uint8_t *voice,
                  uint32_t operators);

/* Operator switches of the part, until its next sx_load; from the next note on. */
sx_status sx_set_operators(sx_engine *engine, uint32_t producer, int64_t frame, uint32_t part, uint32_t operators);

/* Values above the parameter's highest are taken as the highest. */
sx_status sx_set_function(sx_engine *engine, uint32_t producer, int64_t frame, uint32_t part, uint32_t number,
                          uint32_t value);
/* What the SX_KEYS keys of these parts (bit n: part n) sound at TRANSPOSE C3, in hertz of 0 to SX_HIGHEST_HERTZ;
 * 0: the key is mute. TRANSPOSE moves that by its semitones. `sounding`, 1: sounding notes follow within two ticks;
 * 0: they keep their pitch until they end. */
sx_status sx_set_tuning(sx_engine *engine, uint32_t producer, int64_t frame, uint32_t parts, const double *hertz,
                        uint32_t sounding);
/* A note (0..127) of a part's member 1..SX_MEMBERS begins (velocity 1..127) or ends (0). It sounds like any note of the
 * part, with what the member's touch adds; a note that has ended keeps the touch it ended with. */
sx_status sx_member_note(sx_engine *engine, uint32_t producer, int64_t frame, uint32_t part, uint32_t member,
                         uint32_t note, uint32_t velocity);
/* What the member's held notes, and those to come, have of their own; all 0 at first and after a panic. */
sx_status sx_member_touch(sx_engine *engine, uint32_t producer, int64_t frame, uint32_t part, uint32_t member,
                          uint32_t kind, int32_t value);
/* Linear gain of the device output, 0..SX_MAX_VOLUME, reached smoothly. */
sx_status sx_set_volume(sx_engine *engine, uint32_t producer, int64_t frame, float volume);
/* Linear gain of a part, 0..SX_MAX_PART_VOLUME, reached smoothly; besides its controllers 7 and 11. */
sx_status sx_set_part_volume(sx_engine *engine, uint32_t producer, int64_t frame, uint32_t part, float volume);
/* Where a part stands: -1 is left, 0 the middle, 1 right; reached smoothly. Its controller 10 moves the same. */
sx_status sx_set_pan(sx_engine *engine, uint32_t producer, int64_t frame, uint32_t part, float pan);
/* 1: the limiter keeps the device output within -1..1 before any clamp, and delays it by at most 1.5 ms. It comes and
 * goes within some 25 ms, without a click. */
sx_status sx_set_limiter(sx_engine *engine, uint32_t producer, int64_t frame, uint32_t on);
/* Silence every voice at once (with a fade of 3 ms), release every key and pedal. */
sx_status sx_panic(sx_engine *engine, uint32_t producer, int64_t frame);

/* When fed events took effect, for those who write down what was played. */
typedef struct {
  uint64_t frame;           /* the device frame, or native frame, that a block began with */
  uint32_t events;          /* of all that the producer had fed, those that counted by then, modulo 2^32 */
} sx_arrival;

/* From here on, keep when this producer's events take effect; of one producer at most. [any] */
sx_status sx_watch(sx_engine *engine, uint32_t producer);
/* How many events this producer has fed, modulo 2^32. [producer] */
uint32_t sx_fed(const sx_engine *engine, uint32_t producer);
/* The next blocks, in order, in which events of the producer took effect; one reading thread. Returns how many. [any] */
uint32_t sx_arrivals_read(sx_engine *engine, sx_arrival *out, uint32_t most);

/* ---- a score: events known in advance, played to the frame -------------- */

sx_score *sx_score_new(void);                                     /* [setup] */
void sx_score_free(sx_score *score);                              /* [setup] */
sx_status sx_score_midi(sx_score *score, int64_t frame, const uint8_t *message, uint32_t length);   /* [setup] */
sx_status sx_score_load(sx_score *score, int64_t frame, uint32_t part, const uint8_t *voice,
                        uint32_t operators);                                                        /* [setup] */
sx_status sx_score_operators(sx_score *score, int64_t frame, uint32_t part, uint32_t operators);    /* [setup] */
sx_status sx_score_function(sx_score *score, int64_t frame, uint32_t part, uint32_t number,
                            uint32_t value);                                                        /* [setup] */
sx_status sx_score_tuning(sx_score *score, int64_t frame, uint32_t parts, const double *hertz,
                          uint32_t sounding);                                                       /* [setup] */
sx_status sx_score_part_volume(sx_score *score, int64_t frame, uint32_t part, float volume);      /* [setup] */
sx_status sx_score_pan(sx_score *score, int64_t frame, uint32_t part, float pan);                 /* [setup] */
sx_status sx_score_member_note(sx_score *score, int64_t frame, uint32_t part, uint32_t member, uint32_t note,
                               uint32_t velocity);                                                  /* [setup] */
sx_status sx_score_member_touch(sx_score *score, int64_t frame, uint32_t part, uint32_t member, uint32_t kind,
                                int32_t value);                                                     /* [setup] */
/* The engine plays the score from here on and owns it; frames count from the engine's first.
 * Events of one frame keep the order in which they were added, and come before live ones; those whose frame has
 * passed are applied at once. On any status but SX_OK the caller keeps the score. [setup] */
sx_status sx_play(sx_engine *engine, sx_score *score);

/* ---- sound: [audio] ----------------------------------------------------- */

/* Interleaved float frames at the device rate: 1 channel, to which pan means nothing; left and right; or more, of which
 * the first, third... are left and the others right. */
void sx_render(sx_engine *engine, float *out, uint32_t frames, uint32_t channels) SX_REALTIME;

/* The sum of all voices in chip units at the native rate, before volume, filter and resampling; of SX_KERNEL_CHIP only,
 * zeros of another.
 * Event frames then mean native frames. Use one of the two on an engine, not both. */
void sx_render_native(sx_engine *engine, int32_t *out, uint32_t frames) SX_REALTIME;

/* PortAudio's stream callback; user_data is the engine, the output format float32 interleaved with
 * the channel count given to sx_set_channels. */
int sx_portaudio_callback(const void *input, void *output, unsigned long frames, const void *time_info,
                          unsigned long flags, void *user_data) SX_REALTIME;
void sx_set_channels(sx_engine *engine, uint32_t channels); /* [setup] 2 at first */

/* ---- batches: many notes to memory --------------------------------------
 * Each row is one note of one voice on an instrument of its own: the samples of an engine with a single voice that
 * plays note-on at frame 0 and note-off at the row's hold. Rows do not depend on each other, on the order of rows or
 * on the number of threads. */

typedef struct sx_batch sx_batch;

typedef struct {
  uint32_t sample_rate;      /* SX_MIN_RATE..SX_MAX_RATE Hz */
  uint32_t kernel;           /* an sx_kernel */
  uint32_t output;           /* an sx_output */
  uint32_t threads;          /* 1..SX_BATCH_THREADS */
  uint32_t rows;
  uint32_t frames;           /* of each row, up to 2^31 - 1 */
  const uint8_t *voices;     /* SX_VOICE_BYTES each, clamped where out of range */
  uint32_t voice_step;       /* bytes from a row's voice to the next one's; 0: all rows play one voice */
  const uint8_t *operators;  /* per row: operator switches */
  const uint8_t *notes;      /* per row: 0..127 */
  const uint8_t *velocities; /* per row: 0..127; 0 is silence */
  const uint32_t *holds;     /* per row: frame of the note-off */
  float *out;                /* rows * frames */
} sx_batch_job;

/* Begins to render; everything the job points to must stay until sx_batch_free. NULL with *status saying why. [setup] */
sx_batch *sx_batch_start(const sx_batch_job *job, sx_status *status);
/* Waits for the end, at most so long. Returns 1 if nobody works any more. Where no thread could be had, the rows are
 * rendered here, some in each call. One thread. */
uint32_t sx_batch_wait(sx_batch *batch, uint32_t milliseconds);
/* Rows that are complete. [any] */
uint32_t sx_batch_done(const sx_batch *batch);
/* Stop within about a thousand frames; rows may be left incomplete. [any] */
void sx_batch_cancel(sx_batch *batch);
/* Cancels what is not done, waits for it, and frees all. [setup] */
void sx_batch_free(sx_batch *batch);

/* ---- graphs: operators wired at will ------------------------------------
 * A note of up to SX_GRAPH_OPERATORS operators, made and rendered like a row of a batch. Operator n has the parameters
 * of operator n % 6 of voice n / 6; what is common to six operators (LFO, pitch envelope, transpose, oscillator sync)
 * is voice 0's. Wired as one of the 32 algorithms, a graph makes the same samples. */

#define SX_GRAPH_OPERATORS 32
#define SX_GRAPH_AMOUNT 64   /* upper bound of an edge's magnitude */

typedef struct sx_graph sx_graph;

/* Operator `source` modulates operator `target`, both counted from 0. */
typedef struct {
  uint32_t source;
  uint32_t target;
  float amount;              /* 1: as in an algorithm. `chip` takes the nearest 1/2048 */
} sx_graph_edge;

/* The last two outputs of `source` modulate `target`, as a DX7's feedback of this level does. */
typedef struct {
  uint32_t source;
  uint32_t target;
  uint32_t level;            /* 0..7 */
} sx_graph_feedback;

typedef struct {
  uint32_t sample_rate;      /* SX_MIN_RATE..SX_MAX_RATE Hz */
  uint32_t kernel;           /* an sx_kernel */
  uint32_t frames;           /* of each row, up to 2^31 - 1 */
  uint32_t hold;             /* frame of the note-off */
  uint32_t note;             /* 0..127 */
  uint32_t velocity;         /* 0..127; 0 is silence */
  uint32_t operators;        /* 1..SX_GRAPH_OPERATORS */
  uint32_t carriers;         /* bit n: operator n is heard */
  uint32_t sounding;         /* bit n: operator n is switched on */
  uint32_t normalize_feedback; /* 1: feedback is taken before the compensation of carriers */
  uint32_t stems;            /* 1: a row for each operator, and the mix after them; 0: the mix alone */
  uint32_t edges;            /* no two of the same operators, and no cycle */
  uint32_t feedbacks;        /* no two of the same operators */
  const uint8_t *voices;     /* SX_VOICE_BYTES for every six operators, clamped where out of range */
  const sx_graph_edge *edge;
  const sx_graph_feedback *feedback;
  float *out;                /* rows of `frames`, on a grid of 2^-21; the carriers' add up to the mix exactly */
} sx_graph_job;

/* What `voices`, `edge` and `feedback` point to is read here and no more after. NULL with *status saying why. [setup] */
sx_graph *sx_graph_new(const sx_graph_job *job, sx_status *status);
/* The next frames, or as many as are left. Returns how many frames of the job are done. One thread. */
uint32_t sx_graph_render(sx_graph *graph, uint32_t frames) SX_REALTIME;
void sx_graph_free(sx_graph *graph); /* [setup] */

/* Rounds samples to the grid of graphs: to the nearest multiple of 2^-21, halves to even. */
void sx_to_grid(float *samples, uint64_t count) SX_REALTIME;

/* ---- vectors: voices as numbers to learn from: [any] --------------------
 * A vector holds what is heard of a voice, quantities as fractions of their largest value, then numbers themselves.
 * Going back, a value times its scale is rounded to the nearest number, halves to the even one. */

#define SX_VECTOR_SIZE 145   /* a voice without its name */

typedef struct {
  const uint8_t *positions;  /* of each place: the byte of a voice */
  const double *maxima;      /* its largest number */
  const double *scales;      /* what a number is divided by */
  uint32_t integers;         /* the first place that holds a number itself */
} sx_layout;

/* Of legal voices, SX_VOICE_BYTES each. */
void sx_vectors_of_voices(const sx_layout *layout, const uint8_t *voices, uint32_t rows, float *vectors);
/* Names are left as they are; what is out of range is brought to its nearer end, a NaN to 0. Returns the first value
 * (row * SX_VECTOR_SIZE + place) that rounds to no number of its parameter, or -1. */
int64_t sx_voices_of_vectors(const sx_layout *layout, const float *vectors, uint32_t rows, uint8_t *voices);
/* That value, or -1, without voices. */
int64_t sx_first_illegal(const sx_layout *layout, const float *vectors, uint32_t rows);
/* Rounds numbers and brings to its end what is beyond it by less than rounding forgives. Stops at the first value that
 * is not legal, and returns it, or -1. */
int64_t sx_settle_vectors(const sx_layout *layout, float *vectors, uint32_t rows);

/* ---- looking: [any] ----------------------------------------------------- */

void sx_get_stats(const sx_engine *engine, sx_stats *stats);
void sx_get_keys(const sx_engine *engine, sx_keys *keys);
/* The largest magnitude since the last call, as sx_stats.peak counts it: for one reader, beside whoever resets that. */
float sx_take_level(sx_engine *engine);
void sx_reset_peak(sx_engine *engine);
/* Delay of the resampler, the output filter and, while it is on, the limiter in seconds, at low frequencies. */
double sx_group_delay(const sx_engine *engine);
/* Frames the device output since the first block, interleaved stereo; one reading thread. Returns frames read. */
uint32_t sx_record_read(sx_engine *engine, float *out, uint32_t frames);

/* ---- one note, and one voice over the keys, for pictures: [any] --------- */

typedef struct {
  const uint8_t *voice;   /* SX_VOICE_BYTES, clamped where out of range */
  uint32_t operators;     /* operator switches */
  uint32_t note;          /* 0..127 */
  uint32_t velocity;      /* 0..127; 0 is no note */
  uint32_t hold;          /* native frame of the note-off */
  uint32_t step;          /* native frames from point to point, 1 or more */
  uint32_t points;
  float *levels;          /* 6 * points, OP1's first: dB, 0 is output level 99 without velocity or scaling; no tremolo */
  float *pitch;           /* points: cents that the pitch envelope adds */
  float *lfo;             /* points: -1..1 at its full depth, less while its delay fades it in; no controllers */
} sx_trace_job;

/* Writes what the envelopes and the LFO have reached before native frames 0, step, 2 * step..., of a note from power-up
 * as in a batch. */
sx_status sx_trace(const sx_trace_job *job);

/* What keyboard level scaling adds to the output levels of a voice (SX_VOICE_BYTES, clamped where out of range), in dB:
 * 6 * SX_KEYS, OP1's first, of the keys as played, before TRANSPOSE. */
void sx_trace_scaling(const uint8_t *voice, float *decibels);

/* ---- the DX7's tables, for tests and tools: [any] ----------------------- */

/* Peak phase deviation in radians of a modulator at this output level (0..99), envelope 99, sensitivity 0. */
double sx_modulation_index(uint32_t output_level);
/* For algorithm 0..31, of operator 1..6: 1 if it is a carrier. */
uint32_t sx_is_carrier(uint32_t algorithm, uint32_t op);
/* For algorithm 0..31: 1 if operator `source` modulates operator `target` (1..6). */
uint32_t sx_modulates(uint32_t algorithm, uint32_t source, uint32_t target);
/* For algorithm 0..31: the feedback path, source * 8 + target; 0 for no such algorithm. */
uint32_t sx_feedback_path(uint32_t algorithm);

#endif
