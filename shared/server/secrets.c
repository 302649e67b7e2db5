/* See secrets.h. */
#include "shared/server/secrets.h"

#include <string.h>

#include "shared/base/arena.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"
#include "shared/db/secret_slot.h"
#include "shared/server/server.h"
#include "shared/server/service.h"
#include "shared/text/encode.h"

#define SLOT_BYTES 8

/* ---- one slot ---- */

/* What a file's content is called: nobody finds the content by it. */
static str slot_of(struct task *t, secret file)
{
    digest d = typed_digest("secret_slot", file.hidden);
    return hex_encode(t->arena, (bytes){ d.b, SLOT_BYTES });
}

static digest wrapping_key(secret file)
{
    return typed_digest("secret_wrap", file.hidden);
}

static err slot_write(struct task *t, const char *name, secret file, secret value)
{
    digest key = wrapping_key(file);
    return secret_slot_put(t, name, slot_of(t, file), seal(t->arena, &key, bytes_of(value.hidden), str_of(name)));
}

static bool slot_open(struct task *t, const struct secret_slot *s, secret file, secret *ret)
{
    digest key = wrapping_key(file);
    bytes plain;
    if (!unseal(t->arena, &key, s->wrapped, s->name, &plain))
        return false;
    ret->hidden = (str){ (const char *)plain.p, plain.n };
    return true;
}

/* ---- all ---- */

struct kept {
    const struct server *server;
    const void *config;
    const struct secret_slot *slots;
    size_t n;
};

static err kept_read(struct task *t, struct kept *k)
{
    return secret_slot_list(t, &k->slots, &k->n);
}

static secret setting(const void *config, const struct slotted *s)
{
    return *(const secret *)((const char *)config + s->offset);
}

/* NULL: none. slot absent: any of that name. */
static const struct secret_slot *slot_find(const struct kept *k, const char *name, str slot)
{
    for (size_t i = 0; i < k->n; i++)
        if (str_eq(k->slots[i].name, str_of(name)) && (!str_given(slot) || str_eq(k->slots[i].slot, slot)))
            return &k->slots[i];
    return NULL;
}

static err provide_one(struct task *t, const struct kept *k, const struct slotted *s)
{
    const struct secret_slot *any = slot_find(k, s->name, STR_NONE);
    secret file = setting(k->config, s);
    if (any && any->wrapped.p)
        return OK;
    if (!any)
        return slot_write(t, s->name, file, (secret){ random_token(t->arena, "") });
    TRY(slot_write(t, s->name, file, file));
    return secret_slot_delete(t, s->name, any->slot);
}

static err provide_in_tx(struct task *t, void *context)
{
    struct kept *k = context;
    TRY(kept_read(t, k));
    for (size_t i = 0; i < k->server->n_slotted; i++)
        TRY(provide_one(t, k, &k->server->slotted[i]));
    return OK;
}

err secrets_provide(struct task *t, const struct server *server, const void *config)
{
    struct kept k = { .server = server, .config = config };
    return db_tx(t, provide_in_tx, &k);
}

static err open_one(struct task *t, const struct kept *k, const struct slotted *s, struct open_secret *ret)
{
    secret file = setting(k->config, s);
    *ret = (struct open_secret){ .name = s->name, .slot = slot_of(t, file) };
    const struct secret_slot *any = slot_find(k, s->name, STR_NONE), *slot = slot_find(k, s->name, ret->slot);
    if (slot && slot_open(t, slot, file, &ret->value))
        return OK;
    return FAIL_PARAM(t, INVALID_REQUEST, arena_printf(t->arena, "%s_file", s->name),
                      any && any->wrapped.p ? STR("is not the file of this database: it opens none of its slots")
                                            : STR("the database keeps no such secret: run `migrate`"));
}

err secrets_open(struct task *t, const struct server *server, const void *config, const void **opened,
                 const struct open_secret **ret)
{
    struct kept k = { .server = server, .config = config };
    struct open_secret *list = arena_array(t->arena, struct open_secret, server->n_slotted + 1);
    char *copy = memcpy(arena_alloc(t->arena, server->config_bytes), config, server->config_bytes);
    TRY(kept_read(t, &k));
    for (size_t i = 0; i < server->n_slotted; i++) {
        TRY(open_one(t, &k, &server->slotted[i], &list[i]));
        *(secret *)(copy + server->slotted[i].offset) = list[i].value;
    }
    *opened = copy;
    *ret = list;
    return OK;
}

err secrets_hold(struct task *t)
{
    const struct service *service = t->app;
    for (size_t i = 0; i < service->server->n_slotted; i++)
        TRY(secret_slot_hold(t, service->secrets[i].name, service->secrets[i].slot));
    return OK;
}

/* ---- for the operator ---- */

err secret_slot_add(struct task *t, const struct open_secret *of, secret file, str *slot)
{
    *slot = slot_of(t, file);
    return str_eq(*slot, of->slot) ? OK : slot_write(t, of->name, file, of->value);
}

struct removal {
    const struct open_secret *of;
    str slot;
};

static err remove_in_tx(struct task *t, void *context)
{
    const struct removal *r = context;
    struct kept k = { 0 };
    TRY(kept_read(t, &k));
    const struct secret_slot *slot = slot_find(&k, r->of->name, r->slot);
    if (!slot)
        return FAIL_PARAM(t, INVALID_REQUEST, STR("SLOT"), STR("there is no such slot; `secrets list` prints them"));
    if (slot->is_held)
        return FAIL_PARAM(t, INVALID_REQUEST, STR("SLOT"),
                          STR("is opened by a server that runs, or did until two minutes ago: name the new file where "
                              "that server reads it (of a unit, LoadCredential) and restart it first"));
    return secret_slot_delete(t, r->of->name, r->slot);
}

err secret_slot_remove(struct task *t, const struct open_secret *of, str slot)
{
    struct removal r = { of, slot };
    if (str_eq(slot, of->slot))
        return FAIL_PARAM(t, INVALID_REQUEST, STR("SLOT"),
                          STR("is the one that this configuration opens: name the new file there first"));
    return db_tx(t, remove_in_tx, &r);
}
