/* The terms of an authorization as JSON and back. */
#include "authsrv/domain/authorization/terms.h"

#include "authsrv/domain/authorization/authorization_details.h"
#include "shared/base/buf.h"
#include "shared/text/json_in.h"
#include "shared/text/json_out.h"

/* The claims (8 KB at most) and the details in their canonical text, the other terms, and the names around them. */
#define TERMS_MAX_BYTES (JSON_GROWTH_MAX * (8192 + DETAILS_MAX_BYTES) + 16384)
_Static_assert(TERMS_MAX_BYTES <= JSON_MAX_BYTES, "every terms can be read again");

str terms_document(struct arena *a, const struct terms *terms)
{
    struct buf out;
    struct json j;
    buf_init(&out, a, TERMS_MAX_BYTES);
    json_begin(&j, &out);
#define X(name) json_str(&j, #name, terms->name);
    TERMS(X)
#undef X
    json_end(&j);
    return buf_str(&out);
}

bool terms_read(struct arena *a, str document, struct terms *ret)
{
    const struct json_value *v;
    *ret = (struct terms){ 0 };
    if (!json_parse(a, document, &v) || json_kind(v) != JSON_OBJECT)
        return false;
#define X(name)                                                                                                        \
    if (json_get(v, #name) && !json_get_str(v, #name, &ret->name))                                                     \
        return false;
    TERMS(X)
#undef X
    return true;
}
