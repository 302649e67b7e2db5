/* Feeds every file of a folder to a fuzz target: the corpus as a test, without libFuzzer. Prints TAP. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX_BYTES (1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A copy of exactly that size, so that the address sanitizer sees a read past the end. */
static int feed(const char *path)
{
    static uint8_t whole[FILE_MAX_BYTES];
    FILE *f = fopen(path, "rb");
    if (!f)
        return 0;
    size_t n = fread(whole, 1, sizeof whole, f);
    fclose(f);
    uint8_t *exact = malloc(n ? n : 1);
    if (!exact)
        return 0;
    memcpy(exact, whole, n);
    LLVMFuzzerTestOneInput(exact, n);
    free(exact);
    return 1;
}

int main(int argc, char **argv)
{
    struct dirent **files;
    int count = argc == 2 ? scandir(argv[1], &files, NULL, alphasort) : -1, n = 0, failed = 0;
    if (count < 0) {
        fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return 2;
    }
    for (int i = 0; i < count; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", argv[1], files[i]->d_name);
        if (files[i]->d_name[0] != '.') {
            int is_fed = feed(path);
            failed += !is_fed;
            printf("%sok %d - %s\n", is_fed ? "" : "not ", ++n, files[i]->d_name);
        }
        free(files[i]);
    }
    free(files);
    printf("1..%d\n", n);
    return failed || n == 0;
}
