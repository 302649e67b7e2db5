/* A store as the API and the webhooks show it. See party_object.h and docs/protocol/pay/stores.md. */
#include "paysrv/app.h"
#include "paysrv/flow/party/party_object.h"
#include "shared/text/shape.h"

#define DOCUMENT_MAX_BYTES 16384

SHAPE(store, "Store",
      "id: string, object: 'store', name: string, owner: 'user' | 'partner', "
      "user: string | null, currency: string, url: string | null, "
      "external_id: string | null, status: 'pending_confirmation' | 'draft' | 'review' | 'active' | 'suspended' | "
      "'closed', status_reason: string | null, tariff: string, split_profile?: string, split?: { platform_bp: "
      "integer, partner_bp: integer }, domains: string[], methods?: PaymentMethod[] | null, locale?: string | null, "
      "locales?: string[] | null, branding: StoreBranding, "
      "twin: string | null, moved_from?: string, moved_to?: string, confirmation?: Confirmation, created_at: time")

SHAPE(store_branding, "StoreBranding",
      "display_name: string | null, accent: string | null, support_email: string | null, support_url: string | null, "
      "statement_descriptor: string | null, logo_url: string | null")

/* Where a file of a store's branding is; absent for none. */
static str store_file_url(struct task *t, str name)
{
    const struct app *app = t->app;
    if (!str_given(name))
        return STR_NONE;
    return arena_printf(t->arena, "%.*s/store-files/%.*s", STR_ARG(app->config.public_url), STR_ARG(name));
}

void split_terms_write(struct json *j, str split_profile_id, int32_t platform_bp, int32_t partner_bp)
{
    if (str_given(split_profile_id)) {
        json_str(j, "split_profile", split_profile_id);
        return;
    }
    json_object(j, "split");
    json_i64(j, "platform_bp", platform_bp);
    json_i64(j, "partner_bp", partner_bp);
    json_close(j);
}

static void branding_write(struct task *t, struct json *j, const struct store_find_row *row)
{
    json_object(j, "branding");
    json_str_or_null(j, "display_name", row->display_name);
    json_str_or_null(j, "accent", row->accent);
    json_str_or_null(j, "support_email", row->support_email);
    json_str_or_null(j, "support_url", row->support_url);
    json_str_or_null(j, "statement_descriptor", row->statement_descriptor);
    json_str_or_null(j, "logo_url", store_file_url(t, row->logo));
    json_close(j);
}

/* null: whatever there is. */
static void some_write(struct json *j, const char *name, str_array some)
{
    if (some.n == 0) {
        json_null(j, name);
        return;
    }
    json_array(j, name);
    for (size_t i = 0; i < some.n; i++)
        json_str(j, NULL, some.items[i]);
    json_close(j);
}

void store_write(struct task *t, struct json *j, const struct store_find_row *row)
{
    json_str(j, "id", row->store_id.v);
    json_str(j, "object", STR("store"));
    json_str(j, "name", row->name);
    json_str(j, "owner", row->user_id.v.n ? STR("user") : STR("partner"));
    json_str_or_null(j, "user", row->user_id.v.n ? row->user_id.v : STR_NONE);
    json_str(j, "currency", row->currency);
    json_str_or_null(j, "url", row->url);
    json_str_or_null(j, "external_id", row->external_id);
    json_str(j, "status", row->status);
    json_str_or_null(j, "status_reason", row->status_reason);
    json_str(j, "tariff", row->tariff_id);
    split_terms_write(j, row->split_profile_id, row->platform_bp, row->partner_bp);
    json_array(j, "domains");
    for (size_t i = 0; i < row->domains.n; i++)
        json_str(j, NULL, row->domains.items[i]);
    json_close(j);
    some_write(j, "methods", row->methods);
    json_str_or_null(j, "locale", row->locale);
    some_write(j, "locales", row->locales);
    branding_write(t, j, row);
    json_str_or_null(j, "twin", str_given(row->twin_of) ? row->twin_of : row->twin);
    json_str(j, "moved_from", row->moved_from);
    json_str(j, "moved_to", row->moved_to);
    json_time(j, "created_at", row->created_at);
}

str store_document(struct task *t, const struct store_find_row *row)
{
    struct buf out;
    struct json j;
    buf_init(&out, t->arena, DOCUMENT_MAX_BYTES);
    json_begin(&j, &out);
    store_write(t, &j, row);
    json_end(&j);
    return buf_str(&out);
}
