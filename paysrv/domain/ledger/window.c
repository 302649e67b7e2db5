/* See window.h. */
#include "paysrv/domain/ledger/window.h"

int64_t window_next(int64_t size, int64_t found, int64_t most)
{
    if (found >= most)
        return size > most ? size / 2 : size;
    return found < most / 4 && size < WINDOW_MAX ? size * 4 : size;
}
