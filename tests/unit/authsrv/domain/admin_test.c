/* The pure rules of administration: scopes, roles, partners, points in time. */
#include "authsrv/domain/admin.h"

#include "authsrv/domain/partner/partner.h"
#include "shared/text/when.h"
#include "tests/support/test.h"

TEST(reading_and_writing_take_the_scope_of_their_area)
{
    CHECK(admin_may(STR("auth.admin.read"), STR("auth.admin.users"), false));
    CHECK(!admin_may(STR("auth.admin.read"), STR("auth.admin.users"), true));
    CHECK(admin_may(STR("openid auth.admin.users"), STR("auth.admin.users"), true));
    CHECK(!admin_may(STR("auth.admin.users"), STR("auth.admin.keys"), false));
    CHECK(!admin_may(STR(""), STR("auth.admin.users"), false));
}

TEST(nobody_touches_what_may_do_more_than_he)
{
    CHECK(admin_may_touch(STR("auth.admin.users"), STR("user")));
    CHECK(!admin_may_touch(STR("auth.admin.users"), STR("operator")));
    CHECK(admin_may_touch(STR("auth.admin.users auth.admin.read"), STR("operator")));
    CHECK(!admin_may_touch(STR("auth.admin.users auth.admin.read"), STR("admin")));
    CHECK(admin_may_touch(STR(ADMIN_SCOPES), STR("admin")));
    CHECK(admin_may_give(STR("auth.admin.clients"), STR("openid pay.users auth.admin.clients")));
    CHECK(!admin_may_give(STR("auth.admin.clients"), STR("openid auth.admin.keys")));
}

TEST(roles_are_a_closed_set)
{
    CHECK(role_is_known(STR("user")) && role_is_known(STR("accountant")) && role_is_known(STR("operator")) &&
          role_is_known(STR("admin")));
    CHECK(!role_is_known(STR("")) && !role_is_known(STR("user admin")) && !role_is_known(STR("root")));
    CHECK_STR(admin_scopes_of_role(STR("user")), STR(""));
    CHECK_STR(admin_scopes_of_role(STR("accountant")), STR(""));
    CHECK(scope_goes_by_role(STR("openid pay.operator.read")) && scope_goes_by_role(STR("pay.operator")));
    CHECK(!scope_goes_by_role(STR("openid pay.balance")));
}

TEST(partners_are_judged_whole_or_in_part)
{
    struct partner_draft d = { .slug = STR("inkwell") };
    str param, explain;
    CHECK(partner_judge(&d, false, &param, &explain));
    CHECK(!partner_judge(&d, true, &param, &explain));
    CHECK_STR(param, STR("name"));
    d.name = STR("Inkwell");
    d.issuer = STR("https://id.example/");
    CHECK(!partner_judge(&d, true, &param, &explain));
    CHECK_STR(param, STR("issuer"));
    d.issuer = STR("https://id.example/x");
    d.client_id = STR("stoa");
    CHECK(partner_judge(&d, true, &param, &explain));
    d.email_domains = STR("a.example b.example");
    CHECK(partner_judge(&d, true, &param, &explain));
    d.email_domains = STR("Example");
    CHECK(!partner_judge(&d, true, &param, &explain));
    d.slug = STR("-x");
    CHECK(!partner_judge(&d, false, &param, &explain));
    CHECK_STR(param, STR("slug"));
}

TEST(addresses_of_services)
{
    CHECK(service_url_valid(STR("https://api.example")));
    CHECK(service_url_valid(STR("http://127.0.0.1:7001")));
    CHECK(!service_url_valid(STR("http://api.example")));
    CHECK(!service_url_valid(STR("https://api.example/?x=1")));
}

TEST(points_in_time)
{
    instant t, now = instant_of_seconds(1000000);
    CHECK(when_parse(STR("1970-01-01T00:00:00Z"), now, &t));
    CHECK_I64(t.us, 0);
    CHECK(when_parse(STR("2024-02-29T23:59:59Z"), now, &t));
    CHECK_I64(instant_seconds(t), 1709251199);
    CHECK(when_parse(STR("2026-12-31T00:00:00Z"), now, &t));
    CHECK_I64(instant_seconds(t), 1798675200);
    CHECK(when_parse(STR("15m"), now, &t));
    CHECK_I64(instant_seconds(t), 1000000 - 900);
    CHECK(when_parse(STR("2d"), now, &t));
    CHECK_I64(instant_seconds(t), 1000000 - 172800);
    CHECK(!when_parse(STR("2023-02-29T00:00:00Z"), now, &t));
    CHECK(!when_parse(STR("2026-13-01T00:00:00Z"), now, &t));
    CHECK(!when_parse(STR("2026-01-01 00:00:00Z"), now, &t));
    CHECK(!when_parse(STR("h"), now, &t));
    CHECK(!when_parse(STR("12"), now, &t));
    CHECK(!when_parse(STR("-1h"), now, &t));
    CHECK(!when_parse(STR(""), now, &t));
}
