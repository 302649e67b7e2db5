/*
 * A server: one table of what makes it this one, and the program around it, which all servers share. Its verbs are
 * serve, migrate, check-config and the operator's own; exit codes: 0 done, 1 failed, 2 usage or configuration.
 */
#pragma once

#include "shared/db/migrate.h"
#include "shared/http/server.h"
#include "shared/ops/config.h"
#include "shared/ops/process.h"
#include "shared/server/secrets.h"
#include "shared/server/service.h"

/* An operator's command, with a task on the database and the words after the verb (--config taken out). */
struct verb {
    const char *word, *second; /* second "": the verb has one word */
    int (*run)(struct task *t, int argc, char **argv);
    const char *arguments, *help;
};

/*
 * What a command's first argument names, by the word that stands for it there: `webhooks list PARTNER`. A name that is
 * of nothing is told before the command runs, or a list of what is nowhere would be as empty as one of what has none.
 */
struct named {
    const char *word, *what; /* "PARTNER", "partner" */
    err (*find)(struct task *t, str name, bool *ret);
};

struct server {
    const char *name;   /* "authsrv" */
    const char *title;  /* "Stoa authorization server" */
    const char *prefix; /* of environment variables: "AUTHSRV" */
    const char *schema; /* "auth": tables, and keys in Redis */

    const struct config_item *items;
    size_t n_items, config_bytes;
    bool (*config_judge)(const void *config); /* beyond the limits of items; says what is wrong. NULL: nothing more */
    struct server_settings (*settings_of)(const void *config);
    const struct slotted *slotted; /* secrets that the database keeps; app_open sees what their files open */
    size_t n_slotted;

    const struct verb *verbs;
    const struct named *named;
    const struct route *const *routes;
    const struct job *jobs;
    const struct readiness *readiness;
    size_t n_verbs, n_named, n_routes, n_jobs, n_readiness;
    const struct shape *const *shapes; /* of /openapi.json, with what is sent to webhook endpoints */
    const struct message *messages;
    size_t n_shapes, n_messages;
    const struct openapi_header *headers; /* of /openapi.json: those of operations with an access token */
    size_t n_headers;
    const struct meanings *meanings; /* of /openapi.json: what members and parameters mean */

    const struct migration *migrations;
    const struct db_statement *const *statements;
    size_t n_migrations, n_statements;
    err (*migrated)(struct task *t); /* rows without which a new schema cannot serve; NULL: none */

    /* struct app begins with its struct service, which is filled before app_open. */
    size_t app_bytes;
    void (*app_open)(void *app, const void *config, struct arena *process);
    bool (*app_start)(void *app, struct arena *process); /* what only a server that serves has; NULL: nothing */
    void (*app_close)(void *app);                        /* after the last thread; NULL: nothing */

    void (*metrics_register)(void);
    void (*page_begin)(struct task *t, const struct request *rq); /* shared/http/server.h; NULL: nothing */
    void (*error_page)(struct task *t, const struct request *rq, const struct failure *f, struct response *rs);
    const struct site *(*site_find)(struct task *t, str host);                             /* likewise */
    void (*render)(struct task *t, const struct request *rq, struct response *rs);         /* likewise */
    void (*served)(struct task *t, const struct request *rq, const struct served *served); /* likewise */
    queue_party (*whose)(struct task *t, struct request *rq); /* likewise; NULL: that of its address */
};

int server_main(const struct server *server, int argc, char **argv);

/* Parts of readiness that every server has. */
bool server_database_usable(struct task *t);
bool server_redis_usable(struct task *t);

/* Rows of the tables above, from the lists that a server keeps as X(...). */
#define VERB_ROW(word_, second_, run_, arguments_, help_) { word_, second_, run_, arguments_, help_ },
#define ROUTE_ROW(name_) &name_##_route,
#define JOB_ROW(name_, seconds, thread_, run_)                                                                         \
    { .name = name_, .every = { (int64_t)((seconds)*1e6) }, .run = run_, .thread = thread_ },

/* /openapi.json. Making it takes as long as many requests, so a server that serves makes it once. */
str server_description(const struct service *s, struct arena *a);

/* The endpoints that every server has. */
extern const struct route healthz_route;
extern const struct route readyz_route;
extern const struct route openapi_route;
