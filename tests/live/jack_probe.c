/* SPDX-License-Identifier: Apache-2.0
 *
 * A JACK client for tests: one MIDI output, two audio inputs, told what to do
 * by lines on stdin, answering each with one line on stdout.
 *
 *   audio NAME          connect the inputs to the ports NAME0 and NAME1        ok | no
 *   midi PORT           connect the MIDI output to a port                      ok | no
 *   port NAME           does this port exist?                                  ok | no
 *   send HEX            one MIDI message at the start of the next cycle        ok
 *   record SECONDS      start recording, into so much fresh memory             ok
 *   write FILE          stop recording; float32, two channels interleaved      ok FRAMES XRUNS
 *   now                 where in the recording is this moment?                 ok FRAME
 *   freewheel 0|1       the whole server as fast as it can                     ok
 *   latency N NOTE LEVEL  N notes, one by one, see below                       ok LOST HUNG XRUNS FRAMES...
 *   rate                                                                       ok HZ PERIOD
 *
 * `latency` writes a note-on at a random frame of a cycle and counts the frames
 * until a sample of the first input exceeds LEVEL: both ends are on one clock
 * and nothing is estimated. Then the note-off, silence, a random wait, the next.
 * A client that misses a cycle never sees that cycle's MIDI, so either message may
 * get lost: a note unheard for a second is LOST; one that goes on for a second
 * after its note-off is HUNG and gets another.
 */
#include <errno.h>
#include <jack/jack.h>
#include <jack/midiport.h>
#include <math.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_MESSAGE = 8192, MAX_NOTES = 10000, TRIES = 500, TRY_MICROSECONDS = 10000 };
enum { QUIET_FRAMES = 480, LOST_FRAMES = 48000, WAIT_FRAMES = 1200 };

typedef enum { IDLE, WAITING, SOUNDING, FADING } phase;

static jack_client_t *client;
static jack_port_t *midi_out, *audio_in[2];
static atomic_int xruns;

/* One message on its way to the process thread; its length is the flag. */
static uint8_t message[MAX_MESSAGE];
static atomic_size_t message_length;

static float *recording;
static size_t capacity;
static atomic_size_t recorded;
static atomic_int is_recording;
static atomic_uint recording_from; /* JACK's frame of the recording's first */

static atomic_int measuring; /* notes still to do */
static int note, lost, hung, done;
static float level;
static phase state;
static uint64_t elapsed, sent, released, quiet, countdown;
static uint32_t delays[MAX_NOTES];
static uint32_t seed = 12345;

static uint32_t dice(void)
{
  seed = seed * 1664525u + 1013904223u;
  return seed >> 8;
}

static void write_note(void *buffer, jack_nframes_t frame, int on)
{
  const uint8_t bytes[3] = {(uint8_t)(on ? 0x90 : 0x80), (uint8_t)note, 100};
  jack_midi_event_write(buffer, frame, bytes, sizeof bytes);
}

static void start_fade(void *buffer)
{
  write_note(buffer, 0, 0);
  released = elapsed;
  quiet = 0;
  state = FADING;
}

/* One cycle of the measurement. */
static void measure(void *buffer, const float *in, jack_nframes_t frames)
{
  if (state == IDLE) {
    countdown = dice() % WAIT_FRAMES;
    state = WAITING;
  }
  if (state == WAITING) {
    if (countdown >= frames) {
      countdown -= frames;
    } else {
      write_note(buffer, (jack_nframes_t)countdown, 1);
      sent = elapsed + countdown;
      state = SOUNDING;
    }
  } else if (state == SOUNDING) {
    for (jack_nframes_t i = 0; i < frames; i++) {
      if (fabsf(in[i]) > level) {
        delays[done++] = (uint32_t)(elapsed + i - sent);
        start_fade(buffer);
        break;
      }
    }
    if (state == SOUNDING && elapsed - sent > LOST_FRAMES) {
      lost++;
      start_fade(buffer);
    }
  } else {
    for (jack_nframes_t i = 0; i < frames; i++)
      quiet = fabsf(in[i]) > level * 0.1f ? 0 : quiet + 1;
    if (quiet >= QUIET_FRAMES) {
      state = IDLE;
      atomic_fetch_sub(&measuring, 1);
    } else if (elapsed - released > LOST_FRAMES) {
      hung++;
      start_fade(buffer);
    }
  }
  elapsed += frames;
}

static int process(jack_nframes_t frames, void *argument)
{
  (void)argument;
  void *buffer = jack_port_get_buffer(midi_out, frames);
  const float *left = jack_port_get_buffer(audio_in[0], frames);
  const float *right = jack_port_get_buffer(audio_in[1], frames);
  jack_midi_clear_buffer(buffer);

  const size_t length = atomic_load(&message_length);
  if (length > 0) {
    jack_midi_event_write(buffer, 0, message, length);
    atomic_store(&message_length, 0);
  }
  if (atomic_load(&is_recording)) {
    const size_t at = atomic_load(&recorded);
    if (at == 0)
      atomic_store(&recording_from, jack_last_frame_time(client));
    if (at + frames <= capacity) {
      for (jack_nframes_t i = 0; i < frames; i++) {
        recording[2 * (at + i)] = left[i];
        recording[2 * (at + i) + 1] = right[i];
      }
      atomic_store(&recorded, at + frames);
    }
  }
  if (atomic_load(&measuring) > 0)
    measure(buffer, left, frames);
  return 0;
}

static int count_xrun(void *argument)
{
  (void)argument;
  atomic_fetch_add(&xruns, 1);
  return 0;
}

/* Connect, waiting for ports that are still to come. */
static int connect_ports(const char *from, const char *to)
{
  for (int try = 0; try < TRIES; try++) {
    if (jack_port_by_name(client, from) && jack_port_by_name(client, to)) {
      const int status = jack_connect(client, from, to);
      return status == 0 || status == EEXIST;
    }
    usleep(TRY_MICROSECONDS);
  }
  return 0;
}

static void answer(int good) { puts(good ? "ok" : "no"); }

static void do_audio(const char *name)
{
  int good = 1;
  for (int i = 0; i < 2; i++) {
    char from[512];
    snprintf(from, sizeof from, "%s%d", name, i);
    good = good && connect_ports(from, jack_port_name(audio_in[i]));
  }
  answer(good);
}

static void do_send(const char *hex)
{
  size_t length = 0;
  unsigned value;
  for (; length < MAX_MESSAGE && sscanf(hex + 2 * length, "%2x", &value) == 1; length++)
    message[length] = (uint8_t)value;
  atomic_store(&message_length, length);
  while (atomic_load(&message_length) > 0)
    usleep(200);
  answer(1);
}

static void do_record(double seconds)
{
  atomic_store(&is_recording, 0);
  usleep(20000); /* a cycle that has begun may still write */
  free(recording);
  capacity = (size_t)(seconds * jack_get_sample_rate(client));
  recording = calloc(capacity * 2, sizeof *recording);
  atomic_store(&recorded, 0);
  atomic_store(&xruns, 0);
  atomic_store(&is_recording, recording != NULL);
  answer(recording != NULL);
}

static void do_write(const char *path)
{
  atomic_store(&is_recording, 0);
  usleep(20000);
  const size_t frames = atomic_load(&recorded);
  FILE *file = fopen(path, "wb");
  const int good = file && fwrite(recording, 2 * sizeof *recording, frames, file) == frames;
  if (file)
    fclose(file);
  printf(good ? "ok %zu %d\n" : "no\n", frames, atomic_load(&xruns));
}

static void do_latency(int notes, int which, double threshold)
{
  note = which;
  level = (float)threshold;
  lost = hung = done = 0;
  state = IDLE;
  atomic_store(&xruns, 0);
  atomic_store(&measuring, notes < MAX_NOTES ? notes : MAX_NOTES);
  while (atomic_load(&measuring) > 0)
    usleep(TRY_MICROSECONDS);
  printf("ok %d %d %d", lost, hung, atomic_load(&xruns));
  for (int i = 0; i < done; i++)
    printf(" %u", delays[i]);
  putchar('\n');
}

static void obey(char *line)
{
  char *argument = strchr(line, ' ');
  if (argument)
    *argument++ = 0;
  else
    argument = line + strlen(line);
  if (!strcmp(line, "audio"))
    do_audio(argument);
  else if (!strcmp(line, "midi"))
    answer(connect_ports(jack_port_name(midi_out), argument));
  else if (!strcmp(line, "port"))
    answer(jack_port_by_name(client, argument) != NULL);
  else if (!strcmp(line, "send"))
    do_send(argument);
  else if (!strcmp(line, "record"))
    do_record(atof(argument));
  else if (!strcmp(line, "write"))
    do_write(argument);
  else if (!strcmp(line, "now"))
    printf("ok %u\n", jack_frame_time(client) - atomic_load(&recording_from));
  else if (!strcmp(line, "freewheel"))
    answer(jack_set_freewheel(client, atoi(argument)) == 0);
  else if (!strcmp(line, "rate"))
    printf("ok %u %u\n", jack_get_sample_rate(client), jack_get_buffer_size(client));
  else if (!strcmp(line, "latency")) {
    char *rest;
    const long notes = strtol(argument, &rest, 10);
    const long which = strtol(rest, &rest, 10);
    do_latency((int)notes, (int)which, strtod(rest, NULL));
  } else
    answer(0);
  fflush(stdout);
}

int main(int count, char **arguments)
{
  if (count != 3) {
    fprintf(stderr, "usage: jack_probe SERVER CLIENT\n");
    return 2;
  }
  jack_status_t status;
  client = jack_client_open(arguments[2], JackServerName | JackNoStartServer, &status, arguments[1]);
  if (!client) {
    fprintf(stderr, "no JACK server %s\n", arguments[1]);
    return 1;
  }
  midi_out = jack_port_register(client, "midi", JACK_DEFAULT_MIDI_TYPE, JackPortIsOutput, 0);
  audio_in[0] = jack_port_register(client, "in_0", JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput, 0);
  audio_in[1] = jack_port_register(client, "in_1", JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput, 0);
  jack_set_process_callback(client, process, NULL);
  jack_set_xrun_callback(client, count_xrun, NULL);
  if (jack_activate(client))
    return 1;
  puts("ready");
  fflush(stdout);
  static char line[3 * MAX_MESSAGE];
  while (fgets(line, sizeof line, stdin)) {
    line[strcspn(line, "\n")] = 0;
    obey(line);
  }
  jack_deactivate(client);
  jack_client_close(client);
  return 0;
}
