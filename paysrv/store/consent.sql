-- Consents that users took back at the issuer, and what rested on them.

-- name: feed_cursor :maybe
-- row: cursor text, kept_at instant
select cursor, kept_at from feed_cursor;

-- name: feed_cursor_keep :exec
-- Never back: another server may be further.
insert into feed_cursor (cursor, kept_at) values (:cursor::text, :wall)
on conflict (is_only) do update set cursor = excluded.cursor, kept_at = excluded.kept_at
 where feed_cursor.cursor::bigint < excluded.cursor::bigint;

-- name: withdrawal_note :exec
-- Told again by each answer that overlaps, and to each server.
insert into consent_withdrawal (withdrawal_id, partner_id, subject, client_id, grants, withdrawn_at, told_at)
values (:withdrawal::text, :partner::partner_id, :subject::text, :client::text, :grants::texts, :withdrawn_at::instant, :wall)
on conflict do nothing;

-- name: withdrawals_open :many
-- row: withdrawal_id text, partner_id partner_id, subject text, client_id text, grants texts, withdrawn_at instant
select withdrawal_id, partner_id, subject, client_id, grants, withdrawn_at from consent_withdrawal
 where done_at is null order by tries, told_at limit 100;

-- name: withdrawal_tried :exec
-- Outside the transaction that may fail: those that do come after the others.
update consent_withdrawal set tries = tries + 1 where withdrawal_id = :withdrawal::text;

-- name: withdrawal_take :exec
-- Whoever is second finds it taken.
update consent_withdrawal set done_at = :wall where withdrawal_id = :withdrawal::text and done_at is null;

-- name: grant_is_withdrawn :one
-- row: yes bool
select exists (select from consent_withdrawal where partner_id = :partner::partner_id and subject = :subject::text and :grant::text = any (grants));

-- name: user_consent_withdrawn :exec
update pay_user set consent_withdrawn_at = greatest(consent_withdrawn_at, :at::instant)
 where partner_id = :partner::partner_id and user_id = :user::user_id;

-- name: user_consent_given :exec
-- He has come back with a token of later.
update pay_user set consent_withdrawn_at = null
 where partner_id = :partner::partner_id and user_id = :user::user_id and consent_withdrawn_at <= :before::instant;

-- name: schedules_of_consent :many
-- Which of a user's schedules rest on what he had allowed this client: those that he asked for through it, and those that the partner asked
-- for by itself. Not those of later, as far as one clock tells: withdrawals are told in seconds.
-- row: schedule_id text, status text
select s.schedule_id, s.status from payout_schedule s
 where s.partner_id = :partner::partner_id and s.user_id = :user::user_id and s.status <> 'ended'
   and (s.client_id is null or s.client_id = :client::text or s.requested_by is distinct from :subject::text)
   and (s.clock <> '' or s.created_at < :at::instant + interval '1 second')
 order by s.schedule_id limit 1000;

-- name: payouts_of_grants :many
-- Those that wait for a code and were asked for with what one of these grants had allowed, each or with their list.
-- row: payout_id payout_id, list_id text?
select payout_id, list_id from payout
 where partner_id = :partner::partner_id and user_id = :user::user_id and (status = 'awaiting_code') is true and permit is not null
   and split_part(permit, ':', 1) = any (:grants::texts)
 order by list_id, payout_id limit 1000;
