-- What a partner calls a refund. One that waits for funds is in refund_queue first and in refund later, and its name is of neither of them alone.
create table refund_name (
    partner_id  text not null,
    external_id text not null,
    refund_id   text not null,
    constraint refund_external_id_key primary key (partner_id, external_id)
);
create unique index refund_name_of_refund on refund_name (refund_id);
