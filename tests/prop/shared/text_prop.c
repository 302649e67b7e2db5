/* Properties of the encodings, of JSON, forms and URLs: what was written comes back, and nothing else does. */
#include "shared/text/encode.h"
#include "shared/text/form.h"
#include "shared/text/json_in.h"
#include "shared/text/json_out.h"
#include "shared/text/url.h"
#include "tests/prop/prop.h"

PROPERTY(encodings_round_trip)
{
    bytes b = draw_bytes(draw, arena, 200), back;
    CHECK(base64url_decode(arena, base64url_encode(arena, b), &back));
    CHECK_BYTES(back, b);
    CHECK(base64_decode(arena, base64_encode(arena, b), &back));
    CHECK_BYTES(back, b);
    CHECK(hex_decode(arena, hex_encode(arena, b), &back));
    CHECK_BYTES(back, b);
}

PROPERTY(decoders_take_one_spelling)
{
    str text = draw_word(draw, arena, "AQgwxyzZ09-_+/=", 12);
    bytes b;
    if (base64url_decode(arena, text, &b))
        CHECK_STR(base64url_encode(arena, b), text);
    if (base64_decode(arena, text, &b))
        CHECK_STR(base64_encode(arena, b), text);
    text = draw_word(draw, arena, "0123456789abcdefABCDEF", 12);
    if (hex_decode(arena, text, &b))
        CHECK_STR(hex_encode(arena, b), text);
}

PROPERTY(percent_round_trip)
{
    str text = draw_text(draw, arena, 50), back;
    CHECK(utf8_valid(text));
    CHECK(percent_decode(arena, percent_encode(arena, text), draw_bool(draw), &back));
    CHECK_STR(back, text);
}

PROPERTY(forms_round_trip)
{
    struct buf b;
    struct form f;
    str values[20], bad;
    size_t n = (size_t)draw_range(draw, 0, 20);
    buf_init(&b, arena, 100000);
    for (size_t i = 0; i < n; i++) {
        values[i] = draw_text(draw, arena, 20);
        buf_printf(&b, "n%zu=%.*s&", i, STR_ARG(percent_encode(arena, values[i])));
    }
    CHECK_I64(form_parse(arena, buf_str(&b), STR_NONE, &f, &bad), FORM_GOOD);
    CHECK_I64(f.n, n);
    for (size_t i = 0; i < n; i++)
        CHECK_STR(form_get(&f, arena_printf(arena, "n%zu", i)), values[i]);
}

static void value_write(struct draw *d, struct arena *a, struct json *j, const char *key, int depth)
{
    switch (draw_range(d, 0, depth < 5 ? 6 : 4)) {
    case 0:
        json_null(j, key);
        break;
    case 1:
        json_bool(j, key, draw_bool(d));
        break;
    case 2:
        json_i64(j, key, draw_i64(d));
        break;
    case 3:
    case 4:
        json_str(j, key, draw_text(d, a, 20));
        break;
    case 5:
        json_array(j, key);
        for (int64_t n = draw_range(d, 0, 4); n > 0; n--)
            value_write(d, a, j, NULL, depth + 1);
        json_close(j);
        break;
    default:
        json_object(j, key);
        for (int64_t n = draw_range(d, 0, 4); n > 0; n--)
            value_write(d, a, j, arena_cstr(a, arena_printf(a, "%d%.*s", (int)n, STR_ARG(draw_text(d, a, 5)))),
                        depth + 1);
        json_close(j);
        break;
    }
}

PROPERTY(json_written_is_json_read)
{
    struct buf b;
    struct json j;
    const struct json_value *v, *again;
    buf_init(&b, arena, 1 << 20);
    json_begin(&j, &b);
    value_write(draw, arena, &j, "v", 0);
    json_end(&j);
    CHECK(json_parse(arena, buf_str(&b), &v));
    str canonical = json_canonical(arena, v);
    CHECK(json_parse(arena, canonical, &again));
    CHECK_STR(json_canonical(arena, again), canonical);
}

PROPERTY(json_strings_round_trip)
{
    struct buf b;
    struct json j;
    const struct json_value *v;
    str text = draw_text(draw, arena, 60), back;
    buf_init(&b, arena, 10000);
    json_begin(&j, &b);
    json_str(&j, "t", text);
    json_end(&j);
    CHECK(json_parse(arena, buf_str(&b), &v) && json_get_str(v, "t", &back));
    CHECK_STR(back, text);
}

PROPERTY(json_strings_of_any_bytes_stay_json)
{
    struct buf b;
    struct json j;
    bytes any = draw_bytes(draw, arena, 40);
    buf_init(&b, arena, 10000);
    json_begin(&j, &b);
    json_str(&j, "t", (str){ (const char *)any.p, any.n });
    json_end(&j);
    CHECK(utf8_valid(buf_str(&b)));
}

PROPERTY(url_parts_make_the_url)
{
    struct url u, again;
    str text = draw_word(draw, arena, "htps:/.@?#[]a1%2f-", 40);
    if (draw_bool(draw))
        text = arena_printf(arena, "https://%.*s", STR_ARG(text));
    if (!url_parse(text, &u))
        return;
    CHECK_STR(u.text, text);
    CHECK(u.scheme.n > 0 && u.scheme.p == text.p);
    if (u.port && u.host.n) {
        str origin = url_origin(arena, &u);
        CHECK(url_parse(origin, &again));
        CHECK_I64(again.port, u.port);
        CHECK(str_eq_nocase(again.host, u.host));
        CHECK_STR(url_origin(arena, &again), origin);
    }
}
