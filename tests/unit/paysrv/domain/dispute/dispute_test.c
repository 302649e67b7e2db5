/* Messages, steps, amounts and evidence of disputes (MONEY 6.A7, SECURITY J 274). */
#include "paysrv/domain/dispute/dispute.h"

#include "tests/support/test.h"

static const struct dispute_state open_chargeback = { DISPUTE_CHARGEBACK, DISPUTE_NEEDS_RESPONSE, BOOKED_HELD, 2,
                                                      1000 };

TEST(dispute_follows_the_newest_message_only)
{
    struct dispute_state known = open_chargeback, told = open_chargeback;
    CHECK_I64(dispute_judge(&known, &told), DISPUTE_OLD);
    told.sequence = 1;
    told.status = DISPUTE_LOST;
    CHECK_I64(dispute_judge(&known, &told), DISPUTE_OLD);
    told.sequence = 3;
    CHECK_I64(dispute_judge(&known, &told), DISPUTE_TAKE);
}

TEST(dispute_keeps_what_is_decided_and_what_is_booked)
{
    struct dispute_state known = open_chargeback, told = open_chargeback;
    told.sequence = 9;
    told.amount_minor = 999;
    CHECK_I64(dispute_judge(&known, &told), DISPUTE_CONFLICT);
    known.booked = BOOKED_NONE;
    CHECK_I64(dispute_judge(&known, &told), DISPUTE_TAKE);
    told.phase = DISPUTE_INQUIRY;
    CHECK_I64(dispute_judge(&known, &told), DISPUTE_CONFLICT);
    known.phase = DISPUTE_INQUIRY;
    CHECK_I64(dispute_judge(&known, &told), DISPUTE_TAKE);
    known.phase = DISPUTE_CHARGEBACK;
    known.status = DISPUTE_WON;
    told = known;
    told.sequence = 10;
    CHECK_I64(dispute_judge(&known, &told), DISPUTE_OLD);
    told.phase = DISPUTE_INQUIRY;
    CHECK_I64(dispute_judge(&known, &told), DISPUTE_CONFLICT);
    told.phase = known.phase;
    told.status = DISPUTE_LOST;
    CHECK_I64(dispute_judge(&known, &told), DISPUTE_CONFLICT);
}

TEST(dispute_is_accepted_by_itself_when_it_is_a_small_chargeback_that_waits)
{
    struct dispute_state s = open_chargeback;
    CHECK(dispute_accepts_itself(&s, 1001));
    CHECK(!dispute_accepts_itself(&s, 1000));
    s.status = DISPUTE_UNDER_REVIEW;
    CHECK(!dispute_accepts_itself(&s, 1001));
    s = (struct dispute_state){ .phase = DISPUTE_INQUIRY, .status = DISPUTE_NEEDS_RESPONSE };
    CHECK(!dispute_accepts_itself(&s, 1001));
}

TEST(dispute_phases_have_their_ends)
{
    CHECK(dispute_is_possible(DISPUTE_INQUIRY, DISPUTE_CLOSED));
    CHECK(!dispute_is_possible(DISPUTE_INQUIRY, DISPUTE_LOST));
    CHECK(!dispute_is_possible(DISPUTE_CHARGEBACK, DISPUTE_CLOSED));
    CHECK(dispute_is_possible(DISPUTE_CHARGEBACK, DISPUTE_WON));
    CHECK(dispute_is_over(DISPUTE_WON) && dispute_is_over(DISPUTE_LOST));
    CHECK(dispute_is_over(DISPUTE_CLOSED) && !dispute_is_over(DISPUTE_UNDER_REVIEW));
    enum dispute_status status;
    CHECK(dispute_status_parse(STR("under_review"), &status));
    CHECK_I64(status, DISPUTE_UNDER_REVIEW);
    CHECK(!dispute_status_parse(STR("undecided"), &status));
}

static enum dispute_step next(enum dispute_phase phase, enum dispute_status status, enum dispute_booking booked)
{
    return dispute_next_step(&(struct dispute_state){ phase, status, booked, 1, 1 });
}

TEST(dispute_is_held_before_it_is_decided_and_booked_once)
{
    CHECK_I64(next(DISPUTE_INQUIRY, DISPUTE_UNDER_REVIEW, BOOKED_NONE), DISPUTE_STEP_COUNT);
    CHECK_I64(next(DISPUTE_CHARGEBACK, DISPUTE_WON, BOOKED_NONE), DISPUTE_STEP_HOLD);
    CHECK_I64(next(DISPUTE_CHARGEBACK, DISPUTE_NEEDS_RESPONSE, BOOKED_HELD), DISPUTE_STEP_COUNT);
    CHECK_I64(next(DISPUTE_CHARGEBACK, DISPUTE_WON, BOOKED_HELD), DISPUTE_STEP_RETURN);
    CHECK_I64(next(DISPUTE_CHARGEBACK, DISPUTE_LOST, BOOKED_HELD), DISPUTE_STEP_LOSE);
    CHECK_I64(next(DISPUTE_CHARGEBACK, DISPUTE_LOST, BOOKED_LOST), DISPUTE_STEP_COUNT);
    CHECK_I64(next(DISPUTE_CHARGEBACK, DISPUTE_WON, BOOKED_RETURNED), DISPUTE_STEP_COUNT);
    CHECK_I64(dispute_booked_by(DISPUTE_STEP_LOSE), BOOKED_LOST);
}

static struct split_profile story;

static struct dispute_basis basis_of(int64_t captured, int64_t returned, int64_t claimed)
{
    story = split_of_bp(500, 2500);
    return (struct dispute_basis){ .at = { captured, returned },
                                   .claimed_minor = claimed,
                                   .fee_minor = 1500,
                                   .fee_bearer = SPLIT_SELLER,
                                   .seller = STR("usr_ada"),
                                   .split = &story };
}

TEST(dispute_takes_the_split_back_and_the_fee_from_its_bearer)
{
    static const struct {
        enum split_party bearer;
        struct shares shares;
    } cases[] = {
        { SPLIT_SELLER, { 50, 250, 2200 } },
        { SPLIT_PARTNER, { 50, 1750, 700 } },
        { SPLIT_PLATFORM, { 1550, 250, 700 } },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct dispute_basis basis = basis_of(1000, 0, 1000);
        struct dispute_booking_plan plan;
        basis.fee_bearer = cases[i].bearer;
        CHECK(dispute_plan(DISPUTE_STEP_HOLD, &basis, &plan));
        CHECK_I64(plan.shares.platform, cases[i].shares.platform);
        CHECK_I64(plan.shares.partner, cases[i].shares.partner);
        CHECK_I64(plan.shares.seller, cases[i].shares.seller);
        CHECK_I64((int64_t)plan.sellers.n, 1);
        CHECK_I64(plan.sellers.amounts[0], cases[i].shares.seller);
        CHECK_I64(posting_amount_of(&plan.posting, STR("disputed")), -1000);
        CHECK_I64(posting_amount_of(&plan.posting, STR("acquirer_receivable")), -1500);
    }
}

TEST(dispute_takes_only_what_is_left_and_nothing_of_what_went_back)
{
    struct dispute_booking_plan plan;
    struct dispute_basis basis = basis_of(1000, 400, 1000);
    CHECK(dispute_plan(DISPUTE_STEP_HOLD, &basis, &plan));
    CHECK_I64(plan.amount_minor, 600);
    basis = basis_of(1000, 1000, 1000);
    basis.fee_minor = 0;
    CHECK(dispute_plan(DISPUTE_STEP_HOLD, &basis, &plan));
    CHECK_I64(plan.amount_minor, 0);
    CHECK_I64((int64_t)plan.posting.n, 0);
}

TEST(dispute_of_more_than_is_left_waits_for_others)
{
    struct dispute_basis basis = basis_of(1000, 400, 600);
    CHECK(!dispute_claims_more(&basis));
    basis = basis_of(1000, 400, 601); /* some of it is left, and that is not enough */
    CHECK(dispute_claims_more(&basis));
    basis = basis_of(1000, 1000, 1);
    CHECK(dispute_claims_more(&basis));
}

TEST(dispute_fee_of_a_seller_without_a_share_is_his)
{
    struct split_profile other = { .rules = { { .party = SPLIT_USER, .user = STR("usr_bob"), .is_rest = true } },
                                   .n = 1 };
    struct dispute_basis basis = basis_of(1000, 0, 1000);
    struct dispute_booking_plan plan;
    basis.split = &other;
    CHECK(dispute_plan(DISPUTE_STEP_HOLD, &basis, &plan));
    CHECK_I64((int64_t)plan.sellers.n, 2);
    CHECK_I64(plan.sellers.amounts[0], 1000);
    CHECK_I64(plan.sellers.amounts[1], 1500);
    CHECK(str_eq(plan.sellers.users[1], STR("usr_ada")));
    basis.fee_minor = 0;
    CHECK(dispute_plan(DISPUTE_STEP_HOLD, &basis, &plan));
    CHECK_I64((int64_t)plan.sellers.n, 1);
}

TEST(dispute_fee_of_a_seller_for_whom_there_is_no_room_is_the_platforms)
{
    struct split_profile many = { .n = SPLIT_RULES_MAX };
    for (size_t i = 0; i < many.n; i++)
        many.rules[i] = (struct split_rule){
            .party = SPLIT_USER, .user = arena_printf(arena, "usr_%zu", i), .bp = i ? 100 : 0, .is_rest = i == 0
        };
    struct dispute_basis basis = basis_of(1000, 0, 1000);
    struct dispute_booking_plan plan;
    basis.split = &many;
    CHECK(dispute_plan(DISPUTE_STEP_HOLD, &basis, &plan));
    CHECK_I64((int64_t)plan.sellers.n, SPLIT_RULES_MAX);
    CHECK_I64(plan.shares.platform, 1500);
    CHECK_I64(plan.shares.seller, 1000);
}

TEST(dispute_of_what_cannot_be_is_not_booked)
{
    struct dispute_booking_plan plan;
    struct dispute_basis basis = basis_of(1000, 0, -1);
    CHECK(!dispute_plan(DISPUTE_STEP_HOLD, &basis, &plan)); /* less than nothing would have gone back */
    basis = basis_of(1000, 400, 1000);
    basis.taken_minor = 401;
    CHECK(!dispute_plan(DISPUTE_STEP_RETURN, &basis, &plan));
    basis = basis_of(1000, 0, 1000);
    basis.fee_minor = POSTING_MAX_MINOR + 1;
    CHECK(!dispute_plan(DISPUTE_STEP_HOLD, &basis, &plan));
}

TEST(dispute_evidence_is_what_it_says)
{
    static const struct {
        const char *type, *content;
        enum file_verdict verdict;
    } cases[] = {
        { "application/pdf", "%PDF-1.7", FILE_GOOD },
        { "application/pdf", "MZ", FILE_CONTENT_DIFFERS },
        { "image/png", "\x89PNG\r\n\x1a\n....", FILE_GOOD },
        { "image/jpeg", "\xff\xd8\xff\xe0", FILE_GOOD },
        { "image/jpeg", "%PDF-", FILE_CONTENT_DIFFERS },
        { "TEXT/plain; charset=utf-8", "It came.", FILE_GOOD },
        { "text/plain", "\xff\xfe", FILE_CONTENT_DIFFERS },
        { "text/html", "<p>", FILE_TYPE_REFUSED },
        { "", "x", FILE_TYPE_REFUSED },
        { "text/plain", "", FILE_EMPTY },
    };
    str kind;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK_I64(dispute_file_judge(str_of(cases[i].type), bytes_of(str_of(cases[i].content)), &kind),
                  cases[i].verdict);
    CHECK_I64(dispute_file_judge(STR("TEXT/Plain;x=y"), bytes_of(STR("It came.")), &kind), FILE_GOOD);
    CHECK_STR(kind, STR("text/plain"));
}

TEST(dispute_files_have_names_that_can_be_shown)
{
    static const struct {
        const char *disposition, *kind, *name;
    } cases[] = {
        { "attachment; filename=\"receipt.pdf\"", "application/pdf", "receipt.pdf" },
        { "attachment;filename=\"Quittung ä.png\"; x=y", "image/png", "Quittung ä.png" },
        { "attachment; filename=\"../../etc\"", "image/jpeg", "evidence.jpeg" },
        { "attachment; filename=\"a\tb\"", "application/pdf", "evidence.pdf" },
        { "attachment; filename=\"..\\etc\"", "image/jpeg", "evidence.jpeg" },
        { "attachment; filename=\"\"", "application/pdf", "evidence.pdf" },
        { "attachment; subject=\"a\"; filename=\"receipt.pdf\"", "application/pdf", "receipt.pdf" },
        { "attachment; filename=\"bill\u202Efdp.exe\"", "application/pdf", "evidence.pdf" }, /* reads billexe.pdf */
        { "attachment; filename=open", "text/plain", "evidence.txt" },
        { "attachment; filename=\"open", "text/plain", "evidence.txt" },
        { "", "text/plain", "evidence.txt" },
    };
    struct arena *a = arena_create(1024, 65536);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK(str_eq(dispute_file_name(a, str_of(cases[i].disposition), str_of(cases[i].kind)), str_of(cases[i].name)));
    str most = arena_printf(a, "%0*d", DISPUTE_NAME_MAX, 0);
    CHECK_STR(dispute_file_name(a, arena_printf(a, "attachment; filename=\"%.*s\"", STR_ARG(most)), STR("image/png")),
              most);
    CHECK_STR(dispute_file_name(a, arena_printf(a, "attachment; filename=\"%.*s0\"", STR_ARG(most)), STR("image/png")),
              STR("evidence.png"));
    arena_destroy(a);
}

TEST(dispute_is_accepted_only_when_money_was_taken_and_nothing_was_answered)
{
    str chargeback = dispute_phase_name(DISPUTE_CHARGEBACK), waits = dispute_status_name(DISPUTE_NEEDS_RESPONSE);
    CHECK(dispute_can_be_accepted(chargeback, waits, STR_NONE));
    CHECK(!dispute_can_be_accepted(dispute_phase_name(DISPUTE_INQUIRY), waits, STR_NONE));
    CHECK(!dispute_can_be_accepted(chargeback, dispute_status_name(DISPUTE_WON), STR_NONE));
    CHECK(!dispute_can_be_accepted(chargeback, waits, STR("accept")));
}
