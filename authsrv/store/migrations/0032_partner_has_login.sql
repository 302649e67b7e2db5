-- Whether people can log in there with a browser: what a partner's backend signs is no way in for them.
create function partner_has_login(p partner) returns boolean language sql immutable parallel safe as $$
    select coalesce(p.settings ->> 'kind', 'oidc') not in ('assertion', 'none')
$$;
