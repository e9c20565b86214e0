/* SPDX-License-Identifier: Apache-2.0
 *
 * Stands in for libMTS, preloaded into a client: when it asks for libMTS, it gets this. What the master says stands in
 * a file that the test writes, whose name is in SIXOP_PRETENDED_MTS.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

typedef struct {
  double hertz[128];
  double channel_hertz[16][128];
  unsigned char filtered[128];
  unsigned char channel_filtered[16][128];
  unsigned char tunes_channel[16];
  unsigned char has_master;
  char scale[31];
} says;

static says nobody;

static const says *master(void)
{
  static const says *mapped;
  if (mapped == NULL) {
    const char *name = getenv("SIXOP_PRETENDED_MTS");
    const int file = name == NULL ? -1 : open(name, O_RDONLY);
    void *memory = file < 0 ? MAP_FAILED : mmap(NULL, sizeof(says), PROT_READ, MAP_SHARED, file, 0);
    mapped = memory == MAP_FAILED ? &nobody : memory;
  }
  return mapped;
}

void *dlopen(const char *name, int flags)
{
  void *(*real)(const char *, int) = (void *(*)(const char *, int))dlsym(RTLD_NEXT, "dlopen");
  return real(name != NULL && strstr(name, "libMTS") != NULL ? getenv("LD_PRELOAD") : name, flags);
}

void MTS_RegisterClient(void) {}
void MTS_DeregisterClient(void) {}
bool MTS_HasMaster(void) { return master()->has_master; }
const double *MTS_GetTuningTable(void) { return master()->hertz; }
const double *MTS_GetMultiChannelTuningTable(char channel) { return master()->channel_hertz[channel & 15]; }
bool MTS_UseMultiChannelTuning(char channel) { return master()->tunes_channel[channel & 15]; }
bool MTS_ShouldFilterNote(char note, char channel) { return (void)channel, master()->filtered[note & 127]; }
bool MTS_ShouldFilterNoteMultiChannel(char note, char channel)
{
  return master()->channel_filtered[channel & 15][note & 127];
}
const char *MTS_GetScaleName(void) { return master()->scale; }
