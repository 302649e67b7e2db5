-- Operators' sessions and the log-ins on their way through the issuer. Tokens are kept as hashes.

-- name: operator_login_insert :exec
insert into operator_login (state_hash, browser_hash, nonce, verifier, target, expires_at)
values (:state_hash::digest, :browser_hash::digest, :nonce::text, :verifier::text, :target::text, :expires_at::instant);

-- name: operator_login_take :maybe
-- A state works once, in the browser that began, before it expires. at: before the issuer is asked, by the clock by which it is told when somebody lost what a session rests on.
-- row: nonce text, verifier text, target text, at instant
delete from operator_login
 where state_hash = :state_hash::digest and browser_hash = :browser_hash::digest and expires_at > :now
returning nonce, verifier, target, clock_timestamp();

-- name: operator_session_insert :exec
-- since: what operator_login_take said.
insert into operator_session (session_hash, subject, name, only_looks, created_at, expires_at)
values (:session_hash::digest, :subject::text, :name::text, :only_looks::bool, :since::instant, :expires_at::instant);

-- name: operator_session_find :maybe
-- row: subject text, name text, only_looks bool, expires_at instant
select subject, name, only_looks, expires_at
  from operator_session
 where session_hash = :session_hash::digest and expires_at > :now;

-- name: operator_session_delete :exec
delete from operator_session where session_hash = :session_hash::digest;

-- name: operator_sessions_end :exec
-- Of somebody who lost at the issuer what they rest on.
delete from operator_session where subject = :subject::text and created_at < :before::instant;

-- name: operator_prune :exec
-- What has expired.
with logins as (delete from operator_login where expires_at <= :now)
delete from operator_session where expires_at <= :now;

-- name: invariants_broken :many
-- Empty, or something is wrong.
-- row: rule text, subject text
select inv, k from v_inv order by inv, k limit :limit::i64;

-- name: invariant_rules :many
-- By the names of rules, and the views that they are in; v_inv is all of these.
-- row: view text, rule text
select distinct v.viewname::text, r.found[1]
  from pg_views v cross join lateral regexp_matches(v.definition, '''([A-Z][A-Za-z0-9]*)''::text AS inv', 'g') as r (found)
 where v.schemaname = current_schema() and v.viewname like 'v\_inv\_%'
 order by 2, 1 limit 1000;

-- name: invariants_of_rule :many
-- row: = invariants_broken
select inv, k from inv_of_rule(:view::text, :rule::text, :limit::i64) order by inv, k;

-- name: invariants_beside :many
-- Of rules that were not found by their names.
-- row: = invariants_broken
select inv, k from v_inv where inv <> all (:rules::texts) order by inv, k limit :limit::i64;

-- name: ledger_totals :many
-- Of live partners, and apart of sandboxes.
-- row: currency text, is_sandbox bool, entries i64, postings i64, sum i64
select p.currency, n.is_sandbox, count(distinct p.entry_id), count(*), sum(p.amount)::bigint
  from posting p join account a on a.account_id = p.account_id join partner n on n.partner_id = a.partner_id
 group by p.currency, n.is_sandbox order by n.is_sandbox, p.currency
 limit 200;

-- name: payments_are_many :one
-- Whether there are more than so many.
-- row: is_so bool
select exists (select from payment order by payment_id offset :most::i64 limit 1);

-- name: operator_totals :many
-- What was paid to live partners, per currency; of payments in two steps what was captured.
-- row: currency text, payments i64, volume i64, platform i64, partner i64, seller i64, refunded i64
select currency, count(*), sum(coalesce(captured, amount))::bigint, sum(platform_amount)::bigint, sum(partner_amount)::bigint,
       sum(seller_amount)::bigint, sum(refunded)::bigint
  from payment where clock = '' and (status = 'succeeded' or captured > 0)
 group by currency order by currency limit 200;

-- name: operator_payments :many
-- These, newest first.
-- row: payment_id payment_id, status text, description text, external_id text?, amount i64, refunded i64, currency text,
-- row: store_id store_id, store_name text, partner_name text, user_name text?, created_at instant, expires_at instant
select p.payment_id, p.status, p.description, p.external_id, p.amount, p.refunded,
       p.currency, p.store_id, s.name, case when n.is_sandbox then n.name || ' (sandbox)' else n.name end,
       (select u.name from pay_user u where u.partner_id = p.partner_id and u.user_id = p.user_id), p.created_at, p.expires_at
  from payment p
  cross join lateral (select x.name from store x where x.store_id = p.store_id offset 0) s
  join partner n on n.partner_id = p.partner_id
 where p.payment_id = any (:payments::texts)
 order by p.payment_id desc;

-- name: operator_payment_events :many
-- Events of a payment, its refunds and its disputes.
-- row: event_id event_id, type text, created_at instant
select e.event_id, e.type, e.created_at
  from event e
 where e.object_id = any (:objects::texts)
 order by e.event_id
 limit 200;

-- name: operator_payout_owner :maybe
-- Whose a payout is, whether his payouts are stopped, and why operators look at it first.
-- row: partner_id partner_id, partner_name text, user_name text, is_stopped bool, approval_reasons texts
select p.partner_id, case when n.is_sandbox then n.name || ' (sandbox)' else n.name end, u.name, u.payouts_frozen_at is not null,
       coalesce(p.approval_reasons, '{}')
  from payout p
  join pay_user u on u.partner_id = p.partner_id and u.user_id = p.user_id
  join partner n on n.partner_id = p.partner_id
 where p.payout_id = :payout::payout_id;
