/* The inside of client_metadata_judge: groups of rules, each in its own file. */
#pragma once

#include "authsrv/domain/client/client_metadata.h"

/* Says what is wrong; always false. */
bool rule_broken(struct metadata_problem *p, const char *member, str explain);
/* Subjects, signatures and encryption of what the client gets. */
bool formats_judge(const struct client_metadata *m, struct metadata_problem *p);
/* Keys, certificates, algorithms of client authentication. */
bool credentials_judge(const struct client_metadata *m, struct metadata_problem *p);
