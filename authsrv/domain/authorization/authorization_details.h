/*
 * Rich authorization requests (RFC 9396): types with their rules, requests judged against them, and the sentence that
 * the consent page shows in place of JSON.
 */
#pragma once

#include "authsrv/domain/authorization/json_rules.h"
#include "authsrv/domain/client/client_metadata.h"
#include "shared/base/arena.h"
#include "shared/jose/jose.h"
#include "shared/text/json_in.h"

#define DETAILS_MAX_BYTES 16384
#define DETAILS_MAX_ITEMS 10
/* Of canonical details and scope together: as base64url two thirds of a token, whose other claims need the rest. */
#define DETAILS_TOKEN_MAX_BYTES (JWS_MAX_BYTES / 2)

struct detail_type {
    str name, audience;
    /*
     * Words for people with the members in braces: {payee}. Two names joined by a colon are an amount in minor units
     * and its currency: {amount:currency}. A list is written with commas. What the detail does not have is left out.
     */
    str sentence;
    const struct json_value *rules; /* of the object, without its member "type" */
};
/* The types that Stoa brings: payment, payout, store_management. false: no such name. */
bool detail_type_built_in(str name, str *rules, str *sentence);
/* Whether the sentence names only members that the rules have. */
bool detail_sentence_valid(struct arena *a, str sentence, const struct json_value *rules);

/*
 * The parameter authorization_details: an array of objects, each of a type that the client may use and as that type's
 * rules say. *ret: its canonical text, for which a token of this scope has room.
 */
bool details_read(struct arena *a, str parameter, str scope, const struct detail_type *types, size_t n_types,
                  const struct text_list *allowed, str *ret, struct rule_problem *problem);

/* What one access token says of what was granted. */
struct details_choice {
    str items;  /* canonical, in the order in which they were granted; absent: none */
    str places; /* where each of them stands among all that were granted, from 0, as a JSON array; absent: none */
};
enum details_verdict { DETAILS_GOOD = 1, DETAILS_NOT_GRANTED, DETAILS_TYPE_LEFT_OUT };
/*
 * Those of want (absent: all) whose type belongs to this audience; one whose type was forgotten meanwhile belongs to
 * each, as it still limits. Each that was granted is used up by the one of want that is the same, member by member. Of
 * each type something has to stay: without any, the token would allow what its scopes say.
 */
enum details_verdict details_choose(struct arena *a, str granted, str want, const struct detail_type *types,
                                    size_t n_types, str audience, struct details_choice *ret);
/* One sentence for each detail. */
void details_say(struct arena *a, str details, const struct detail_type *types, size_t n_types, str **ret, size_t *n);
