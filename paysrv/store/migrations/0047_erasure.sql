-- A person who leaves: what nothing obliges us to keep goes at once (erased_at), the rest after user_retention (forgotten_at).
alter table pay_user
    add column erased_at timestamptz,
    add column forgotten_at timestamptz,
    add constraint pay_user_erased check (erased_at is null or closed_at is not null),
    add constraint pay_user_forgotten check (forgotten_at is null or erased_at is not null);
create index pay_user_to_forget on pay_user (erased_at) where erased_at is not null and forgotten_at is null;

-- Evidence is never edited, and goes only with all of a user's, when the law asks for it no more.
create function evidence_is_kept() returns trigger language plpgsql set search_path from current as $$
begin
    if tg_op = 'DELETE' and tg_level = 'ROW' and exists (select from pay_user u where u.partner_id = old.partner_id
            and u.user_id = old.user_id and u.forgotten_at is not null) then
        return old;
    end if;
    raise exception '% of % is not allowed: it is append-only', tg_op, tg_table_name using errcode = 'restrict_violation';
end $$;
drop trigger legal_profile_append_only on legal_profile;
drop trigger agreement_acceptance_append_only on agreement_acceptance;
create trigger legal_profile_kept before update or delete on legal_profile for each row execute function evidence_is_kept();
create trigger legal_profile_whole before truncate on legal_profile execute function evidence_is_kept();
create trigger agreement_acceptance_kept before update or delete on agreement_acceptance for each row execute function evidence_is_kept();
create trigger agreement_acceptance_whole before truncate on agreement_acceptance execute function evidence_is_kept();
