/*
 * The cookies of our pages. One binds flows to the browser (any number of tabs), another is the log-in session. Tabs
 * that are opened at the same moment are each given a binding cookie, of which the browser keeps one: so each is given
 * under a name of its own besides, for as long as flows live, and a flow goes on with the one that it began with.
 */
#pragma once

#include "authsrv/flow/session/session.h"
#include "shared/http/endpoint.h"

#define SESSION_COOKIE "__Host-stoa_auth"
#define BROWSER_COOKIE "__Host-stoa_browser"
#define BINDING_COOKIE "__Host-stoa_binding_" /* and eight letters */
#define BINDINGS_MAX 8
#define PARTNER_COOKIE "__Host-stoa_partner" /* where this browser logged in last */
#define DEVICE_COOKIE "__Host-stoa_device"   /* domain/device.h: stays when sessions go */

/* The raw binding cookie, absent when there is none. */
str browser_cookie(const struct request *rq);
/* As above; sets a new one when there is none. */
str browser_cookie_keep(struct task *t, const struct request *rq, struct response *rs);
/* The binding cookies that the browser has, the one for what it begins first; how many. */
size_t browser_cookies(const struct request *rq, str ret[BINDINGS_MAX]);
/* Of a binding cookie that the browser sent to the name it called (domain/site.h). */
digest browser_digest(const struct task *t, str cookie);
/* The digest of this browser's binding cookie; sets a new cookie when there is none. */
digest browser_bind(struct task *t, const struct request *rq, struct response *rs);

void session_cookie_set(struct response *rs, str value);
/* And what shadows it. */
void session_cookie_clear(const struct task *t, struct response *rs);
/* A session may have ended elsewhere: what a browser may know of it says what is so now. session NULL: none. */
void session_shadows_follow(struct task *t, const struct request *rq, struct response *rs,
                            const struct session *session);
void device_cookie_set(struct response *rs, str value);

/* What a form carries, so that only a page of ours in this browser can send it. */
str csrf_token(struct task *t, str browser_cookie, str purpose);
