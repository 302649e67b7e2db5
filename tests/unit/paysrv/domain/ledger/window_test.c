/* Windows grow while little is found, and shrink when much is. */
#include "paysrv/domain/ledger/window.h"

#include "tests/support/test.h"

TEST(a_window_grows_while_little_is_found_and_shrinks_when_it_is_full)
{
    CHECK_I64(window_next(1000, 0, 1000), 4000);
    CHECK_I64(window_next(1000, 249, 1000), 4000);
    CHECK_I64(window_next(1000, 250, 1000), 1000);
    CHECK_I64(window_next(4000, 999, 1000), 4000);
    CHECK_I64(window_next(4000, 1000, 1000), 2000);
    CHECK_I64(window_next(1000, 1000, 1000), 1000); /* it holds no more than that in any case */
}

TEST(a_window_has_an_end)
{
    int64_t size = 1000;
    for (int i = 0; i < 20; i++)
        size = window_next(size, 0, 1000);
    CHECK(size >= WINDOW_MAX && size < 4 * WINDOW_MAX);
    CHECK_I64(window_next(size, 0, 1000), size);
}
