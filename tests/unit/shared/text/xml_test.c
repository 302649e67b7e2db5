/* XML in: what is refused at the door, and what a visitor sees. */
#include "shared/text/xml.h"

#include "shared/base/buf.h"
#include "tests/support/test.h"

static const struct xml_limits limits = { 4096, 50, 20 };

static bool note_begin(void *context, const struct xml_element *e)
{
    buf_printf(context, "<%.*s", STR_ARG(e->path));
    if (str_given(xml_attribute(e, "x")))
        buf_printf(context, " x=%.*s", STR_ARG(xml_attribute(e, "x")));
    buf_add_char(context, '>');
    return true;
}

static bool note_end(void *context, const struct xml_element *e)
{
    buf_printf(context, "[%.*s]", STR_ARG(e->text));
    return true;
}

static bool taken(struct arena *arena, str document, str *ret)
{
    struct buf out;
    buf_init(&out, arena, 65536);
    const struct xml_visitor visitor = { note_begin, note_end, &out };
    bool good = xml_read(arena, document, &limits, &visitor, ret);
    if (good)
        *ret = buf_str(&out);
    return good;
}

TEST(xml_elements_come_in_order_with_paths_texts_and_attributes)
{
    str got;
    CHECK(taken(arena, STR("<a><b x='1'> t&amp;u\n</b><b/></a>"), &got));
    CHECK_STR(got, STR("<a><a/b x=1>[t&u]<a/b>[][]"));
}

TEST(xml_elements_of_other_namespaces_are_passed_over)
{
    str got;
    CHECK(taken(arena, STR("<a xmlns='u'><o:b xmlns:o='v'><c xmlns='u'>no</c></o:b><d>yes</d></a>"), &got));
    CHECK_STR(got, STR("<a><a/d>[yes][]"));
}

TEST(xml_document_types_and_entities_are_refused)
{
    str why;
    CHECK(!taken(arena, STR("<!DOCTYPE a SYSTEM 'http://127.0.0.1/x'><a/>"), &why));
    CHECK_STR(why, STR("document type declarations are not taken"));
    CHECK(!taken(arena, STR("<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>"), &why));
    CHECK(!taken(arena, STR("<a>&e;</a>"), &why));
}

TEST(xml_is_utf8_only)
{
    str why;
    CHECK(!taken(arena, STR("<?xml version='1.0' encoding='ISO-8859-1'?><a/>"), &why));
    CHECK_STR(why, STR("the encoding must be UTF-8"));
    CHECK(!taken(arena, STR("<a>\xe4</a>"), &why));
    CHECK(!taken(arena, STR("\xff\xfe<\0a\0/\0>\0"), &why));
    CHECK(!taken(arena, STR("<a>\0</a>"), &why));
}

TEST(xml_limits_hold)
{
    str why;
    struct buf deep, passed_over, many, large;
    buf_init(&deep, arena, 65536);
    buf_init(&passed_over, arena, 65536);
    buf_init(&many, arena, 65536);
    buf_init(&large, arena, 65536);
    for (int i = 0; i < 40; i++)
        buf_add(&deep, STR("<a>"));
    buf_add(&passed_over, STR("<a>"));
    for (int i = 0; i < 40; i++)
        buf_add(&passed_over, STR("<b xmlns='v'>"));
    buf_add(&many, STR("<a>"));
    for (int i = 0; i < 50; i++)
        buf_add(&many, STR("<b/>"));
    buf_add(&many, STR("</a>"));
    for (int i = 0; i < 4097; i++)
        buf_add_char(&large, ' ');
    CHECK(!taken(arena, buf_str(&deep), &why));
    CHECK_STR(why, STR("elements are nested too deeply"));
    CHECK(!taken(arena, buf_str(&passed_over), &why));
    CHECK_STR(why, STR("elements are nested too deeply"));
    CHECK(!taken(arena, buf_str(&many), &why));
    CHECK_STR(why, STR("there are too many elements"));
    CHECK(!taken(arena, buf_str(&large), &why));
    CHECK_STR(why, STR("the document is larger than 4096 bytes"));
    CHECK(!taken(arena, STR("<a>123456789012345678901</a>"), &why));
    CHECK_STR(why, STR("a text is too long"));
    CHECK(!taken(arena, STR("<a><b></a>"), &why));
    CHECK(!taken(arena, STR(""), &why));
}
