/* The callbacks of libmicrohttpd. Private to shared/http. */
#pragma once

#include <microhttpd.h>

void connection_notify(void *listener, struct MHD_Connection *mhd, void **context,
                       enum MHD_ConnectionNotificationCode code);
/* Whether one more of this address may stand. */
enum MHD_Result connection_admit(void *server, const struct sockaddr *peer, socklen_t n);
void *connection_target(void *server, const char *target, struct MHD_Connection *mhd);
enum MHD_Result connection_request(void *server, struct MHD_Connection *mhd, const char *url, const char *method,
                                   const char *version, const char *upload, size_t *upload_n, void **context);
void connection_completed(void *server, struct MHD_Connection *mhd, void **context,
                          enum MHD_RequestTerminationCode code);
