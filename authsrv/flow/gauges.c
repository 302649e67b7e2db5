/* See gauges.h. */
#include "authsrv/flow/gauges.h"

#include "authsrv/app.h"
#include "authsrv/counters.h"
#include "authsrv/store/admin.sql.h"
#include "authsrv/store/partner.sql.h"
#include "shared/jose/jose.h"

static const struct {
    enum jose_alg alg;
    enum gauge_alg gauge;
} algorithms[] = {
    { ALG_ES256, GAUGE_ES256 }, { ALG_RS256, GAUGE_RS256 }, { ALG_PS256, GAUGE_PS256 }, { ALG_EDDSA, GAUGE_EDDSA }
};

static err keys_measure(struct task *t)
{
    const struct key_ages_row *rows;
    size_t n;
    TRY(key_ages(t, &rows, &n));
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < sizeof algorithms / sizeof algorithms[0]; k++)
            if (str_eq(rows[i].alg, jose_alg_name(algorithms[k].alg)))
                gauge_key_age(algorithms[k].gauge, rows[i].age_s);
    return OK;
}

static err partners_measure(struct task *t)
{
    const struct partner_states_row *row;
    TRY(partner_states(t, app_of(t)->config.partner_breaker_failures, &row));
    if (row)
        gauge_partners(row->healthy, row->failing, row->resting);
    return OK;
}

err gauges_measure(struct task *t)
{
    const struct backlog_read_row *row;
    TRY(keys_measure(t));
    TRY(partners_measure(t));
    TRY(backlog_read(t, &row));
    gauge_audit(row->audit_unchained, row->audit_lag_s);
    gauge_flows(row->flows_open);
    return OK;
}
