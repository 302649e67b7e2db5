/*
 * The operator's commands beyond serve, migrate and check-config: X(word, second, function, "arguments", "help"),
 * called as `int function(struct task *t, int argc, char **argv)` with a task on the database and the words after the
 * verb
 * (--config and its value taken out). second "" when the verb has one word. They print to stdout and return the exit
 * code: 0 done, 1 failed, 2 usage.
 */
#pragma once

#include "shared/server/audit_verb.h"
#include "shared/server/clock_verb.h"
#include "shared/server/secrets_verb.h"

#define AUTHSRV_VERBS(X)                                                                                               \
    X("keys", "list", keys_list_verb, "", "list all keys that ever were")                                              \
    X("keys", "rotate", keys_rotate_verb, "[--alg ALG] [--now]", "next becomes active; --now: however new it is")      \
    X("keys", "revoke", keys_revoke_verb, "KID", "emergency: out of the JWKS, and what it signed counts no more")      \
    X("partners", "add", partners_add_verb,                                                                            \
      "SLUG --name N --issuer URL --client-id ID [--client-secret-file F] [--email-domains \"D ...\"] "                \
      "[--settings-file JSON] [--if-missing] | SLUG --name N --no-login [--if-missing]",                               \
      "connect a partner's accounts, or add one that has none of its own")                                             \
    X("partners", "list", partners_list_verb, "", "list the partners")                                                 \
    X("partners", "change", partners_change_verb,                                                                      \
      "SLUG [--name N] [--issuer URL] [--client-id ID] [--client-secret-file F] [--email-domains \"D ...\"] "          \
      "[--settings-file JSON] [--host NAME]",                                                                          \
      "what is not said stays; settings are replaced whole; --host '': at the issuer again")                           \
    X("partners", "settings", partners_settings_verb, "SLUG", "print how people log in there")                         \
    X("partners", "branding", partners_branding_verb, "SLUG [--file JSON] [--logo PICTURE] [--logo-dark PICTURE]",     \
      "print, or say anew, how pages for a partner's applications look")                                               \
    X("partners", "invite", partners_invite_verb, "SLUG --subject S|--email E",                                        \
      "let somebody in whom a partner may not bring by itself")                                                        \
    X("partners", "wake", partners_wake_verb, "SLUG", "ask a partner again that rests after failures")                 \
    X("partners", "move-identities", partners_move_verb, "FROM TO --map JSON",                                         \
      "people of one partner become those of another: {\"old subject\": \"new subject\"}, all or none")                \
    X("partners", "remove", partners_remove_verb, "SLUG", "end log-in with this partner, and its clients' tokens")     \
    X("clients", "add", clients_add_verb,                                                                              \
      "--id ID --name N --grants G,G --auth-method M [--secret-file F] [--redirect-uri U]... [--scope \"S ...\"] "     \
      "[--post-logout-redirect-uri U]... [--partner SLUG] [--resource-server URL] [--id-token-alg ALG] "               \
      "[--metadata-file JSON] [--first-party] [--without-pkce] [--if-missing]",                                        \
      "add a client application")                                                                                      \
    X("clients", "list", clients_list_verb, "", "list the clients")                                                    \
    X("clients", "show", clients_show_verb, "ID", "print what a client registered")                                    \
    X("clients", "rotate-secret", clients_rotate_secret_verb, "ID [--expire-old-in SECONDS]",                          \
      "print a fresh secret; the old one ends then, or at once")                                                       \
    X("clients", "disable", clients_disable_verb, "ID", "end a client and everything it holds")                        \
    X("clients", "enable", clients_enable_verb, "ID", "let a client work again; what it held stays ended")             \
    X("clients", "challenge", clients_challenge_verb, "ID off|sign_in|register",                                       \
      "let people prove themselves inside this application with a mailed code; register: also new ones")               \
    X("clients", "verify", clients_verify_verb, "ID", "an operator checked it: the consent page says so no more")      \
    X("users", "add", users_add_verb,                                                                                  \
      "--email E --name N --password-file F [--role admin|operator|user] [--full-profile] [--if-missing]",             \
      "add a local account")                                                                                           \
    X("users", "list", users_list_verb, "[--query TEXT]", "list the newest accounts, or those like TEXT")              \
    X("users", "disable", users_disable_verb, "ID|EMAIL", "end an account's log-ins, grants and tokens")               \
    X("users", "enable", users_enable_verb, "ID|EMAIL", "let an account log in again")                                 \
    X("users", "expire-password", users_expire_password_verb, "ID|EMAIL [--withdraw]",                                 \
      "ask for a new password at the next log-in with it, by a mailed code")                                           \
    X("users", "remove-second-factor", users_remove_second_factor_verb, "ID|EMAIL",                                    \
      "for a person who lost authenticator app and recovery codes; ends all log-ins, and tells by mail")               \
    X("users", "role", users_role_verb, "ID|EMAIL ROLE", "user, operator (looks) or admin (acts)")                     \
    X("users", "identities", users_identities_verb, "ID|EMAIL", "list who an account is at partners")                  \
    X("users", "unlink", users_unlink_verb, "ID|EMAIL IDENTITY", "take one of them away, but not the last way in")     \
    X("sessions", "list", sessions_list_verb, "ID|EMAIL", "list the live sessions of an account")                      \
    X("sessions", "end", sessions_end_verb, "SESSION", "end a session with its grants")                                \
    X("grants", "list", grants_list_verb, "ID|EMAIL", "list what an account granted to clients")                       \
    X("grants", "revoke", grants_revoke_verb, "GRANT", "revoke a grant with all its tokens")                           \
    X("consents", "list", consents_list_verb, "ID|EMAIL", "list what an account allowed on the consent page")          \
    X("consents", "withdraw", consents_withdraw_verb, "ID|EMAIL CLIENT", "forget a consent, and end what it gave")     \
    X("logouts", "list", logouts_list_verb, "[--all]", "list the back-channel logouts that did not go through")        \
    X("logouts", "retry", logouts_retry_verb, "CLIENT", "try those of a client again")                                 \
    X("resources", "add", resources_add_verb, "URL --scopes \"S ...\" [--if-missing]", "name an API and its scopes")   \
    X("resources", "list", resources_list_verb, "", "list the APIs with their scopes")                                 \
    X("resources", "remove", resources_remove_verb, "URL", "forget an API with its scopes")                            \
    X("scopes", "add", scopes_add_verb, "SCOPE URL", "give an API a further scope")                                    \
    X("scopes", "list", scopes_list_verb, "", "list scopes and the APIs they belong to")                               \
    X("scopes", "remove", scopes_remove_verb, "SCOPE", "take a scope away from its API")                               \
    X("scopes", "open", scopes_open_verb, "SCOPE",                                                                     \
      "let clients that no operator knows ask for it: registered by themselves, or by their document")                 \
    X("scopes", "close", scopes_close_verb, "SCOPE", "end that, also for those that have it")                          \
    X("details", "add", details_add_verb, "TYPE --resource URL [--rules-file JSON --sentence S]",                      \
      "name a type of authorization_details: payment, payout, store_management, or one with its own rules")            \
    X("details", "defaults", details_defaults_verb, "URL", "add the types that Stoa brings, for this resource")        \
    X("details", "list", details_list_verb, "", "list the types of authorization_details")                             \
    X("details", "remove", details_remove_verb, "TYPE", "forget a type of authorization_details")                      \
    X("exchange", "allow", exchange_allow_verb, "CLIENT --tokens-of CLIENT --scopes \"S ...\" [--audience URL]",       \
      "let a client exchange another's tokens (RFC 8693)")                                                             \
    X("exchange", "deny", exchange_deny_verb, "CLIENT --tokens-of CLIENT", "end that")                                 \
    X("exchange", "list", exchange_list_verb, "", "list who may exchange whose tokens")                                \
    X("issuers", "add", issuers_add_verb,                                                                              \
      "ISSUER --alg ALG [--clients \"ID ...\"] [--software-statements] (--jwks-uri URL | --jwks-file F) "              \
      "[--if-missing]",                                                                                                \
      "trust an issuer's assertions about our users (RFC 7523), or its statements about software (RFC 7591)")          \
    X("issuers", "map", issuers_map_verb, "ISSUER --subject S --user ID|EMAIL", "say who a subject of an issuer is")   \
    X("issuers", "unmap", issuers_unmap_verb, "ISSUER --subject S", "end that")                                        \
    X("issuers", "list", issuers_list_verb, "", "list the trusted issuers")                                            \
    X("issuers", "remove", issuers_remove_verb, "ISSUER", "trust it no more, and forget its subjects")                 \
    X("approvals", "list", approvals_list_verb, "", "list requests that wait for their person (CIBA)")                 \
    X("approvals", "allow", approvals_allow_verb, "AUTH_REQ_ID", "decide in the person's place: for automated tests")  \
    X("approvals", "deny", approvals_deny_verb, "AUTH_REQ_ID|ID", "refuse one in the person's place")                  \
    X("tokens", "initial", tokens_initial_verb, "[--uses N] [--hours N]", "make an initial access token (RFC 7591)")   \
    X("tokens", "list", tokens_list_verb, "", "list the initial access tokens that still count")                       \
    X("tokens", "revoke", tokens_revoke_verb, "ID", "revoke an initial access token")                                  \
    X("audit", "list", audit_list_verb, "[--since WHEN] [--until WHEN] [--actor A] [--action A] [--object O]",         \
      "print the audit log, newest first; WHEN: 2026-11-25T20:00:00Z or 24h (the default)")                            \
    X("audit", "verify", audit_verify_verb, "[--anchor SEQ:HASH]",                                                     \
      "walk the chain of the audit log; 1 when it is broken")                                                          \
    X("clock", "show", clock_show_verb, "", "show the time of machine and database, and the latest that was")          \
    X("clock", "accept", clock_accept_verb, "", "the latest time was wrong: what it is now is right")                  \
    X("secrets", "list", secrets_list_verb, "", "list which files open the secrets that the database keeps")           \
    X("secrets", "add", secrets_add_verb, "NAME --file F", "let a new file open a secret, beside those that do")       \
    X("secrets", "remove", secrets_remove_verb, "NAME SLOT", "let a file open a secret no more")                       \
    X("statistics", "", statistics_verb, "", "how much there is of everything")                                        \
    X("invariants", "", invariants_verb, "", "print what is violated in the database; 1 when there is something")

#define VERB_DECLARE(word, second, run, arguments, help) int run(struct task *t, int argc, char **argv);
AUTHSRV_VERBS(VERB_DECLARE)
