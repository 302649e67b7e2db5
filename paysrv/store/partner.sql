-- Partners: the tenants. Their slug is the tenant id in every other row and in the claim `partner` of a token.

-- name: partner_insert :maybe
-- Nothing when the slug is taken.
-- row: partner_id partner_id
with made as (
    insert into partner (partner_id, name, platform_bp, partner_bp, created_at, is_sandbox, api_version, confirmations)
    values (:partner::partner_id, :name::text, :platform_bp::i32, :partner_bp::i32, :now, :sandbox::bool, :api_version::text,
            :confirmations::texts)
    on conflict (partner_id) do nothing
    returning partner_id, clock
), clocked as (
    insert into test_clock (partner_id, clock, busy_until) select partner_id, clock, :wall from made where clock <> ''
)
select partner_id from made;

-- name: partner_standing :maybe
-- row: api_version text, is_suspended bool, domains_required bool
select api_version, suspended_at is not null, domains_required from partner where partner_id = :partner::partner_id;

-- name: partner_suspend :exec
-- Without a reason it is suspended no longer. Suspended again, the first time stays.
update partner set suspended_at = case when :reason::text? is not null then coalesce(suspended_at, :wall) end, suspended_reason = :reason
 where partner_id = :partner::partner_id;

-- name: partner_policy :maybe
-- What its users have to confirm, whether they are paid out only when they have accepted the agreement in force, and what a chargeback does to
-- subscriptions of stores that have no word of their own.
-- row: confirmations texts, agreement_required bool, on_dispute text
select confirmations, agreement_required, on_dispute from partner where partner_id = :partner::partner_id;

-- name: partner_policy_set :exec
update partner set confirmations = coalesce(:confirmations::texts?, confirmations),
       agreement_required = coalesce(:agreement_required::bool?, agreement_required), on_dispute = coalesce(:on_dispute::text?, on_dispute),
       codes_sealed = coalesce(:codes_sealed::bool?, codes_sealed)
 where partner_id = :partner::partner_id;

-- name: partner_version_set :exec
update partner set api_version = :api_version::text where partner_id = :partner::partner_id;

-- name: partner_find :maybe
-- row: partner_id partner_id, name text, platform_bp i32, partner_bp i32, split_profile_id text?, created_at instant, is_sandbox bool, suspended_reason text?,
-- row: store_opening text, domains_required bool, sandbox text?, codes_sealed bool
select partner_id, name, platform_bp, partner_bp, split_profile_id, created_at, is_sandbox, suspended_reason, store_opening, domains_required,
       (select x.partner_id from partner x where x.sandbox_of = p.partner_id), codes_sealed
  from partner p
 where partner_id = :partner::partner_id;

-- name: partner_list :many
-- row: = partner_find
select partner_id, name, platform_bp, partner_bp, split_profile_id, created_at, is_sandbox, suspended_reason, store_opening, domains_required,
       (select x.partner_id from partner x where x.sandbox_of = p.partner_id), codes_sealed
  from partner p
 order by p.partner_id
 limit 1000;

-- name: partner_split :exec
-- New stores of a partner get this profile, of its own and open; absent: its basis points again. In a serializable transaction (split_default).
update partner p set split_profile_id = :split_profile_id::text?
 where p.partner_id = :partner::partner_id
   and (:split_profile_id is null
        or exists (select from split_profile f where f.partner_id = p.partner_id and f.split_profile_id = :split_profile_id
                                                 and f.archived_at is null));

-- name: partner_stores_set :exec
-- How stores of a partner are opened, and whether payments return to their domains only; absent stays.
update partner set store_opening = coalesce(:opening::text?, store_opening), domains_required = coalesce(:domains_required::bool?, domains_required)
 where partner_id = :partner::partner_id;

-- name: partner_link :exec
-- A sandbox partner is where another one makes its tests; nothing when it is of somebody else already, or that one has another sandbox.
update partner p set sandbox_of = :live::text
 where p.partner_id = :sandbox::partner_id and p.is_sandbox and coalesce(p.sandbox_of, :live) = :live
   and exists (select from partner l where l.partner_id = :live and not l.is_sandbox)
   and not exists (select from partner o where o.sandbox_of = :live and o.partner_id <> p.partner_id);
