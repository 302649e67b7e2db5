/* Lists of the operator's pages that are longer than a page: each goes on, and nothing that waits is hidden by what came after it. A stack of its own. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { operatorLogIn, pay } from '../support/people.mjs';
import { operatorToken } from '../support/relying_party.mjs';
import { newSeller } from '../support/seller.mjs';
import { startStack } from '../support/stack.mjs';

let s, agent;
const page = async (path) => (await agent.open(`${s.env.pay_api}${path}`)).text;
/* All pages of a list, from its newest on. */
async function walk(path, cursor) {
  const pages = [await page(path)];
  for (let next; (next = new RegExp(`href="(/operator/[^"]*[?;&]${cursor}=[^"]*)"`).exec(pages.at(-1)));) pages.push(await page(next[1].replaceAll('&amp;', '&')));
  return pages;
}
const numbers = (n) => `generate_series(1, ${n}) i`;

before(async () => {
  s = await startStack();
  agent = createAgent();
  await operatorLogIn(s.env, agent, s.env.admin);
});

after(() => s?.stop());

test('an entry by hand that waits is found however many came after it, and its break says so', async () => {
  await s.psql("insert into pay.bank_break (source, kind, ref, detail, created_at) values ('bank', 'unmatched', 'x', 'A line', now())");
  const [{ id }] = await s.psql('select max(break_id)::int as id from pay.bank_break');
  const entry = (name, kind, object, rows = '(select 1) o') => s.psql(`insert into pay.manual_entry (manual_entry_id, kind, object, partner_id, currency, amount, borne_by, reason, asked_by, asked_name, status, created_at, user_id)
    select ${name}, '${kind}', ${object}, 'inkwell', 'EUR', 5, 'platform', 'A reason', 'uid:4242', 'Olga', 'waiting', now(), '' from ${rows}`);
  await entry("'men_0'", 'resolve', `'${id}'`);
  await entry("'men_z' || lpad(i::text, 4, '0')", 'write_off', "'usr_none_' || i", numbers(130));
  assert.match(await page(`/operator/bank?no=${id}`), /Waits for another operator/);
  const pages = await walk('/operator/bank', 'entries_before');
  assert.deepEqual(pages.map((text) => text.includes('/operator/entries/men_0/decision')), [false, false, true]);
  assert.equal((await walk('/operator/bank?decided=true', 'entries_before')).length, 3);
  const token = await operatorToken(s), seen = [];
  for (let cursor = ''; cursor !== null;) {
    const { status, body } = await pay(s.env, token, 'GET', `/v1/operator/manual_entries${cursor && `?cursor=${cursor}`}`);
    assert.equal(status, 200, JSON.stringify(body));
    seen.push(...body.data.map(({ id: one }) => one));
    cursor = body.next_cursor;
  }
  assert.deepEqual([seen.length, new Set(seen).size, seen.at(-1)], [131, 131, 'men_0']);
  assert.equal((await s.operator('paysrv', 'entries', 'list')).stdout.trim().split('\n').length, 131);
});

test('files of the bank and registries of the acquirer go on where the page ends', async () => {
  await s.psql(`insert into pay.bank_file (hash, kind, message_id, opening, closing, lines, state, imported_by, created_at, done_at)
    select sha256(i::text::bytea), 'camt.054', 'MSG' || i, 0, 0, 0, 'done', 'uid:0', now(), now() from ${numbers(60)}`);
  await s.psql(`insert into pay.settlement (acquirer_ref, hash, currency, transfer_ref, gross, fee, net, lines, state, imported_by, created_at, booked_at, paid_at)
    select 'reg_' || i, sha256(i::text::bytea), 'EUR', 'T' || i, 0, 0, 0, 0, 'paid', 'uid:0', now(), now(), now() from ${numbers(60)}`);
  for (const [cursor, first] of [['files_before', />MSG1</], ['registries_before', />reg_1</]]) {
    const pages = await walk('/operator/bank', cursor);
    assert.deepEqual(pages.map((text) => first.test(text)), [false, true], cursor);
  }
});

test('of all reversals the newest come first, and the oldest are on the last page', async () => {
  const seller = await newSeller(s.env);
  await seller.sell(1000);
  const [{ id }] = await s.psql(`select payment_id as id from pay.payment where user_id = '${seller.user.id}'`);
  await s.psql(`insert into pay.acquirer_call (call_id, op, partner_id, payment_id, amount, currency, state, charge_ref, created_at, finished_at, due_at)
    select 'rev_' || i, 'late_void', 'inkwell', '${id}', 5, 'EUR', 'declined', 'ref_' || i, now(), now(), now() from ${numbers(230)}`);
  await s.psql(`insert into pay.anomaly (partner_id, kind, ref, detail, created_at) select 'inkwell', 'reversal_refused', 'rev_' || i, 'x', now() from ${numbers(230)}`);
  const ends = async (path) => (await walk(path, 'before')).map((text) => [...text.matchAll(/id="reversal-(rev_\d+)"/g)].map(([, one]) => one)).map((ids) => [ids.at(0), ids.at(-1)]);
  assert.deepEqual(await ends('/operator/reversals'), [['rev_1', 'rev_200'], ['rev_201', 'rev_230']]);
  assert.deepEqual(await ends('/operator/reversals?all=true'), [['rev_230', 'rev_31'], ['rev_30', 'rev_1']]);
});
