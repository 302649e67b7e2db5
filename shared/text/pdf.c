/* See pdf.h. */
#include "shared/text/pdf.h"

#include <hpdf.h>
#include <hpdf_doc.h>

#include "shared/base/buf.h"

#define ENCODING "UTF-8" /* libharu's name; in the file it is UTF-16 by Identity-H */
#define LINE_WIDTH 500
#define DOCUMENT_MAX_BYTES ((size_t)8 << 20)

struct pdf {
    struct arena *arena;
    HPDF_Doc doc;
    HPDF_FontDef definition;
    HPDF_Font font;
    HPDF_Page page;
};

/* libharu keeps its first error and does nothing more after it; pdf_write asks for it. */
static void keep_error(HPDF_STATUS error, HPDF_STATUS detail, void *user)
{
    (void)error, (void)detail, (void)user;
}

static void doc_free(void *doc)
{
    HPDF_Free(doc);
}

static HPDF_REAL points(int32_t thousandths)
{
    return (HPDF_REAL)thousandths / 1000;
}

/*
 * What text is copied and searched by. libharu writes the operators of the other kind of map (cidrange for bfrange),
 * which readers complain about; characters of a line of 256 are all that a range may differ in.
 */
static bool unicode_map_write(struct pdf *p)
{
    HPDF_Dict map = HPDF_Dict_GetItem(p->font, "ToUnicode", HPDF_OCLASS_DICT);
    struct buf out;
    if (!map || !map->stream)
        return false;
    buf_init(&out, p->arena, (size_t)1 << 16);
    buf_add(&out, STR("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
                      "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
                      "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
                      "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"));
    for (unsigned high = 0; high < 256; high++) {
        if (high % 64 == 0)
            buf_add(&out, STR("64 beginbfrange\n"));
        buf_printf(&out, "<%02X00> <%02XFF> <%02X00>\n", high, high, high);
        if (high % 64 == 63)
            buf_add(&out, STR("endbfrange\n"));
    }
    buf_add(&out, STR("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"));
    HPDF_MemStream_FreeData(map->stream);
    return HPDF_Stream_Write(map->stream, (const HPDF_BYTE *)out.p, (HPDF_UINT)out.n) == HPDF_OK;
}

bool pdf_create(struct arena *a, str font_file, struct pdf **ret)
{
    struct pdf *p = arena_new(a, struct pdf);
    p->arena = a;
    p->doc = HPDF_New(keep_error, NULL);
    if (!p->doc)
        return false;
    arena_defer(a, doc_free, p->doc);
    HPDF_UseUTFEncodings(p->doc);
    HPDF_SetCurrentEncoder(p->doc, ENCODING);
    HPDF_SetCompressionMode(p->doc, HPDF_COMP_ALL);
    const char *name = HPDF_LoadTTFontFromFile(p->doc, arena_cstr(a, font_file), HPDF_TRUE);
    if (!name)
        return false;
    p->definition = HPDF_GetFontDef(p->doc, name);
    p->font = HPDF_GetFont(p->doc, name, ENCODING);
    if (!p->definition || !p->font || !unicode_map_write(p))
        return false;
    *ret = p;
    return true;
}

/* Asking for the width is also what puts a character into the part of the font that is embedded. */
int32_t pdf_advance(void *pdf, uint32_t character)
{
    const struct pdf *p = pdf;
    if (character > 0xFFFF || HPDF_TTFontDef_GetGlyphid(p->definition, (HPDF_UINT16)character) == 0)
        return -1;
    return HPDF_TTFontDef_GetCharWidth(p->definition, (HPDF_UINT16)character);
}

void pdf_page(struct pdf *p)
{
    p->page = HPDF_AddPage(p->doc);
    HPDF_Page_SetSize(p->page, HPDF_PAGE_SIZE_A4, HPDF_PAGE_PORTRAIT);
    HPDF_Page_SetLineWidth(p->page, points(LINE_WIDTH));
}

void pdf_text(struct pdf *p, int32_t x, int32_t y, int32_t size, str text)
{
    HPDF_Page_BeginText(p->page);
    HPDF_Page_SetFontAndSize(p->page, p->font, points(size));
    HPDF_Page_TextOut(p->page, points(x), points(y), arena_cstr(p->arena, text));
    HPDF_Page_EndText(p->page);
}

void pdf_line(struct pdf *p, int32_t x, int32_t y, int32_t to_x)
{
    HPDF_Page_MoveTo(p->page, points(x), points(y));
    HPDF_Page_LineTo(p->page, points(to_x), points(y));
    HPDF_Page_Stroke(p->page);
}

bool pdf_write(struct pdf *p, str title, str language, str *ret)
{
    HPDF_SetInfoAttr(p->doc, HPDF_INFO_TITLE, arena_cstr(p->arena, title));
    HPDF_Dict_Add(p->doc->catalog, "Lang", HPDF_String_New(p->doc->mmgr, arena_cstr(p->arena, language), NULL));
    HPDF_Dict preferences = HPDF_Dict_New(p->doc->mmgr);
    HPDF_Dict_AddBoolean(preferences, "DisplayDocTitle", HPDF_TRUE);
    HPDF_Dict_Add(p->doc->catalog, "ViewerPreferences", preferences);
    HPDF_SaveToStream(p->doc);
    HPDF_UINT32 n = HPDF_GetStreamSize(p->doc);
    if (HPDF_GetError(p->doc) != HPDF_OK || n == 0 || n > DOCUMENT_MAX_BYTES)
        return false;
    char *written = arena_alloc(p->arena, n);
    HPDF_UINT32 got = n;
    HPDF_ResetStream(p->doc);
    if (HPDF_ReadFromStream(p->doc, (HPDF_BYTE *)written, &got) != HPDF_OK || got != n)
        return false;
    *ret = (str){ written, n };
    return true;
}
