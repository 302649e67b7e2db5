-- What conditions_paysrv.txt speaks of: of everything one that is good, and others' beside it. Written without foreign keys and triggers.
set session_replication_role = replica;
set search_path to pay;

insert into partner (partner_id, name, platform_bp, partner_bp, is_sandbox, created_at)
values ('p', 'P', 0, 0, false, now()), ('q', 'Q', 0, 0, false, now()), ('s', 'S', 0, 0, true, now());
insert into pay_user (partner_id, user_id, subject, external_id, name, email, email_verified, needs_code, created_at, previous_email, email_changed_at)
values ('p', 'usr_a', 'sub_a', 'mine', 'A', 'a@a.example', true, false, now(), 'old@a.example', now()),
       ('p', 'usr_b', 'sub_b', null, 'B', 'b@b.example', true, false, now(), null, null),
       ('p', 'usr_new', null, null, 'New', 'new@a.example', false, true, now(), null, null),
       ('q', 'usr_q', 'sub_q', 'mine', 'Q', 'q@q.example', true, false, now(), 'old@q.example', now());
update pay_user set email_changed_at = now() where user_id = 'usr_a';
insert into store (partner_id, store_id, user_id, name, currency, external_id, created_at)
values ('p', 'st_a', 'usr_a', 'A', 'EUR', 'mine', now() - interval '1 hour'), ('p', 'st_b', 'usr_b', 'B', 'EUR', null, now() - interval '1 hour'),
       ('p', 'st_own', null, 'Own', 'EUR', null, now() - interval '1 hour'),
       ('q', 'st_q', 'usr_q', 'Q', 'EUR', 'mine', now() - interval '1 hour');
insert into store_tariff (partner_id, tariff_id, store_id, platform_bp, partner_bp, valid_from, created_at, created_by)
values ('p', 'trf_a', 'st_a', 0, 0, 'epoch', 'epoch', 'x'), ('p', 'trf_b', 'st_b', 0, 0, 'epoch', 'epoch', 'x'), ('p', 'trf_own', 'st_own', 0, 0, 'epoch', 'epoch', 'x'), ('q', 'trf_q', 'st_q', 0, 0, 'epoch', 'epoch', 'x'),
       ('p', 'trf_later', 'st_a', 0, 0, now() + interval '1 day', now(), 'x');
insert into account (account_id, partner_id, kind, user_id, currency, side) overriding system value
values (1, 'p', 'seller', 'usr_a', 'EUR', -1), (2, 'p', 'payout_transit', 'usr_a', 'EUR', -1), (3, 'p', 'seller', 'usr_b', 'EUR', -1), (4, 'q', 'seller', 'usr_q', 'EUR', -1);
insert into balance (account_id, posted, is_spent) values (1, 1000, true), (2, 40, true), (3, 5000, true), (4, 0, true);
insert into payment (payment_id, partner_id, store_id, user_id, currency, amount, platform_amount, partner_amount, seller_amount, platform_bp, partner_bp, status, charge_id,
                     description, origins, created_at, expires_at, succeeded_at, captured, authorized_until, timer_at)
values ('pay_new', 'p', 'st_a', 'usr_a', 'EUR', 500, 0, 0, 500, 0, 0, 'requires_payment_method', null, 'x', '{}', now(), now() + interval '1 hour', null, null, null, now()),
       ('pay_action', 'p', 'st_a', 'usr_a', 'EUR', 500, 0, 0, 500, 0, 0, 'requires_action', 'cha_action', 'x', '{}', now(), now() + interval '1 hour', null, null, null, now()),
       ('pay_held', 'p', 'st_a', 'usr_a', 'EUR', 500, 0, 0, 500, 0, 0, 'requires_capture', 'cha_held', 'x', '{}', now(), now() + interval '1 hour', null, 0, now() + interval '1 hour', now()),
       ('pay_part', 'p', 'st_a', 'usr_a', 'EUR', 500, 0, 0, 100, 0, 0, 'requires_capture', 'cha_held', 'x', '{}', now(), now() + interval '1 hour', null, 100, now() + interval '1 hour', now()),
       ('pay_late', 'p', 'st_a', 'usr_a', 'EUR', 500, 0, 0, 500, 0, 0, 'requires_payment_method', null, 'x', '{}', now(), now() - interval '1 hour', null, null, null, now()),
       ('pay_paid', 'p', 'st_a', 'usr_a', 'EUR', 500, 0, 0, 500, 0, 0, 'succeeded', 'cha_paid', 'x', '{}', now(), now() + interval '1 hour', now(), null, null, null);
insert into acquirer_call (call_id, op, partner_id, payment_id, amount, currency, state, is_open, acquirer_ref, created_at, due_at)
values ('cha_action', 'charge', 'p', 'pay_action', 500, 'EUR', 'action', true, 'ref_1', now(), now()),
       ('cha_held', 'authorize', 'p', 'pay_held', 500, 'EUR', 'ok', false, 'ref_2', now(), now()),
       ('cha_paid', 'charge', 'p', 'pay_paid', 500, 'EUR', 'ok', false, 'ref_3', now(), now()),
       ('cha_auth', 'authorize', 'p', 'pay_action', 500, 'EUR', 'sent', true, 'ref_4', now(), now()),
       ('cha_late', 'charge', 'p', 'pay_new', 500, 'EUR', 'action', true, 'ref_6', now(), now()),
       ('call_s', 'charge', 's', 'pay_s', 500, 'EUR', 'sent', true, 'ref_5', now(), now());
update acquirer_call set is_abandoned = true where call_id = 'cha_late';
insert into account (account_id, partner_id, kind, user_id, currency, side) overriding system value
values (5, 'p', 'acquirer_receivable', '', 'EUR', 1), (6, 'p', 'suspense', '', 'EUR', -1), (7, 'q', 'acquirer_receivable', '', 'EUR', 1), (8, 'q', 'suspense', '', 'EUR', -1);
insert into balance (account_id, posted, is_spent) values (5, 0, false), (6, 0, false), (7, 0, false), (8, 0, false);
insert into refund (refund_id, partner_id, payment_id, currency, amount, platform_amount, partner_amount, seller_amount, status, created_at)
values ('ref_a', 'p', 'pay_paid', 'EUR', 10, 0, 0, 10, 'succeeded', now());
insert into refund_name (partner_id, external_id, refund_id) values ('p', 'n', 'ref_a');
insert into refund_queue (refund_id, partner_id, payment_id, user_id, currency, amount, needs, initiated_by, fees, status, created_at, ends_at)
values ('ref_waits', 'p', 'pay_paid', 'usr_a', 'EUR', 1, 1, 'partner', '', 'queued', now(), now());
insert into requisite (partner_id, requisite_id, user_id, version, kind, iban, holder_name, country, town, masked, destination, needs_code, created_at)
values ('p', 'req_a', 'usr_a', 1, 'bank_account', 'DE89370400440532013000', 'A', 'DE', 'X', 'x', public.h('d'), false, now()),
       ('p', 'req_new', 'usr_a', 2, 'bank_account', 'DE89370400440532013000', 'A', 'DE', 'X', 'x', public.h('d'), true, now());
insert into requisite_verification (partner_id, requisite_id, status, due_at, created_at) values ('p', 'req_a', 'unknown', now(), now());
insert into payout (payout_id, partner_id, user_id, requisite_id, amount, currency, destination, label, status, created_at, expires_at, confirmed_at, needs_approval, permit, requested_by)
values ('po_a', 'p', 'usr_a', 'req_a', 300, 'EUR', public.h('d'), 'AA', 'awaiting_code', now(), now() + interval '1 hour', null, false, 'gr_1:1', 'x'),
       ('po_wait', 'p', 'usr_a', 'req_a', 40, 'EUR', public.h('d'), 'AB', 'awaiting_approval', now(), now() + interval '1 hour', now(), true, null, 'x');
update payout set external_id = 'n' where payout_id = 'po_a';
insert into entry (entry_id, partner_id, kind, ref, created_at) overriding system value values (1000, 'p', 'payout_hold', 'po_wait', now());
insert into payout_code (code_id, subject, code_key, mac, bind_hash, attempts, max_attempts, resends, created_at, expires_at) overriding system value
values (1001, 'po_a', public.h('k'), public.h('m'), public.h('b'), 1, 5, 0, now() - interval '2 minutes', now() + interval '1 hour'),
       (1002, 'cnf_a', public.h('k'), public.h('m'), public.h('b'), 1, 5, 0, now() - interval '2 minutes', now() + interval '1 hour'),
       (1004, 'pl_b', public.h('k'), public.h('m'), public.h('b'), 1, 5, 0, now() - interval '2 minutes', now() + interval '1 hour'),
       (1005, 'ps_new', public.h('k'), public.h('m'), public.h('b'), 1, 5, 0, now() - interval '2 minutes', now() + interval '1 hour'),
       (1003, 'cnf_e', public.h('k'), public.h('m'), public.h('b'), 1, 5, 0, now() - interval '2 minutes', now() + interval '1 hour');
insert into payout_list (list_id, partner_id, user_id, label, status, payouts, hash, created_at, expires_at)
values ('pl_a', 'p', 'usr_a', 'AC', 'awaiting_code', 1, public.h('l'), now(), now() + interval '1 hour'),
       ('pl_b', 'p', 'usr_c', 'AI', 'awaiting_code', 1, public.h('l'), now(), now() + interval '1 hour');
insert into payout_schedule (schedule_id, partner_id, user_id, requisite_id, currency, unit, day, minute, zone, settles, minimum, label, status, hash, requested_by, created_at,
                             expires_at, next_at, client_id)
values ('ps_a', 'p', 'usr_a', 'req_a', 'EUR', 'month', 1, 0, 'UTC', false, 1, 'AD', 'active', public.h('l'), 'sub_a', now() - interval '1 day', now(), now(), 'c'),
       ('ps_new', 'p', 'usr_c', 'req_a', 'EUR', 'month', 1, 0, 'UTC', false, 1, 'AH', 'awaiting_code', public.h('l'), 'sub_c', now() - interval '1 day', now() + interval '1 hour', null, 'c');
insert into payout_limit (partner_id, scope, user_id, currency, most, updated_at, updated_by)
values ('p', 'each', '', 'EUR', 1, now(), 'x'), ('p', 'seller', 'usr_b', 'EUR', 2, now(), 'x'), ('q', 'seller', 'usr_a', 'EUR', 3, now(), 'x'), ('p', 'seller', 'usr_a', 'USD', 4, now(), 'x');
insert into payout_limit (partner_id, scope, user_id, currency, approve_from, updated_at, updated_by) values ('p', 'all', '', 'USD', 5, now(), 'x');
insert into confirmation (confirmation_id, partner_id, user_id, operation, object_id, recipient, label, summary, hash, requested_by, status, created_at, expires_at, clock)
values ('cnf_a', 'p', 'usr_a', 'store', 'st_a', 'a@a.example', 'AE', '{}', public.h('c'), 'x', 'awaiting_code', now(), now() + interval '1 hour', ''),
       ('cnf_e', 'p', 'usr_a', 'user_email', 'ec_a', 'n@a.example', 'AF', '{}', public.h('c'), 'x', 'awaiting_code', now(), now(), '');
insert into confirmation (confirmation_id, partner_id, user_id, operation, object_id, recipient, label, summary, hash, requested_by, status, created_at, expires_at, clock)
values ('cnf_c', 'q', 'usr_q', 'store_connection', 'sc_a', 'c@a.example', 'AG', '{}', public.h('c'), 'x', 'awaiting_code', now(), now() + interval '1 hour', '');
insert into email_change (change_id, partner_id, user_id, email, old_email, status, created_at) values ('ec_a', 'p', 'usr_a', 'n@a.example', 'a@a.example', 'awaiting_code', now());
insert into store_connection (connection_id, partner_id, user_id, store_id, status, created_at) values ('sc_a', 'q', 'usr_q', 'st_a', 'awaiting_code', now());
insert into saved_card (saved_card_id, partner_id, store_id, payment_id, buyer, email, mandate_id, consent_version, consented_at, state, token, activated_at, network_reference, last4, due_at)
values ('card_a', 'p', 'st_a', 'pay_paid', 'buyer', 'x@x.example', 'm1', '1', now(), 'active', '', now(), 'r', '4242', null),
       ('card_new', 'p', 'st_a', 'pay_action', 'buyer', 'x@x.example', 'm2', '1', now(), 'pending', '', null, null, '', now());
insert into price (price_id, partner_id, store_id, name, currency, amount, unit, unit_count, created_at) values ('price_a', 'p', 'st_a', 'x', 'EUR', 1, 'month', 1, now());
insert into consent_withdrawal (withdrawal_id, partner_id, subject, client_id, grants, withdrawn_at, told_at) values ('w', 'p', 'sub_a', 'c', '{gr_1}', now(), now());
insert into test_clock (partner_id, clock, ahead_us, stands_at, target, busy_until) values ('s', 's', 0, '2026-02-01', '2026-02-04', '2026-01-01');
insert into event (event_id, partner_id, type, object_id, data, created_at, is_pending) values ('evt_a', 'p', 'payment.succeeded', 'pay_paid', '{}', now(), false), ('evt_q', 'q', 'payment.succeeded', 'pay_q', '{}', now(), false);
insert into webhook_endpoint (partner_id, webhook_endpoint_id, url, events, secret, paused_until, busy_until, created_at)
values ('p', 'we_a', 'https://p.example', '{}', '', now(), now(), now() - interval '1 hour'), ('q', 'we_q', 'https://q.example', '{}', '', now(), now(), now() - interval '1 hour');
insert into webhook_delivery (webhook_endpoint_id, event_id, status, due_at, created_at) values ('we_a', 'evt_a', 'pending', now(), now());
insert into legal_profile (partner_id, user_id, version, kind, name, country, town, created_by, created_at) values ('p', 'usr_a', 1, 'individual', 'A', 'DE', 'X', 'x', now());
insert into split_profile (partner_id, split_profile_id, rules, created_at) values ('p', 'spl_a', '[]', now());
insert into mail (mail_id, kind, recipient, content, due_at, created_at) values ('mail_a', 'x', 'a@a.example', '', now(), now());
insert into mail (mail_id, kind, recipient, content, due_at, created_at, sent_at)
values ('mail_po', 'payout_code', 'a@a.example', null, now(), now() - interval '2 minutes', now()), ('mail_cnf', 'confirmation_code', 'a@a.example', null, now(), now() - interval '2 minutes', now());
update payout_code set mail_id = case subject when 'po_a' then 'mail_po' else 'mail_cnf' end where subject in ('po_a', 'cnf_a');

-- More of the same, of people who have nothing else.
insert into pay_user (partner_id, user_id, subject, name, email, email_verified, created_at, closed_at, closed_reason, erased_at, consent_withdrawn_at)
values ('p', 'usr_c', 'sub_c', 'C', 'c@c.example', true, now(), null, null, null, now() - interval '1 hour'),
       ('p', 'usr_gone', 'sub_gone', 'Gone', 'gone@a.example', true, now(), now(), 'requested', null, null),
       ('p', 'usr_erased', null, '-', null, false, now(), now(), 'requested', now() - interval '1 day', null);
insert into account (account_id, partner_id, kind, user_id, currency, side) overriding system value
values (11, 'p', 'seller', 'usr_c', 'EUR', -1), (12, 'p', 'platform', '', 'EUR', -1), (13, 'p', 'payout_transit', 'usr_c', 'EUR', -1),
       (14, 'p', 'seller', 'usr_erased', 'EUR', -1), (15, 'p', 'seller', 'usr_b', 'USD', -1);
insert into balance (account_id, posted, is_spent, negative_since)
values (11, -100, true, now()), (12, 0, false, null), (13, 90, true, null), (14, 0, true, null), (15, 0, true, null);
insert into requisite (partner_id, requisite_id, user_id, version, kind, acquirer, token, fingerprint, brand, last4, exp_month, exp_year, masked, destination, created_at)
values ('p', 'req_card', 'usr_c', 1, 'card', 'acq', 't', 'f', 'visa', '4242', 1, 2040, 'x', public.h('d'), now());
insert into requisite (partner_id, requisite_id, user_id, version, kind, iban, holder_name, country, town, masked, destination, created_at)
values ('p', 'req_gone', 'usr_gone', 1, 'bank_account', 'DE89370400440532013000', 'Gone', 'DE', 'X', 'x', public.h('d'), now()),
       ('p', 'req_erased', 'usr_erased', 1, 'bank_account', 'DE89370400440532013000', 'Erased', 'DE', 'X', 'x', public.h('d'), now());
insert into payout (payout_id, partner_id, user_id, requisite_id, amount, currency, destination, label, status, created_at, expires_at, confirmed_at, sent_at, paid_at, rail)
values ('po_card', 'p', 'usr_c', 'req_card', 30, 'EUR', public.h('d'), 'BA', 'confirmed', now(), now(), now(), null, null, 'card'),
       ('po_sent', 'p', 'usr_c', 'req_card', 30, 'EUR', public.h('d'), 'BB', 'sent', now(), now(), now(), now(), null, 'card'),
       ('po_paid', 'p', 'usr_c', 'req_card', 30, 'EUR', public.h('d'), 'BC', 'paid', now(), now(), now(), now(), now(), 'card');
insert into acquirer_call (call_id, op, partner_id, payment_id, amount, currency, state, is_open, acquirer_ref, charge_ref, created_at, due_at)
values ('po_sent', 'payout', 'p', null, 30, 'EUR', 'sent', true, null, null, now(), now()),
       ('call_back', 'late_refund', 'p', 'pay_action', 500, 'EUR', 'sent', true, null, 'ref_1', now(), now()),
       ('call_no', 'late_refund', 'p', 'pay_action', 500, 'EUR', 'declined', false, null, 'ref_1', now(), now());
insert into anomaly (partner_id, kind, ref, detail, created_at) values ('p', 'reversal_refused', 'call_no', 'x', now());
insert into dispute (dispute_id, partner_id, payment_id, acquirer_ref, sequence, phase, status, reason, currency, amount, fee, fee_bearer, evidence, evidence_due_at, asked,
                     asked_by, asked_at, user_id, created_at)
values ('dsp_a', 'p', 'pay_paid', 'r1', 1, 'chargeback', 'needs_response', 'x', 'EUR', 1, 0, 'seller', 'it was', now() + interval '1 hour', null, null, null, 'usr_a', now()),
       ('dsp_b', 'p', 'pay_paid', 'r2', 1, 'chargeback', 'needs_response', 'x', 'EUR', 1, 0, 'seller', null, now() + interval '1 hour', 'accept', 'sub_gone', now(), 'usr_gone', now()),
       ('dsp_q', 'q', 'pay_q', 'r3', 1, 'chargeback', 'needs_response', 'x', 'EUR', 1, 0, 'seller', null, now() + interval '1 hour', 'accept', 'sub_gone', now(), 'usr_q', now());
insert into dispute_file (file_id, dispute_id, name, type, content, uploaded_by, created_at)
values ('file_b', 'dsp_b', 'x', 'text/plain', 'x', 'sub_gone', now()), ('file_q', 'dsp_q', 'x', 'text/plain', 'x', 'sub_gone', now());
insert into refund (refund_id, partner_id, payment_id, currency, amount, platform_amount, partner_amount, seller_amount, status, initiated_by, initiator, created_at)
values ('ref_b', 'p', 'pay_b', 'EUR', 10, 0, 0, 10, 'succeeded', 'user', 'sub_gone', now()), ('ref_p', 'p', 'pay_b', 'EUR', 10, 0, 0, 10, 'succeeded', 'partner', 'sub_gone', now()),
       ('ref_q', 'q', 'pay_q', 'EUR', 10, 0, 0, 10, 'succeeded', 'user', 'sub_gone', now());
insert into refund_queue (refund_id, partner_id, payment_id, user_id, currency, amount, needs, initiated_by, initiator, fees, status, created_at, ends_at)
values ('rq_b', 'p', 'pay_b', 'usr_b', 'RUB', 1, 1, 'user', 'sub_gone', '', 'failed', now(), now()), ('rq_q', 'q', 'pay_q', 'usr_q', 'RUB', 1, 1, 'user', 'sub_gone', '', 'failed', now(), now());
insert into consent_withdrawal (withdrawal_id, partner_id, subject, client_id, grants, withdrawn_at, told_at)
values ('w2', 'p', 'sub_gone', 'c', '{}', now(), now()), ('w3', 'q', 'sub_gone', 'c', '{}', now(), now());
insert into legal_profile (partner_id, user_id, version, kind, name, country, town, created_by, created_at) values ('p', 'usr_erased', 1, 'individual', 'E', 'DE', 'X', 'x', now());
insert into account_closing (account_id, entry_id, balance, owner) values (14, 1, 0, 'E'), (1, 1, 0, 'A');
insert into subscription (subscription_id, partner_id, store_id, price_id, quantity, saved_card_id, status, zone, anchor_local, period_n, period_start, period_end, keep_unpaid, created_at)
values ('sub_1', 'p', 'st_a', 'price_a', 1, 'card_a', 'active', 'UTC', 0, 0, now(), now(), false, now());
insert into invoice (invoice_id, partner_id, subscription_id, kind, period_n, period_start, period_end, currency, total, applied, due, lines, status, created_at, finished_at, store_id)
values ('inv_1', 'p', 'sub_1', 'period', 0, now(), now(), 'EUR', 0, 0, 0, '[]', 'paid', now(), now(), 'st_a');
insert into holdback (payment_id, source, partner_id, user_id, currency, part, amount, held, available_on)
values ('pay_paid', 'pay_paid', 'p', 'usr_a', 'EUR', 'delay', 1, 1, now() + interval '1 day');
insert into capture (capture_id, partner_id, payment_id, currency, amount, is_final, platform_amount, partner_amount, seller_amount, share_users, share_amounts, status, created_at)
values ('cap_a', 'p', 'pay_part', 'EUR', 100, false, 0, 0, 100, '{usr_a}', '{100}', 'succeeded', now());
insert into operator_login (state_hash, browser_hash, nonce, verifier, expires_at) values (public.h('state'), public.h('browser'), 'n', 'v', now() + interval '1 hour');
insert into operator_session (session_hash, subject, name, created_at, expires_at) values (public.h('session'), 's', 'n', now(), now() + interval '1 hour');
insert into payout_usage (partner_id, user_id, currency, period, amount, payouts) values ('p', 'usr_a', 'EUR', '2026-01', 5, 1);
insert into payout_decision (payout_id, subject, name, decision, bind_hash, created_at) values ('po_wait', 'uid:1', 'x', 'approved', public.h('b'), now()), ('po_wait', 'op', 'x', 'approved', public.h('b'), now());
insert into payout_watch (partner_id, currency, per_hour, updated_at, updated_by) values ('p', 'EUR', 1, now(), 'x');
insert into store_domain (partner_id, store_id, host, proof, created_at) values ('p', 'st_a', 'a.example', 'x', now());
insert into agreement_acceptance (acceptance_id, partner_id, user_id, agreement_id, version, content_hash, accepted_by, accepted_at)
values ('acc_a', 'p', 'usr_a', 'agr', '1', public.h('t'), 'x', now()), ('acc_e', 'p', 'usr_erased', 'agr', '1', public.h('t'), 'x', now());
insert into requisite_verification (partner_id, requisite_id, status, matched_name, created_at, checked_at)
values ('p', 'req_new', 'match', 'A', now(), now()), ('p', 'req_erased', 'match', 'E', now(), now());
insert into pay_user (partner_id, user_id, subject, name, email_verified, created_at) values ('s', 'usr_s', 'sub_s', 'S', true, now()), ('p', 'usr_d', 'sub_d', 'D', true, now()), ('p', 'usr_cold', 'sub_cold', 'Cold', true, now());
update pay_user set payouts_frozen_at = now() where user_id = 'usr_cold';
insert into manual_entry (manual_entry_id, kind, object, partner_id, currency, amount, borne_by, reason, asked_by, asked_name, status, created_at, decided_by, decided_name, decided_at, user_id)
values ('me_wait', 'write_off', 'usr_a', 'p', 'EUR', 5, 'platform', 'x', 'op', 'op', 'waiting', now(), null, null, null, 'usr_a'),
       ('me_alone', 'write_off', 'usr_a', 'p', 'EUR', 7, 'platform', 'x', 'op', 'op', 'alone', now(), 'op', 'op', now(), 'usr_a');
insert into balance_relief (relief_id, kind, partner_id, user_id, currency, amount, borne_by, reason, made_by, entry_id, created_at)
values ('rel_a', 'write_off', 'p', 'usr_a', 'EUR', 5, 'platform', 'x', 'x', 1, now());
insert into deal (payment_id, partner_id, created_at) values ('pay_paid', 'p', now());
insert into idempotency (partner_id, route, key, fingerprint, op, created_at) values ('p', 'route', 'key', public.h('f'), 'op', now());
insert into refund_policy (partner_id, currency, queue_days, platform_fee, updated_at, updated_by) values ('p', 'RUB', 1, 'keep', now(), 'x');
insert into dispute_policy (partner_id, currency, updated_at, updated_by) values ('p', 'RUB', now(), 'x');
insert into transfer (call_id, partner_id, clock, payment_id, reference, holder_name, iban, currency, amount, created_at, pay_by, waits_until)
values ('cha_action', 'p', '', 'pay_action', 'RF18539007547034000', 'A', 'DE89370400440532013000', 'EUR', 500, now(), now(), now());
insert into card_change (payment_id, subscription_id, is_check, due_at, created_at) values ('pay_new', 'sub_1', true, now(), now());
insert into reserve (reserve_id, partner_id, user_id, currency, amount, reason, created_at, created_by) values ('rsv_a', 'p', 'usr_b', 'EUR', 1, 'x', now(), 'x');
insert into holdback (payment_id, source, partner_id, user_id, currency, part, amount, held, available_on, released_at)
values (null, 'rsv_a', 'p', 'usr_b', 'EUR', 'fixed', 1, 0, now() + interval '1 day', now());
insert into requisite (partner_id, requisite_id, user_id, version, kind, iban, holder_name, country, town, masked, destination, created_at)
values ('p', 'req_b', 'usr_d', 1, 'bank_account', 'DE89370400440532013000', 'B', 'DE', 'X', 'x', public.h('d'), now());
insert into payout (payout_id, partner_id, user_id, requisite_id, amount, currency, destination, label, status, created_at, expires_at, confirmed_at, put_off_until)
values ('po_due', 'p', 'usr_d', 'req_b', 30, 'USD', public.h('d'), 'CA', 'confirmed', now(), now(), now() - interval '2 hours', '-infinity'),
       ('po_old', 'p', 'usr_erased', 'req_erased', 30, 'USD', public.h('d'), 'CB', 'awaiting_code', now(), now() - interval '1 minute', null, '-infinity');
insert into payout_code (code_id, subject, code_key, mac, bind_hash, attempts, max_attempts, resends, created_at, expires_at) overriding system value
values (1006, 'po_old', public.h('k'), public.h('m'), public.h('b'), 1, 5, 0, now(), now() + interval '1 hour');
update subscription set external_id = 'ext', due_at = now();
insert into bank_file (file_id, hash, kind, message_id, opening, closing, lines, state, imported_by, created_at, accepted_no, done_at) overriding system value
values (1, public.h('file'), 'pain.002', 'm', 0, 0, 1, 'done', 'x', now(), 1, now());
insert into bank_line (line_id, file_id, line_key, kind, amount, currency, reference, credit_id) overriding system value values (1, 1, public.h('line'), 'credit', 500, 'EUR', 'ref', 'crd_a');
insert into bank_break (kind, ref, line_id, amount, currency, detail, created_at, closed_at, closed_by) values ('unmatched', 'given', 1, 500, 'EUR', 'x', now(), now(), 'x');
insert into transfer_credit (credit_id, call_id, partner_id, clock, payment_id, currency, amount, reference, is_late, applied, entry_id, created_at, reversed_at)
values ('crd_a', 'cha_action', 'p', '', 'pay_action', 'EUR', 500, 'ref', false, 100, 1, now(), null);
insert into repayment (repayment_id, credit_id, partner_id, clock, payment_id, refund_id, reason, currency, amount, iban, holder_name, status, created_by, created_at)
values ('rpm_a', 'crd_a', 'p', '', 'pay_action', 'ref_a', 'refund', 'EUR', 100, 'DE89370400440532013000', 'A', 'confirmed', 'x', now());
insert into posting (entry_id, line, account_id, currency, amount) values (1000, 1, 1, 'EUR', 40), (1000, 2, 2, 'EUR', -40), (1001, 1, 1, 'EUR', -500);
insert into entry (entry_id, partner_id, kind, ref, created_at) overriding system value values (1001, 'p', 'charge', 'pay_paid', now());
insert into payout (payout_id, partner_id, user_id, requisite_id, amount, currency, destination, label, status, created_at, expires_at, confirmed_at, clock, bank_due_at)
values ('po_test', 's', 'usr_s', 'req_s', 30, 'EUR', public.h('d'), 'DA', 'confirmed', now(), now(), now(), 's', now());
insert into repayment (repayment_id, credit_id, partner_id, clock, payment_id, reason, currency, amount, iban, holder_name, status, created_by, created_at)
values ('rpm_test', 'crd_s', 's', 's', 'pay_s', 'late', 'EUR', 100, 'DE89370400440532013000', 'A', 'confirmed', 'x', now());
update webhook_endpoint set busy_until = '2000-01-01' where webhook_endpoint_id = 'we_a';
update subscription set refund_at = now() where subscription_id = 'sub_1';
insert into mail (mail_id, kind, recipient, content, due_at, created_at, clock, sent_at) values ('mail_s', 'x', 's@s.example', '', now(), now(), 's', now());
insert into requisite (partner_id, requisite_id, user_id, version, kind, iban, holder_name, country, town, masked, destination, created_at)
values ('s', 'req_s', 'usr_s', 1, 'bank_account', 'DE89370400440532013000', 'S', 'DE', 'X', 'x', public.h('d'), now());
insert into payout_fee (payout_id, partner_id, clock, fee, payee, on_return, entry_id, due_at) values ('po_test', 's', 's', 1, 'platform', 'keep', 1000, now());
insert into transfer (call_id, partner_id, clock, payment_id, reference, holder_name, iban, currency, amount, received, created_at, pay_by, waits_until)
values ('call_s', 's', 's', 'pay_s', 'RF18539007547034001', 'S', 'DE89370400440532013000', 'EUR', 500, 500, now(), now(), now()),
       ('cha_q', 'q', '', 'pay_q', 'RF18539007547034002', 'Q', 'DE89370400440532013000', 'EUR', 500, 500, now(), now(), now());
insert into transfer_credit (credit_id, call_id, partner_id, clock, payment_id, currency, amount, payer_iban, is_late, applied, entry_id, created_at, settled_at)
values ('crd_s', 'call_s', 's', 's', 'pay_s', 'EUR', 500, null, false, 0, 1, now(), null), ('crd_q', 'cha_q', 'q', '', 'pay_q', 'EUR', 500, 'DE2', false, 50, 1, now(), now());
update repayment set bank_due_at = now() where repayment_id = 'rpm_test';
insert into reserve (reserve_id, partner_id, user_id, currency, amount, reason, created_at, created_by) values ('rsv_c', 'p', 'usr_c', 'EUR', 5, 'x', now(), 'x');
insert into holdback (payment_id, source, partner_id, user_id, currency, part, amount, held, available_on) values (null, 'rsv_c', 'p', 'usr_c', 'EUR', 'fixed', 5, 1, now() + interval '1 day');
update subscription set notice_at = now() where subscription_id = 'sub_1';
insert into subscription (subscription_id, partner_id, clock, store_id, price_id, quantity, saved_card_id, status, zone, anchor_local, period_n, period_start, period_end, keep_unpaid, created_at, cancel_at, end_look_at)
values ('sub_s', 's', 's', 'st_s', 'price_s', 1, 'card_s', 'active', 'UTC', 0, 0, now(), now(), false, now(), now(), now());
insert into partner (partner_id, name, platform_bp, partner_bp, is_sandbox, created_at) values ('fees', 'F', 0, 0, false, now());
insert into fee_month (partner_id, clock, month, begins_at, position, ends_at, to_entry, zone, due_at)
values ('fees', '', '2026-03', '2026-03-01', 3000, '2026-04-01', 3002, 'UTC', now()), ('q', '', '2026-03', '2026-03-01', 1, null, null, null, now()),
       ('p', '', '2026-03', '2026-03-01', 9, '2026-04-01', 9, 'UTC', now());
insert into account (account_id, partner_id, kind, user_id, currency, side) overriding system value
values (3000, 'fees', 'platform', '', 'EUR', -1), (3001, 'fees', 'partner', '', 'EUR', -1), (3002, 'fees', 'seller', 'usr_fees', 'EUR', -1);
insert into entry (entry_id, partner_id, kind, ref, created_at) overriding system value values (3001, 'fees', 'fee_payout', 'po_fees', now());
insert into posting (entry_id, line, account_id, currency, amount) values (3001, 1, 3000, 'EUR', -50), (3001, 2, 3001, 'EUR', -250), (3001, 3, 3002, 'EUR', 300);
insert into payout (payout_id, partner_id, user_id, requisite_id, amount, currency, destination, label, status, created_at, expires_at)
values ('po_fees', 'fees', 'usr_fees', 'req_x', 30, 'EUR', public.h('d'), 'FE', 'canceled', now(), now());
insert into payment (payment_id, partner_id, store_id, user_id, currency, amount, platform_amount, partner_amount, seller_amount, platform_bp, partner_bp, status, description, origins, created_at, expires_at)
values ('pay_fees', 'fees', 'st_fees', 'usr_fees', 'EUR', 1000, 50, 250, 700, 0, 0, 'succeeded', 'x', '{}', now(), now());
insert into dispute (dispute_id, partner_id, payment_id, user_id, acquirer_ref, sequence, phase, status, reason, currency, amount, fee, fee_bearer, taken, booked, created_at, closed_at)
values ('dp_fees', 'fees', 'pay_fees', 'usr_fees', 'dp_fees', 1, 'chargeback', 'lost', 'x', 'EUR', 1000, 15, 'platform', 0, 'none', now(), now());
insert into dispute_step (dispute_id, step, amount, fee, platform_amount, partner_amount, seller_amount, share_users, share_amounts, entry_id, created_at)
values ('dp_fees', 'hold', 1000, 15, 65, 250, 700, '{usr_fees}', '{700}', 3002, now());
insert into entry (entry_id, partner_id, kind, ref, created_at) overriding system value values (3002, 'fees', 'dispute_hold', 'dp_fees', now());
insert into posting (entry_id, line, account_id, currency, amount) values (3002, 1, 3000, 'EUR', 65), (3002, 2, 3001, 'EUR', 250), (3002, 9, 3002, 'EUR', -315);
insert into fee_charged (partner_id, month, user_id, issuer, currency, kind, entries, amount) values ('fees', '2026-02', 'usr_fees', 'partner', 'EUR', 'sale', 1, 250);
insert into fee_series (clock, partner_id, last_number) values ('', 'fees', 6), ('', '', 3);
insert into fee_tax (partner_id, valid_from, rate_bp, name, address, created_at, created_by)
values ('fees', '2026-02', 2000, 'F', 'X', now(), 'x'), (null, '2026-02', 1900, 'Platform', 'X', now(), 'x');
insert into fee_invoice (fee_invoice_id, partner_id, clock, month, user_id, issuer, currency, number, gross, recipient, document, issued_at)
values ('fin_a', 'fees', '', '2026-01', 'usr_fees', 'partner', 'EUR', 6, 1, '{}', '{}', now()), ('fin_e', 'p', '', '2026-01', 'usr_erased', 'partner', 'EUR', 1, 1, '{}', '{}', now());
insert into payment_permit (permit, partner_id, key, payments, created_at) values ('grant:0', 'p', 'key_a', '{pay_asked}', now());
insert into subscription (subscription_id, partner_id, store_id, price_id, quantity, saved_card_id, status, zone, anchor_local, period_n, period_start, period_end, keep_unpaid, created_at)
values ('sub_owes', 'fees', 'st_fees', 'price_fees', 1, 'card_fees', 'active', 'UTC', 0, 0, now(), now(), true, now());
insert into invoice (invoice_id, partner_id, subscription_id, kind, period_n, period_start, period_end, currency, total, applied, due, lines, payment_id, status, waits_for_buyer, look_at, created_at, store_id)
values ('inv_owed', 'fees', 'sub_owes', 'period', 0, now(), now(), 'EUR', 1, 0, 1, '[]', 'pay_owed', 'open', true, now() + interval '1 day', now(), 'st_fees');
-- a refund, and a reversal of what came too late, that have succeeded
insert into payment (payment_id, partner_id, store_id, user_id, currency, amount, platform_amount, partner_amount, seller_amount, platform_bp, partner_bp, status, description, origins, created_at, expires_at, refunded)
values ('pay_back', 'fees', 'st_fees', 'usr_fees', 'EUR', 1000, 0, 0, 1000, 0, 0, 'succeeded', 'x', '{}', now(), now(), 10);
insert into refund (refund_id, partner_id, payment_id, currency, amount, platform_amount, partner_amount, seller_amount, status, created_at)
values ('ref_back', 'fees', 'pay_back', 'EUR', 10, 0, 0, 10, 'succeeded', now());
insert into acquirer_call (call_id, op, partner_id, payment_id, amount, currency, state, is_open, acquirer_ref, charge_ref, created_at, due_at)
values ('ref_back', 'refund', 'fees', 'pay_back', 10, 'EUR', 'ok', false, 're_back', null, now(), now()),
       ('call_went', 'late_refund', 'fees', 'pay_back', 1000, 'EUR', 'ok', false, 're_went', 'ch_back', now(), now());
