/*
 * Metadata documents of clients: what is taken reads back the same from what is stored, and a client that is known by
 * its document's address leads to its own origin only.
 */
#include "authsrv/domain/client/client_document.h"

#include "tests/fuzz/fuzz.h"

#define ID STR("https://app.example/client.json")

static void stored_check(struct arena *a, const struct client_metadata *m)
{
    const struct json_value *document;
    struct client_metadata again;
    struct metadata_problem problem = { 0 };
    str text = client_metadata_document(a, m);
    MUST(json_parse(a, text, &document));
    MUST(client_metadata_read(a, document, &again, &problem));
    MUST(str_eq(client_metadata_document(a, &again), text));
    MUST(client_metadata_judge(a, &again, &problem));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = fuzz_arena();
    str text = fuzz_text(data, size);
    const struct json_value *document;
    struct client_metadata m;
    struct metadata_problem problem = { 0 };
    if (client_document_url(text))
        MUST(str_starts(text, STR("https://")) || str_starts(text, STR("http://")));
    if (!json_parse(a, text, &document) || json_kind(document) != JSON_OBJECT)
        return 0;
    if (client_metadata_read(a, document, &m, &problem) && client_metadata_judge(a, &m, &problem))
        stored_check(a, &m);
    else
        MUST(problem.explain.n > 0);
    if (client_document_read(a, ID, document, &m, &problem)) {
        MUST(m.require_pkce && !json_get(document, "client_secret"));
        for (size_t i = 0; i < m.redirect_uris.n; i++)
            MUST(!str_starts(m.redirect_uris.items[i], STR("https://")) ||
                 str_starts(m.redirect_uris.items[i], STR("https://app.example/")) ||
                 str_starts(m.redirect_uris.items[i], STR("https://app.example?")) ||
                 str_eq(m.redirect_uris.items[i], STR("https://app.example")) ||
                 str_starts(m.redirect_uris.items[i], STR("https://127.")) ||
                 str_starts(m.redirect_uris.items[i], STR("https://[::1]")));
    }
    return 0;
}
