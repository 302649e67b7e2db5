-- What a buyer has allowed by authorization_details (RFC 9396) is done once: by the first request, under its key.
create table payment_permit (
    permit     text primary key,        -- the consent, and the number of the detail in it
    partner_id text not null references partner,
    key        text not null,           -- the Idempotency-Key: the same request again is the same payment
    created_at timestamptz not null
);
