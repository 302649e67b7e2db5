-- What a store's pages speak to a buyer whose browser asks for none of these: locale; locales: only in these, null: in all that we have.
alter table store_branding
    add column locale text check (locale ~ '^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{1,8})*$'),
    add column locales text[] check (locales <> '{}'),
    add constraint store_branding_locale check (locale is null or locales is null or locale = any (locales));
