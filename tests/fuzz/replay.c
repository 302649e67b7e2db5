/* Runs a fuzz target once over every file of the named folders or files, as an ordinary test (TAP). */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"

enum { FILE_MAX = 1 << 20 };

static int count;

static void run_file(const char *path)
{
    static uint8_t data[FILE_MAX];
    FILE *f = fopen(path, "rb");
    if (!f) {
        perror(path);
        exit(1);
    }
    size_t n = fread(data, 1, sizeof data, f);
    fclose(f);
    /* A copy of exactly this size, so that reading past the end is seen. */
    uint8_t *exact = malloc(n ? n : 1);
    if (!exact)
        exit(1);
    if (n > 0)
        memcpy(exact, data, n);
    (void)LLVMFuzzerTestOneInput(exact, n);
    free(exact);
    printf("ok %d - %s\n", ++count, path);
}

static void run_folder(const char *path)
{
    DIR *dir = opendir(path);
    if (!dir) {
        run_file(path);
        return;
    }
    for (struct dirent *e = readdir(dir); e; e = readdir(dir)) {
        char name[4096];
        snprintf(name, sizeof name, "%s/%s", path, e->d_name);
        if (e->d_name[0] != '.')
            run_file(name);
    }
    closedir(dir);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        run_folder(argv[i]);
    printf("1..%d\n", count);
    return count > 0 ? 0 : 1;
}
