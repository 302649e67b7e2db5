/*
 * The operator's commands beyond serve, migrate and check-config: X(word, second, function, "arguments", "help"),
 * called as `int function(struct task *t, int argc, char **argv)` with a task on the database and the words after the
 * verb
 * (--config and its value taken out). second "" when the verb has one word. They print to stdout and return the exit
 * code: 0 done, 1 failed, 2 usage.
 */
#pragma once

#include "shared/base/task.h"

#define AUTHSRV_VERBS(X)                                                                                               \
    X("keys", "list", keys_list_verb, "", "list the signing keys")                                                     \
    X("keys", "rotate", keys_rotate_verb, "[--now]", "next becomes active; --now: however new it is")                  \
    X("partners", "add", partners_add_verb,                                                                            \
      "SLUG --name N --issuer URL --client-id ID [--client-secret-file F] [--email-domains \"D ...\"] [--if-missing]", \
      "connect a partner's accounts")                                                                                  \
    X("partners", "list", partners_list_verb, "", "list the partners")                                                 \
    X("partners", "remove", partners_remove_verb, "SLUG", "end log-in with this partner, and its clients' tokens")     \
    X("clients", "add", clients_add_verb,                                                                              \
      "--id ID --name N --grants G,G --auth-method M [--secret-file F] [--redirect-uri U]... [--scope \"S ...\"] "     \
      "[--post-logout-redirect-uri U]... [--partner SLUG] [--resource-server URL] [--id-token-alg ALG] "               \
      "[--metadata-file JSON] [--first-party] [--without-pkce] [--if-missing]",                                        \
      "add a client application")                                                                                      \
    X("clients", "list", clients_list_verb, "", "list the clients")                                                    \
    X("clients", "disable", clients_disable_verb, "ID", "end a client and everything it holds")                        \
    X("users", "add", users_add_verb,                                                                                  \
      "--email E --name N --password-file F [--role admin|operator|user] [--full-profile] [--if-missing]",             \
      "add a local account")                                                                                           \
    X("users", "list", users_list_verb, "", "list the accounts")                                                       \
    X("users", "disable", users_disable_verb, "ID|EMAIL", "end an account's log-ins, grants and tokens")               \
    X("resources", "add", resources_add_verb, "URL --scopes \"S ...\" [--if-missing]", "name an API and its scopes")   \
    X("resources", "list", resources_list_verb, "", "list scopes and the APIs they belong to")                         \
    X("exchange", "allow", exchange_allow_verb, "CLIENT --tokens-of CLIENT --scopes \"S ...\" [--audience URL]",       \
      "let a client exchange another's tokens (RFC 8693)")                                                             \
    X("exchange", "deny", exchange_deny_verb, "CLIENT --tokens-of CLIENT", "end that")                                 \
    X("exchange", "list", exchange_list_verb, "", "list who may exchange whose tokens")                                \
    X("issuers", "add", issuers_add_verb,                                                                              \
      "ISSUER --alg ALG --clients \"ID ...\" (--jwks-uri URL | --jwks-file F) [--if-missing]",                         \
      "trust an issuer's assertions about our users (RFC 7523)")                                                       \
    X("issuers", "map", issuers_map_verb, "ISSUER --subject S --user ID|EMAIL", "say who a subject of an issuer is")   \
    X("issuers", "list", issuers_list_verb, "", "list the trusted issuers")                                            \
    X("issuers", "remove", issuers_remove_verb, "ISSUER", "trust it no more, and forget its subjects")                 \
    X("approvals", "list", approvals_list_verb, "", "list requests that wait for their person (CIBA)")                 \
    X("approvals", "allow", approvals_allow_verb, "AUTH_REQ_ID", "decide in the person's place: for automated tests")  \
    X("approvals", "deny", approvals_deny_verb, "AUTH_REQ_ID", "likewise")                                             \
    X("tokens", "initial", tokens_initial_verb, "[--uses N] [--hours N]", "make an initial access token (RFC 7591)")   \
    X("invariants", "", invariants_verb, "", "print what is violated in the database; 1 when there is something")

#define VERB_DECLARE(word, second, run, arguments, help) int run(struct task *t, int argc, char **argv);
AUTHSRV_VERBS(VERB_DECLARE)
