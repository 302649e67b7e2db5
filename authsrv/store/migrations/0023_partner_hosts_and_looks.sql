-- A name of the partner's own at which its people log in to its applications (decision 0047).
alter table partner add column host text;
create unique index partner_host_key on partner (host);

-- Where a session is good; absent: at the issuer. The digest of its cookie is bound to the name as well.
alter table session add column host text;
create index session_host on session (host) where host is not null and ended_at is null;

-- Nobody is logged in at a name that is not served any more, or has become somebody else's.
create function partner_leaves_host() returns trigger language plpgsql set search_path from current as $$
begin
    update session set ended_at = now(), ended_why = 'operator' where host = old.host and ended_at is null;
    return null;
end $$;
create trigger partner_leaves_host after update of host on partner for each row
    when (old.host is not null and old.host is distinct from new.host) execute function partner_leaves_host();

-- Another logo for dark pages; and what the purge of files asks by.
alter table branding add column logo_dark text;
create index branding_sheet on branding (sheet);
create index branding_logo on branding (logo) where logo is not null;
create index branding_logo_dark on branding (logo_dark) where logo_dark is not null;
