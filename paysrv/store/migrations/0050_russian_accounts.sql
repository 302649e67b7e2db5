-- A bank account in Russia is known by the BIK of its bank, its number and its holder's INN. fingerprint: of such an account both numbers.
alter table requisite
    drop constraint requisite_of_kind,
    add column bik text check (bik ~ '^0[0-9]{8}$'),
    add column account text check (account ~ '^[0-9]{20}$'),
    add column correspondent text check (correspondent ~ '^[0-9]{20}$'),
    add column inn text check (inn ~ '^([0-9]{10}|[0-9]{12})$'),
    add column kpp text check (kpp ~ '^[0-9]{4}[0-9A-Z]{2}[0-9]{3}$'),
    add constraint requisite_of_kind check (case kind
        when 'bank_account' then holder_name is not null and num_nonnulls(acquirer, token, brand, last4, exp_month, exp_year) = 0
                                 and case when bik is null then num_nulls(iban, country, town) = 0
                                                                and num_nonnulls(fingerprint, account, correspondent, inn, kpp) = 0
                                          else num_nulls(fingerprint, account, inn) = 0 and num_nonnulls(iban, bic) = 0 end
        when 'card' then num_nonnulls(iban, bic, country, town, bik, account, correspondent, inn, kpp) = 0
                         and num_nulls(acquirer, token, fingerprint, brand, last4, exp_month, exp_year) = 0
        else num_nonnulls(iban, bic, country, town, brand, last4, exp_month, exp_year, bik, account, correspondent, inn, kpp) = 0
             and num_nulls(acquirer, token, fingerprint) = 0 end);

-- An order to the bank is of one currency, out of one account: by its IBAN, or in roubles by its BIK and number.
alter table bank_batch
    alter column debtor_iban drop not null,
    add column currency text not null default 'EUR' check (currency ~ '^[A-Z]{3}$'),
    add column debtor_bik text,
    add column debtor_account text,
    add column debtor_correspondent text,
    add column debtor_inn text,
    add constraint bank_batch_debtor check (case when debtor_iban is null then num_nulls(debtor_bik, debtor_account, debtor_inn) = 0
                                                 else num_nonnulls(debtor_bik, debtor_account, debtor_correspondent, debtor_inn) = 0 end);

drop trigger audited on requisite;
create trigger audited after insert or update of disabled_at on requisite
    for each row execute function audit_row('requisite', 'requisite_id', '', 'iban bic bik account correspondent inn kpp fingerprint holder_name town street building postcode');

create view v_inv_accounts as
-- I32 an order to the bank is of one currency, and its payouts go to accounts of the kind that its own is
select 'I32' as inv, po.payout_id as k
  from payout po
  join bank_batch b on b.msg_id = po.msg_id
  join requisite r on r.partner_id = po.partner_id and r.requisite_id = po.requisite_id
 where po.currency <> b.currency or b.channel <> 'test' and (r.bik is null) <> (b.debtor_bik is null)
union all
select 'I32', p.repayment_id from repayment p join bank_batch b on b.msg_id = p.msg_id where p.currency <> b.currency;

do $$
begin
    execute 'create or replace view v_inv as ' || rtrim(pg_get_viewdef('v_inv'::regclass), ';') || ' union all select inv, k from v_inv_accounts';
end $$;
