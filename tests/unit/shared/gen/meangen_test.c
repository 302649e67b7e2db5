/* Meanings of the API: lines to a sorted table, and what stops the build. */
#include "shared/gen/meangen.h"
#include "tests/support/test.h"

static str made(struct arena *arena, const char *text)
{
    struct gen_complaints c = { .any = false };
    struct gen_file file = { STR("m.txt"), str_of(text) };
    struct buf header, code;
    buf_init(&c.text, arena, 4096);
    buf_init(&header, arena, 4096);
    buf_init(&code, arena, 65536);
    return meanings_make(arena, "pay", &file, &c, &header, &code) ? buf_str(&code) : buf_str(&c.text);
}

TEST(meanings_become_a_table_in_the_order_of_lookup)
{
    str code = made(arena, "# names\namount = How \"much\".\n\nPayment.amount =  What is paid. \n");
    CHECK_STR(code, STR("/* Made by meangen from pay/meanings.txt. Do not edit. */\n#include \"pay/meanings.h\"\n\n"
                        "static const struct meaning rows[] = {\n"
                        "    { \"Payment.amount\", \"What is paid.\" },\n"
                        "    { \"amount\", \"How \\\"much\\\".\" },\n"
                        "};\nconst struct meanings pay_meanings = { rows, 2 };\n"));
}

TEST(mistakes_in_meanings_are_told_by_their_line)
{
    CHECK_STR(made(arena, "amount\n"),
              STR("m.txt:1: a line is written \"Object.member = sentence\", or begins with #\n"));
    CHECK_STR(made(arena, "# x\n.a = X.\n"), STR("m.txt:2: a line is written \"Object.member = sentence\", or "
                                                 "begins with #\n"));
    CHECK_STR(made(arena, "amount = How much\n"), STR("m.txt:1: a sentence ends with a full stop\n"));
    CHECK_STR(made(arena, "a = X.\nb = Y.\na = Z.\n"), STR("m.txt:3: a stands here twice\n"));
    CHECK_STR(made(arena, "a = X."), STR("m.txt:1: the last line has no end\n"));
}
