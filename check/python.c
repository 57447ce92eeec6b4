/* Starting a CPython out of its shared library, for whatever it is judged by:
 * its heap (subject_python.c) or its objects (objects/python.c). */
#include "check/python.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool pp_python_read_release(const char *version,
                            struct pp_python_release *release) {
  return sscanf(version, "%d.%d.%d", &release->major, &release->minor,
                &release->patch) == 3;
}

/* Those before 3.6 have none. 3.6 and 3.7 changed their alignment from 8 to 16
 * bytes within the series. */
const struct pp_profile *pp_python_profile(struct pp_python_release release) {
  char name[16];
  if (release.major != 3) return NULL;
  if ((release.minor == 6 && release.patch <= 8) ||
      (release.minor == 7 && release.patch <= 3))
    return pp_profile_find("3.7.3");
  snprintf(name, sizeof name, "3.%d", release.minor);
  return pp_profile_find(name);
}

void pp_python_clear_environment(void) {
  char **entry = environ;
  while (entry != NULL && *entry != NULL) {
    char name[64];
    size_t length = strcspn(*entry, "=");
    if (strncmp(*entry, "PYTHON", 6) != 0 || length >= sizeof name) {
      entry++;
      continue;
    }
    memcpy(name, *entry, length);
    name[length] = '\0';
    unsetenv(name);
    entry = environ; /* the entries have moved */
  }
}

/* Where the interpreter finds its standard library, which it needs to start:
 * the first directory above its own that has one. */
static void set_home(const struct pp_library *library,
                     struct pp_python_release release) {
  char home[sizeof library->path];
  char landmark[sizeof home + 64];
  snprintf(home, sizeof home, "%s", library->path);
  char *end;
  while ((end = strrchr(home, '/')) != NULL && end != home) {
    *end = '\0';
    snprintf(landmark, sizeof landmark, "%s/lib/python%d.%d/encodings", home,
             release.major, release.minor);
    if (access(landmark, F_OK) == 0) {
      setenv("PYTHONHOME", home, 1);
      return;
    }
  }
}

bool pp_python_start(const struct pp_library *library,
                     struct pp_python_release release) {
  void (*initialize)(int signals);
  if (!pp_library_function(library, "Py_InitializeEx", &initialize))
    return false;
  int *no_site = pp_library_symbol(library, "Py_NoSiteFlag");
  if (no_site != NULL) *no_site = 1;
  set_home(library, release);
  initialize(0);
  return true;
}
