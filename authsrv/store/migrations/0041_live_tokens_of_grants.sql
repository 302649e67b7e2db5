-- concurrently
-- What ended is told by the tokens that still count: of a session that ended hours ago each look-up found a hundred that do not.
drop index concurrently if exists access_token_live;
create index concurrently access_token_live on access_token (grant_id, expires_at);
drop index concurrently if exists access_token_grant;
