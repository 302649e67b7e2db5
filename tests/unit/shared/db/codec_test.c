/* Values survive the way to PostgreSQL and back in binary, NULL included; what does not fit is a failure. */
#include "probe/probe.h"
#include "probe/store/item.sql.h"

static struct task on;

static digest digest_of(unsigned char c)
{
    digest d;
    memset(d.b, c, sizeof d.b);
    return d;
}

TEST(every_type_comes_back)
{
    struct db_config config = probe_begin(arena);
    on = probe_task(&config);
    static const char body[] = "\0\1\xff";
    const str tags[] = { STR("a"), STR(""), STR("Стоа, \"quoted\" {}") };
    const int64_t numbers[] = { 0, -1, INT64_MIN, INT64_MAX };
    const digest hashes[] = { digest_of(1), digest_of(255) }, hash = digest_of(7);
    const instant made_at = { 1795467000123456 };
    const int32_t small = -5;
    const bool live = true;
    const struct item_put_row *row;
    CHECK_OK(item_put(&on,
                      &(struct item_put_args){ .id = { 1 },
                                               .name = { STR("Ж") },
                                               .body = { (const unsigned char *)body, 3 },
                                               .hash = &hash,
                                               .made_at = &made_at,
                                               .doc = STR("{\"a\": [1, null]}"),
                                               .tags = &(str_array){ tags, 3 },
                                               .numbers = &(i64_array){ numbers, 4 },
                                               .hashes = &(digest_array){ hashes, 2 },
                                               .small = &small,
                                               .live = &live },
                      &row));
    CHECK_I64(row->id.v, 1);
    CHECK_STR(row->name.v, STR("Ж"));
    CHECK_BYTES(row->body, ((bytes){ (const unsigned char *)body, 3 }));
    CHECK(row->hash_given && row->made_at_given && row->tags_given && row->numbers_given && row->hashes_given);
    CHECK_BYTES(digest_bytes(&row->hash), digest_bytes(&hash));
    CHECK_I64(row->made_at.us, made_at.us);
    CHECK_STR(row->doc, STR("{\"a\": [1, null]}"));
    CHECK_I64(row->tags.n, 3);
    CHECK_STR(row->tags.items[1], STR(""));
    CHECK_STR(row->tags.items[2], tags[2]);
    CHECK_I64(row->numbers.n, 4);
    for (size_t i = 0; i < 4; i++)
        CHECK_I64(row->numbers.items[i], numbers[i]);
    CHECK_I64(row->hashes.n, 2);
    CHECK_BYTES(digest_bytes(&row->hashes.items[1]), digest_bytes(&hashes[1]));
    CHECK(row->small_given && row->small == -5 && row->live_given && row->live);
    probe_end(&on);
}

TEST(null_and_empty_are_two_facts)
{
    struct db_config config = probe_begin(arena);
    on = probe_task(&config);
    const struct item_put_row *row;
    CHECK_OK(item_put(&on, &(struct item_put_args){ .id = { 1 } }, &row));
    CHECK(!str_given(row->name.v) && !row->body.p && !str_given(row->doc));
    CHECK(!row->hash_given && !row->made_at_given && !row->tags_given && !row->numbers_given && !row->hashes_given);
    CHECK(!row->small_given && !row->live_given);
    const str_array none = { NULL, 0 };
    CHECK_OK(item_put(&on,
                      &(struct item_put_args){
                          .id = { 2 }, .name = { STR("") }, .body = { (const unsigned char *)"", 0 }, .tags = &none },
                      &row));
    CHECK(str_given(row->name.v) && row->name.v.n == 0);
    CHECK(row->body.p && row->body.n == 0);
    CHECK(row->tags_given && row->tags.n == 0);
    probe_end(&on);
}

TEST(absent_argument_that_may_not_be_null_is_refused)
{
    struct db_config config = probe_begin(arena);
    on = probe_task(&config);
    int64_t affected;
    CHECK_FAULT(item_add(&on, (item_id){ 1 }, (item_name){ STR_NONE }, &affected), INTERNAL);
    probe_end(&on);
}

TEST(null_in_a_column_declared_without_it_is_a_failure)
{
    struct db_config config = probe_begin(arena);
    on = probe_task(&config);
    const struct item_put_row *row;
    CHECK_OK(item_put(&on, &(struct item_put_args){ .id = { 1 } }, &row));
    const struct item_wrongly_not_null_row *rows;
    size_t n;
    CHECK_FAULT(item_wrongly_not_null(&on, &rows, &n), INTERNAL);
    probe_end(&on);
}

TEST(now_is_the_tasks_time)
{
    struct db_config config = probe_begin(arena);
    on = probe_task(&config);
    const struct now_echo_row *row;
    on.now = (instant){ 1 };
    CHECK_OK(now_echo(&on, &row));
    CHECK_I64(row->at.us, 1);
    on.now = (instant){ INT64_MAX }; /* infinity */
    CHECK_OK(now_echo(&on, &row));
    CHECK_I64(row->at.us, INT64_MAX);
    probe_end(&on);
}
