-- Who did what (docs/decisions/0060-audit-by-triggers.md): written by triggers in the transaction of what is done, so that neither is
-- there without the other, whichever way it was done. Who it is says the connection (shared/db/conn.c).

create table audit (
    id         bigint generated always as identity primary key,
    at         timestamptz not null,             -- by the wall clock
    actor      text not null,                    -- operator:, client:, user:, cli:, link:, database: with who; or machine
    actor_name text not null,
    origin     text not null,                    -- an address; of commands the host
    request    text not null,
    action     text not null,
    object     text not null,
    partner_id text,
    detail     text not null                     -- what is new or differs
);

create table audit_chain (
    seq      bigint primary key,
    audit_id bigint not null unique references audit,
    prev     bytea not null check (octet_length(prev) = 32),
    hash     bytea not null check (octet_length(hash) = 32)
);

create trigger audit_append_only before update or delete or truncate on audit execute function ledger_is_append_only();
create trigger audit_chain_append_only before update or delete or truncate on audit_chain execute function ledger_is_append_only();

create function audit_digest(prev bytea, a audit) returns bytea language sql immutable as $$
    select sha256(prev || convert_to(jsonb_build_array(a.id, to_char(a.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), a.actor,
                                                       a.actor_name, a.origin, a.request, a.action, a.object, a.partner_id,
                                                       a.detail)::text, 'UTF8'))
$$;

-- Somebody is named, or it is done past the servers.
create function audit_is_person() returns boolean language sql stable as $$
    select coalesce(current_setting('stoa.actor', true), '') <> '' or current_setting('application_name') <> 'stoa'
$$;

create function audit_add(action text, object text, partner_id text, detail text) returns void language sql set search_path from current as $$
    insert into audit (at, actor, actor_name, origin, request, action, object, partner_id, detail)
    select clock_timestamp(),
           coalesce(nullif(current_setting('stoa.actor', true), ''),
                    case when current_setting('application_name') = 'stoa' then 'machine' else 'database:' || session_user end),
           coalesce(current_setting('stoa.actor_name', true), ''),
           coalesce(nullif(current_setting('stoa.origin', true), ''), host(inet_client_addr()), 'local'),
           coalesce(current_setting('stoa.request', true), ''), action, coalesce(object, ''), partner_id, left(detail, 1000)
$$;

-- What differs between two rows. A column in hidden is named without its value; keys, hashes and what is sealed are never shown.
create function audit_difference(before jsonb, after jsonb, hidden text[]) returns text language sql stable as $$
    select coalesce(string_agg(k || case
               when k = any (hidden) or coalesce(after ->> k, before ->> k) like '\\x%' then ' changed'
               when before ->> k is null then ' = ' || left(after ->> k, 120)
               else ': ' || left(before ->> k, 120) || ' -> ' || coalesce(left(after ->> k, 120), 'none') end, ', ' order by k), '')
      from jsonb_object_keys(before || after) as k
     where before ->> k is distinct from after ->> k and coalesce(after ->> k, before ->> k) <> ''
$$;

-- audit_row(action or noun, column of the object, 'columns left out', 'columns hidden'). A noun gets _added, _changed, _removed; an action
-- may have {column} in it.
create function audit_row() returns trigger language plpgsql set search_path from current as $$
declare
    gone jsonb := case when tg_op = 'INSERT' then '{}' else to_jsonb(old) end;
    came jsonb := case when tg_op = 'DELETE' then '{}' else to_jsonb(new) end;
    any_row jsonb := gone || came;
    action text := tg_argv[0];
    left_out text[] := string_to_array(tg_argv[2], ' ') || array['partner_id', 'clock', 'created_at', 'updated_at', 'updated_by', tg_argv[1]];
    what text;
begin
    if position('.' in action) = 0 then
        action := action || case tg_op when 'INSERT' then '.added' when 'UPDATE' then '.changed' else '.removed' end;
    end if;
    if position('{' in action) > 0 then
        action := regexp_replace(action, '\{.*\}', any_row ->> substring(action from '\{(.*)\}'));
    end if;
    what := audit_difference(gone - left_out, came - left_out, string_to_array(tg_argv[3], ' '));
    if what <> '' or tg_op <> 'UPDATE' then
        perform audit_add(action, any_row ->> tg_argv[1], any_row ->> 'partner_id', case when tg_op = 'DELETE' then '' else what end);
    end if;
    return null;
end $$;

create trigger audited after insert or update or delete on partner for each row execute function audit_row('partner', 'partner_id', '', '');
create trigger audited after insert or update or delete on partner_agreement
    for each row execute function audit_row('agreement', 'partner_id', '', '');
create trigger audited after insert or update or delete on store for each row execute function audit_row('store', 'store_id', '', '');
-- Rules given with a payment are a profile that nobody made.
create trigger audited after insert or update on split_profile
    for each row when (new.name is not null) execute function audit_row('split_profile', 'split_profile_id', '', '');
create trigger audited after update of payouts_frozen_at on pay_user
    for each row when (old.payouts_frozen_at is distinct from new.payouts_frozen_at)
    execute function audit_row('user', 'user_id', '', 'name email external_id previous_email');
create trigger audited after insert or update of disabled_at on requisite
    for each row execute function audit_row('requisite', 'requisite_id', '', 'iban bic holder_name town street building postcode');
create trigger audited after insert or update or delete on payout_limit
    for each row execute function audit_row('payout_limit', 'partner_id', '', '');
create trigger audited after insert on payout_decision
    for each row execute function audit_row('payout.{decision}', 'payout_id', 'subject name bind_hash decision', '');
create trigger audited after update of status on payout
    for each row when (audit_is_person()) execute function audit_row('payout', 'payout_id', '', 'destination');
create trigger audited after insert on balance_relief
    for each row execute function audit_row('balance.{kind}', 'user_id', 'made_by kind', '');
create trigger audited after update of closed_at, assignee on bank_break
    for each row execute function audit_row('break', 'break_id', 'closed_by', '');
create trigger audited after insert on bank_file for each row execute function audit_row('bank_file', 'file_id', 'imported_by hash', '');
create trigger audited_release after update of state on bank_file
    for each row when (audit_is_person()) execute function audit_row('bank_file', 'file_id', '', '');
create trigger audited after insert on bank_batch for each row execute function audit_row('bank_batch', 'msg_id', 'document', 'document');
create trigger audited after insert on settlement
    for each row execute function audit_row('settlement', 'settlement_id', 'imported_by hash', '');
create trigger audited after insert on settlement_terms for each row execute function audit_row('settlement_terms', 'store_id', 'created_by', '');
create trigger audited after insert or update or delete on dispute_policy
    for each row execute function audit_row('dispute_policy', 'partner_id', '', '');
create trigger audited after update on dispute for each row when (audit_is_person())
    execute function audit_row('dispute', 'dispute_id', 'due_at busy_until tries', 'evidence');
create trigger audited after update of status on subscription for each row when (audit_is_person())
    execute function audit_row('subscription', 'subscription_id', 'due_at', '');
create trigger audited after insert or delete or update of url, events, secret, disabled_at on webhook_endpoint
    for each row execute function audit_row('webhook_endpoint', 'webhook_endpoint_id',
                                            'failures paused_until busy_until previous_until', 'secret previous_secret');
create trigger audited after update of target on test_clock for each row when (new.target is not null)
    execute function audit_row('test_clock', 'partner_id', 'ahead_us stands_at steps busy_until', '');

-- A session is made for who has just shown who he is; nobody else is named on the connection.
create function audit_session() returns trigger language plpgsql set search_path from current as $$
begin
    if tg_op = 'INSERT' then
        perform set_config('stoa.actor', 'operator:' || new.subject, true), set_config('stoa.actor_name', new.name, true);
        perform audit_add('operator.logged_in', new.subject, null, '');
    else
        perform audit_add('operator.logged_out', old.subject, null, '');
    end if;
    return null;
end $$;
create trigger audited after insert on operator_session for each row execute function audit_session();
create trigger audited_end after delete on operator_session for each row when (audit_is_person()) execute function audit_session();

create view v_inv_audit as
-- A18 each link of the audit log's chain follows the one before
select 'A18' as inv, s.seq::text as k
  from (select seq, prev, lag(hash) over (order by seq) as lh, lag(seq) over (order by seq) as ls from audit_chain) s
 where (s.lh is not null and s.lh <> s.prev) or (s.ls is not null and s.ls <> s.seq - 1);

do $$
begin
    execute 'create or replace view v_inv as ' || rtrim(pg_get_viewdef('v_inv'::regclass), ';') || ' union all select inv, k from v_inv_audit';
end $$;
