-- The rules of the books (v_inv), checked one by one by the job ledger.check: when each was, how long that took and what it found.
create table ledger_rule (
    view       text not null,         -- with rule '': what is of no rule that is known by its name
    rule       text not null,
    known_at   timestamptz not null,  -- since when it is to be checked
    checked_at timestamptz,           -- when its last check that came to an end began
    took_ms    bigint,
    violations bigint not null default 0,
    failed_at  timestamptz,           -- of the last check, which did not come to an end
    primary key (view, rule),
    check ((checked_at is null) = (took_ms is null))
);
