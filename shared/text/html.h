/* What generated pages and mails write values with. The generator decides which of these stands where; no other code
 * writes HTML. */
#pragma once

#include "shared/base/buf.h"

/* In element text. Control characters but tab and line breaks are dropped, here and below. */
void html_add_text(struct buf *out, str s);
/* In a double-quoted attribute value. */
void html_add_attr(struct buf *out, str s);
/* As a whole address: "#" in the place of one that could run or lead where no page of ours leads. */
void html_add_url(struct buf *out, str s);
/* http, https, mailto, a path on this server, or an app's own scheme (RFC 8252 section 7.1). */
bool html_url_is_safe(str s);
/* In plain text: one line, control characters dropped. */
void mail_add_text(struct buf *out, str s);
