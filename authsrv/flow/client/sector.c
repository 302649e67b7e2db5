/* Whoever runs the sector lists the redirect URIs that belong to it; nobody joins a sector without being listed. */
#include "authsrv/flow/client/sector.h"

#include "authsrv/faults.h"
#include "shared/net/fetch.h"
#include "shared/text/json_in.h"

#define MEMBER STR("sector_identifier_uri")

static bool lists(const struct json_value *document, str uri)
{
    str item;
    for (size_t i = 0; i < json_size(document); i++)
        if (json_is_str(json_item(document, i), &item) && str_eq(item, uri))
            return true;
    return false;
}

err sector_check(struct task *t, const struct client_metadata *m)
{
    struct fetch_answer answer = { 0 };
    const struct json_value *document;
    if (!str_given(m->sector_identifier_uri))
        return OK;
    fetch(t, &(struct fetch_request){ .method = "GET", .url = m->sector_identifier_uri, .body = STR_NONE }, &answer);
    if (answer.outcome != FETCH_ANSWERED || answer.status != 200 || !json_parse(t->arena, answer.body, &document) ||
        json_kind(document) != JSON_ARRAY)
        return FAIL_PARAM(t, INVALID_CLIENT_METADATA, MEMBER, STR("must answer with a JSON array of redirect URIs"));
    for (size_t i = 0; i < m->redirect_uris.n; i++)
        if (!lists(document, m->redirect_uris.items[i]))
            return FAIL_PARAM(t, INVALID_CLIENT_METADATA, MEMBER,
                              arena_printf(t->arena, "does not list redirect URI number %zu", i + 1));
    return OK;
}
