/* One event, one line, one write(2): lines of different threads never mix. What does not fit is cut and counted. */
#include "shared/ops/log.h"

#include <stdio.h>
#include <unistd.h>

#include "shared/base/faults.h"
#include "shared/base/trace.h"
#include "shared/text/encode.h"

#define LINE_BYTES 4096
#define VALUE_MAX_BYTES 512

static enum log_level threshold = LOG_INFO_LEVEL;

static const char *const level_names[] = { NULL, "debug", "info", "warn", "error" };

struct line {
    char text[LINE_BYTES];
    size_t n;
};

void log_set_level(enum log_level level)
{
    threshold = level;
}

bool log_level_parse(str s, enum log_level *ret)
{
    for (int i = LOG_DEBUG_LEVEL; i <= LOG_ERROR_LEVEL; i++)
        if (str_eq(s, str_of(level_names[i]))) {
            *ret = (enum log_level)i;
            return true;
        }
    return false;
}

/* Two bytes stay free for the end of the line. */
static void line_add(struct line *l, str s)
{
    size_t room = LINE_BYTES - 2 - l->n;
    size_t n = s.n < room ? s.n : room;
    if (n)
        memcpy(l->text + l->n, s.p, n);
    l->n += n;
}

static void line_i64(struct line *l, int64_t v)
{
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%lld", (long long)v);
    line_add(l, (str){ digits, (size_t)n });
}

/* Length of the UTF-8 character at p, 0 when it is none. */
static size_t char_length(str s)
{
    for (size_t n = 1; n <= 4 && n <= s.n; n++)
        if (utf8_valid((str){ s.p, n }))
            return n;
    return 0;
}

/* Control characters, quotes, line separators and broken UTF-8 come out as \uXXXX: a value cannot end its line. */
static void line_text(struct line *l, str s)
{
    bool cut = s.n > VALUE_MAX_BYTES;
    if (cut)
        s.n = VALUE_MAX_BYTES;
    line_add(l, STR("\""));
    while (s.n && l->n < LINE_BYTES - 64) {
        size_t n = (unsigned char)*s.p < 0x80 ? 1 : char_length(s);
        bool separator = n == 3 && (memcmp(s.p, "\xe2\x80\xa8", 3) == 0 || memcmp(s.p, "\xe2\x80\xa9", 3) == 0);
        if (n == 0 || separator || (unsigned char)*s.p < 0x20 || *s.p == 0x7f || *s.p == '"' || *s.p == '\\') {
            char escape[8];
            int written = snprintf(escape, sizeof escape, "\\u%04x",
                                   n == 0      ? 0xfffdU
                                   : separator ? 0x2028U
                                               : (unsigned char)*s.p);
            line_add(l, (str){ escape, (size_t)written });
        } else {
            line_add(l, (str){ s.p, n });
        }
        n = n ? n : 1;
        s = (str){ s.p + n, s.n - n };
    }
    line_add(l, cut || s.n ? STR("...\"") : STR("\""));
}

static void line_name(struct line *l, const char *name)
{
    line_add(l, STR(",\""));
    line_add(l, str_of(name));
    line_add(l, STR("\":"));
}

static void line_trace(struct line *l, const struct trace *trace)
{
    line_name(l, "trace_id");
    line_text(l, (str){ trace->id, sizeof trace->id });
    line_name(l, "span_id");
    line_text(l, (str){ trace->span, sizeof trace->span });
    if (!trace->parent[0])
        return;
    line_name(l, "parent_span_id");
    line_text(l, (str){ trace->parent, sizeof trace->parent });
}

static void line_time(struct line *l, instant now)
{
    char digits[24];
    int64_t ms = now.us / 1000;
    int n = snprintf(digits, sizeof digits, "%lld.%03d", (long long)(ms / 1000), (int)(ms % 1000));
    line_add(l, (str){ digits, (size_t)n });
}

void log_write(const struct task *t, enum log_level level, const char *event, const struct log_field *fields, size_t n)
{
    if (level < threshold)
        return;
    struct line l;
    l.n = 0;
    line_add(&l, STR("{\"ts\":"));
    line_time(&l, wall_clock_now());
    line_add(&l, STR(",\"level\":\""));
    line_add(&l, str_of(level_names[level]));
    line_add(&l, STR("\""));
    line_name(&l, "event");
    line_text(&l, str_of(event));
    if (t && t->what) {
        line_name(&l, "what");
        line_text(&l, str_of(t->what));
    }
    if (t && str_given(t->request_id)) {
        line_name(&l, "request_id");
        line_text(&l, t->request_id);
    }
    if (t && t->trace)
        line_trace(&l, t->trace);
    for (size_t i = 0; i < n && l.n < LINE_BYTES - 128; i++) {
        if (fields[i].is_text && !str_given(fields[i].text))
            continue;
        line_name(&l, fields[i].name);
        if (fields[i].is_text)
            line_text(&l, fields[i].text);
        else
            line_i64(&l, fields[i].number);
    }
    l.text[l.n++] = '}';
    l.text[l.n++] = '\n';
    /* A full disk or a closed pipe must not stop the service. */
    if (write(STDERR_FILENO, l.text, l.n) < 0)
        return;
}

void log_failure(const struct task *t, const struct failure *f)
{
    /* What no column holds is nobody's mistake, and may be money that a job tries to book again and again. */
    bool is_ours = f->fault->status >= 500 || f->fault == &FAULT_NUMBER_TOO_LARGE;
    enum log_level level = is_ours ? LOG_ERROR_LEVEL : LOG_INFO_LEVEL;
    if (level < threshold)
        return;
    struct log_field fields[8] = {
        L_STR("code", str_of(f->fault->code)),
        L_I64("status", f->fault->status),
        L_STR("param", f->param),
        L_STR("detail", f->detail),
        L_STR("file", str_of(f->file)),
        L_I64("line", f->line),
    };
    size_t n = 6;
    if (f->cause) {
        fields[n++] = L_STR("cause", str_given(f->cause->detail) ? f->cause->detail : str_of(f->cause->fault->code));
        fields[n++] = L_STR("cause_file", str_of(f->cause->file));
    }
    log_write(t, level, "request.failed", fields, n);
}

err failure_first(const struct task *t, err first, err e)
{
    if (first && e)
        log_failure(t, e);
    return first ? first : e;
}
