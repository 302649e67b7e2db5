/* Who did what. See sample.h. */
#include "tests/unit/web/pay_audit_sample.h"

#include "web/operator/pages.h"

#define N(a) (sizeof(a) / sizeof(a)[0])
#define TEXT(life) sample_text(f, life)
#define URL(life) sample_url(f, life)
#define OPERATOR                                                                                                       \
    .user_name = TEXT("admin@stoa.example"), .overview_url = URL("/operator"),                                         \
    .payouts_url = URL("/operator/payouts"), .logout_action = URL("/operator/logout"), .csrf = TEXT("csrf-token")

void sample_audit(struct buf *out, enum filling f)
{
    const struct operator_audit_row rows[] = {
        { .time = TEXT("27 Nov 2026, 08:15"),
          .time_iso = TEXT("2026-11-27T08:15:00Z"),
          .actor = TEXT("operator:3f0c"),
          .actor_name = TEXT("olga@stoa.test"),
          .origin = TEXT("192.0.2.7"),
          .request = TEXT("req_1"),
          .action = TEXT("payout.approved"),
          .object = TEXT("po_1"),
          .detail = TEXT("note = <seen>") },
        { .time = TEXT("27 Nov 2026, 08:14"),
          .time_iso = TEXT("2026-11-27T08:14:00Z"),
          .actor = TEXT("client:shop"),
          .origin = TEXT("192.0.2.8"),
          .request = TEXT("req_2"),
          .action = TEXT("webhook_endpoint.changed"),
          .object = TEXT("we_1"),
          .partner = TEXT("acme"),
          .detail = TEXT("secret changed") },
    };
    const struct page_operator_audit p = { OPERATOR,
                                           .actor = TEXT(""),
                                           .object = TEXT(""),
                                           .action = TEXT(""),
                                           .partner = TEXT("acme"),
                                           .entries = { rows, N(rows) },
                                           .older_url = URL("/operator/audit?before=abc") };
    page_operator_audit(out, &p);
}
