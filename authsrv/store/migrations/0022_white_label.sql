-- How a partner's pages and mails look and speak (decision 0040): the document as it was written, and what was made of it.
create table branding (
    partner text primary key references partner,
    document jsonb not null,
    sheet text not null, -- names in branding_file
    logo text,
    icon_px bigint,      -- of a logo that is square; absent: it is not
    name text,           -- absent: the partner's
    language text,
    version bigint not null default 1,
    updated_at timestamptz not null
);

-- Served under names that hold the hash of what is in them: pages that are open keep theirs when another comes.
create table branding_file (
    name text primary key,
    content_type text not null,
    body bytea not null,
    kept_at timestamptz not null
);
create index branding_file_kept on branding_file (kept_at);
