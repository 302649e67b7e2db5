/* The declarations and expressions inside {{ }}, read word by word. */
#pragma once

#include "shared/gen/lexer.h"
#include "shared/gen/template.h"

/* field, variable.field, t.key, asset "name", "text", true, false */
bool head_expr(struct templates *ts, struct lexer *l, struct expr *ret);
/* After "type": name(field type, ...) */
bool head_type(struct templates *ts, struct lexer *l);
/* After "page", "layout" or "mail". */
bool head_template(struct templates *ts, struct template *t, str word, struct lexer *l);
/* After "use": layout(name value, ...) */
bool head_use(struct templates *ts, struct template *t, struct lexer *l);
/* When all files are read: finds the records that fields name. */
bool head_link(struct templates *ts);
