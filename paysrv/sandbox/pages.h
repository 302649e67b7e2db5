/* What the pages share: the language, the error page and the way back to the merchant. */
#pragma once

#include "shared/base/buf.h"
#include "shared/base/err.h"
#include "shared/http/endpoint.h"
#include "shared/text/language.h"
#include "web/text.h"

struct app;

/* In the language that the browser accepts, before a page is written. */
void sandbox_page_begin(struct task *t, const struct request *rq);
/* A tag of BCP 47; false: none of the languages that there are. */
bool page_speak(struct task *t, str locale);
/* All of ours. */
struct languages page_languages(void);
str page_text(const struct task *t, enum text_key key);
str page_money(struct task *t, int64_t amount_minor, str currency);
void sandbox_error_page(struct task *t, const struct request *rq, const struct failure *f, struct response *rs);
/* A 200 page that leads to return_url with name=value added: form-action would refuse a redirect out of a form post. */
void page_lead_back(struct task *t, struct response *rs, str return_url, const char *name, str value);
/* Every page may be framed by the configured origins. */
struct buf *page_start(struct task *t, struct response *rs, int status);
