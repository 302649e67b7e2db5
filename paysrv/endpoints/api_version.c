/* /v1/api_version: in which version of the API a partner is answered, which there are, and changing it. */
#include "paysrv/faults.h"
#include "paysrv/flow/access/partner_standing.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/webhook_request.h"
#include "shared/text/shape.h"

SHAPE(api_version, "ApiVersion", "object: 'api_version', version: string, newest: string, versions: string[]")

static void version_write(struct json *j, int index)
{
    json_str(j, "object", STR("api_version"));
    json_str(j, "version", str_of(api_version_name(index)));
    json_str(j, "newest", str_of(api_version_name(API_VERSION_NEWEST)));
    json_array(j, "versions");
    for (int i = 0; i < API_VERSION_COUNT; i++)
        json_str(j, NULL, str_of(api_version_name(i)));
    json_close(j);
}

static err version_read(struct task *t, const struct request *rq, struct response *rs)
{
    struct partner_standing standing;
    TRY(partner_itself(t, rq));
    TRY(partner_standing_of(t, caller_of(rq)->partner, &standing));
    version_write(reply_json(rs, 200), standing.version);
    return OK;
}

struct version_in {
    str version;
};

static const struct param version_params[] = {
    P_STR(struct version_in, version, .need = REQUIRED, .set = TOKEN, .min = 1, .max = 20),
};

static err version_change(struct task *t, const struct request *rq, struct response *rs)
{
    const struct version_in *in = rq->in;
    int index;
    TRY(partner_itself(t, rq));
    TRY(partner_version_change(t, caller_of(rq)->partner, in->version, &index));
    version_write(reply_json(rs, 200), index);
    return OK;
}

#define VERSION_ROUTE                                                                                                  \
    .path = "/v1/api_version", .guard = &GUARD_WEBHOOKS, .run = RUN_WORKER, .errors = ERRORS_PROBLEM,                  \
    .no_store = true, .answer = "ApiVersion"

const struct route api_version_read_route = { VERSION_ROUTE, .method = GET, .body = BODY_NONE, .handle = version_read,
                                              .summary = "In which version the partner is answered, and which there "
                                                         "are" };

const struct route api_version_change_route = { VERSION_ROUTE,
                                                .method = POST,
                                                .body = BODY_JSON,
                                                INPUT(struct version_in, version_params),
                                                .repeatable = true,
                                                .handle = version_change,
                                                .summary = "Have requests that name no version, and webhooks, "
                                                           "answered in this one" };
