/*
 * Client ID metadata documents (draft-ietf-oauth-client-id-metadata-document): the client_id is an https URL, and what
 * it serves is the client's registration. Whoever controls the URL is the client; nobody else vouches for it.
 */
#pragma once

#include "authsrv/domain/client/client_metadata.h"
#include "shared/text/json_in.h"

#define CLIENT_DOCUMENT_MAX_BYTES 16384

/* https (http on a loopback address), a path that is more than "/", no dot segments, no fragment, no user information.
 */
bool client_document_url(str id);
/*
 * The document that was found there. Beyond the rules of any registration: client_id is that URL, no shared secret, and
 * redirect URIs of the document's own origin, of a loopback address or of an application.
 */
bool client_document_read(struct arena *a, str id, const struct json_value *document, struct client_metadata *ret,
                          struct metadata_problem *problem);
