/* Statements of accounts (docs/decisions/0052): opening and every entry come to the closing balance, whoever asks in whichever format. MONEY 6.D28, D29; SECURITY 386, 388. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { wholeDay } from '../support/day.mjs';
import { eventually } from '../support/eventually.mjs';
import { outcomeOf } from '../support/outcome.mjs';
import { newPartner } from '../support/partner.mjs';
import { operatorLogIn, partnerToken } from '../support/people.mjs';
import { newSeller, SCOPES } from '../support/seller.mjs';
import { ROOT, sharedStack } from '../support/stack.mjs';

let s, seller, partner;
const HOSTILE = '=HYPERLINK("https://evil.example","x")';

before(async () => {
  await wholeDay(); /* which may be the month's last one */
  s = await sharedStack();
  seller = await newSeller(s.env);
  [{ partner }] = await s.psql(`select partner_id as partner from pay.store where store_id = '${seller.store.id}'`);
  await seller.sell(10_000);
  await seller.sell(333);
  const { body: payment } = await seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 5_000, currency: 'EUR', description: HOSTILE });
  await outcomeOf((options) => seller.call('POST', `/v1/payments/${payment.id}/confirm`, { payment_token: 'tok_test_visa' }, options));
  const { body: refund } = await outcomeOf((options) => seller.call('POST', `/v1/payments/${payment.id}/refunds`, { amount: 1_000 }, options));
  assert.equal(refund.status, 'succeeded');
});

after(() => s?.stop());

async function get(query, token = seller.token) {
  const answer = await fetch(`${s.env.pay_api}/v1/statement?${new URLSearchParams(query)}`, { headers: { authorization: `Bearer ${token}` } });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}
const mine = (more = {}) => ({ user: seller.user.id, currency: 'EUR', ...more });
const minor = (text) => Math.round(Number(text) * 100);

/* A strict reader of RFC 4180. */
function cells(text) {
  const lines = [[]];
  for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/gy)) {
    lines.at(-1).push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    if (end === '\r\n') lines.push([]);
    if (end === '') break;
  }
  return lines.slice(0, -1);
}

test('CSV: opening, each entry with the balance after it, closing; a formula is a text', async () => {
  const { status, headers, text } = await get(mine());
  assert.deepEqual([status, headers.get('content-type')], [200, 'text/csv; charset=utf-8'], text);
  assert.match(headers.get('content-disposition'), /^attachment; filename="statement-\d{4}-\d\d-01\.csv"$/);
  const [names, opening, ...rest] = cells(text);
  const at = (name) => names.indexOf(name);
  const closing = rest.pop();
  assert.deepEqual([opening[at('kind')], opening[at('balance')], closing[at('kind')]], ['opening', '0.00', 'provisional']);
  assert.deepEqual(rest.map((line) => line[at('kind')]), ['charge', 'charge', 'charge', 'refund']);
  let balance = 0;
  for (const line of rest) {
    balance += minor(line[at('amount')]);
    assert.equal(minor(line[at('balance')]), balance);
    assert.ok(rest.every((one) => one.length === names.length));
  }
  assert.equal(minor(closing[at('balance')]), balance);
  assert.equal(balance, await seller.available());
  assert.equal(rest[2][at('description')], `'${HOSTILE}`);
});

test('JSON lines: the sums come first, and are those of the lines', async () => {
  const { headers, text } = await get(mine({ format: 'jsonl' }));
  assert.equal(headers.get('content-type'), 'application/jsonl');
  const [head, ...lines] = text.trimEnd().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual([head.object, head.user, head.entries, head.closed, head.opening], ['account_statement', seller.user.id, lines.length, false, 0]);
  const sum = (list) => list.reduce((total, { amount }) => total + amount, 0);
  assert.equal(sum(lines.filter(({ amount }) => amount > 0)), head.came);
  assert.equal(-sum(lines.filter(({ amount }) => amount < 0)), head.went);
  assert.deepEqual([head.opening + head.came - head.went, lines.at(-1).balance], [head.closing, head.closing]);
});

test('camt.053 is what the schema says, and adds up', async (t) => {
  const { text } = await get(mine({ format: 'camt053' }));
  const amounts = [...text.matchAll(/<Ntry>.*?<Amt Ccy="EUR">([\d.]+)<\/Amt><CdtDbtInd>(\w+)</g)].map(([, amount, side]) => (side === 'CRDT' ? 1 : -1) * minor(amount));
  const balances = [...text.matchAll(/<Cd>(OPBD|ITBD)<.*?<Amt Ccy="EUR">([\d.]+)</g)].map(([, type, amount]) => [type, minor(amount)]);
  assert.deepEqual(balances, [['OPBD', 0], ['ITBD', amounts.reduce((sum, one) => sum + one, 0)]]);
  const past = (await get(mine({ format: 'camt053', from: '2026-01-01', to: '2026-02-01' }))).text;
  assert.deepEqual([...past.matchAll(/<Cd>(\w+)<\/Cd><\/CdOrPrtry>.*?<Dt><Dt>([\d-]+)</g)].map(([, ...balance]) => balance), [['OPBD', '2026-01-01'], ['CLBD', '2026-01-31']]);
  const schema = join(ROOT, '..', 'shared', 'iso20022', 'camt.053.001.08.xsd');
  if (!existsSync(schema)) return t.skip('../shared/iso20022/camt.053.001.08.xsd is not there');
  for (const statement of [text, past]) {
    const file = join(mkdtempSync(join(process.env.STOA_TEST_TMP ?? tmpdir(), 'camt-')), 'statement.xml');
    writeFileSync(file, statement);
    execFileSync('xmllint', ['--noout', '--nonet', '--schema', schema, file], { stdio: 'pipe' });
  }
});

test('a statement of days that have not come states no balance of their end', async () => {
  const day = (n) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10), now = Date.now();
  const isNow = (time) => assert.ok(Date.parse(time) >= Math.floor(now / 1000) * 1000 && Date.parse(time) <= Date.now(), time);
  const of = async (format, from, to) => (await get(mine({ format, from: day(from), to: day(to) }))).text;
  const last = async (from, to) => { const [names, ...lines] = cells(await of('csv', from, to)); return Object.fromEntries(names.map((name, i) => [name, lines.at(-1)[i]])); };
  const camt = async (from, to) => { const text = await of('camt053', from, to); return [text.match(/<ToDtTm>([^<]+)</)[1], ...text.match(/<Cd>(ITBD|CLBD)<.*?<Dt><Dt>([\d-]+)</).slice(1)]; };
  const here = await last(-1, 20), [time, ...balance] = await camt(-1, 20);
  assert.deepEqual([here.kind, minor(here.balance), here.date, balance], ['provisional', await seller.available(), day(0), ['ITBD', day(0)]]);
  isNow(here.time), isNow(time);
  const [names, ...later] = cells(await of('csv', 5, 6)), begin = `${day(5)}T00:00:00Z`;
  assert.deepEqual([later.map((line) => [line[names.indexOf('kind')], line[names.indexOf('time')]]), await camt(5, 6)],
    [[['opening', begin], ['provisional', begin]], [begin, 'ITBD', day(5)]], 'what has not begun ends where it begins');
  const { kind, time: end, date } = await last(-3, -1);
  assert.deepEqual([kind, end, date, await camt(-3, -1)], ['closing', `${day(-1)}T00:00:00Z`, day(-2), [`${day(-1)}T00:00:00Z`, 'CLBD', day(-2)]]);
});

test('an entry is booked on its day in the zone of the period, in CSV, JSON lines and camt.053', async () => {
  const zone = new Date().getUTCHours() >= 11 ? 'Pacific/Kiritimati' : 'Pacific/Pago_Pago'; /* where it is another day now: from 10:00 to 24:00, from 0:00 to 11:00 */
  const dayThere = (time) => new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(new Date(time));
  const days = (n) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10);
  const of = async (format) => (await get(mine({ zone, from: days(-2), to: days(3), format }))).text;
  const [names, ...lines] = cells(await of('csv'));
  const column = (name) => lines.map((line) => line[names.indexOf(name)]);
  const [times, dates] = [column('time'), column('date')];
  const ends = [days(-2), dayThere(Date.now())];
  assert.deepEqual([dates.shift(), dates.pop()], ends, 'opening and closing have the first and the last day');
  assert.deepEqual(dates, times.slice(1, -1).map(dayThere));
  assert.ok(dates.length === 4 && dates.every((day, i) => day !== times[i + 1].slice(0, 10)), 'which is not that of UTC');
  const [, ...entries] = (await of('jsonl')).trimEnd().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual(entries.map(({ date }) => date), dates);
  const camt = await of('camt053'), dated = (pattern) => [...camt.matchAll(pattern)].map(([, day]) => day);
  assert.deepEqual(dated(/<BookgDt><Dt>([\d-]+)<\/Dt><\/BookgDt>/g), dates);
  assert.deepEqual(dated(/<ValDt><Dt>([\d-]+)<\/Dt><\/ValDt>/g), dates, 'which is the day of the value as well');
  assert.deepEqual(dated(/<Dt><Dt>([\d-]+)<\/Dt><\/Dt><\/Bal>/g), ends);
  assert.deepEqual(dated(/<TxDtTm>([^<]+)</g), times.slice(1, -1));
});

test('what is long is sent while it is written, what is short has its length', async () => {
  const busy = await newSeller(s.env);
  const sell = (description) => outcomeOf((options) => busy.call('POST', '/v1/payments',
    { store: busy.store.id, amount: 1_000, currency: 'EUR', description, confirm: { payment_token: 'tok_test_visa' } }, options));
  const asked = () => get({ user: busy.user.id, currency: 'EUR', format: 'jsonl' }, busy.token);
  await sell('An article');
  const short = await asked();
  assert.deepEqual([short.status, short.headers.get('transfer-encoding'), Number(short.headers.get('content-length'))], [200, null, Buffer.byteLength(short.text)]);
  const sold = await Promise.all(Array.from({ length: 100 }, () => sell('An article that is described at length '.repeat(12).trim())));
  assert.ok(sold.every(({ body }) => body.status === 'succeeded'));
  const long = await asked();
  assert.deepEqual([long.status, long.headers.get('transfer-encoding'), long.headers.get('content-length')], [200, 'chunked', null]);
  assert.match(long.headers.get('content-disposition'), /^attachment; filename="statement-/);
  assert.equal(long.headers.get('stoa-version'), short.headers.get('stoa-version'));
  assert.ok(long.text.length > 65_536, `${long.text.length}`);
  const [head, ...lines] = long.text.trimEnd().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual([head.entries, lines.length, lines.at(-1).balance], [101, 101, head.closing]);
});

/* What is read on paper; qpdf finds nothing that is wrong with the file. */
function paper(bytes) {
  const file = join(mkdtempSync(join(process.env.STOA_TEST_TMP ?? tmpdir(), 'act-')), 'act.pdf');
  writeFileSync(file, bytes);
  execFileSync('qpdf', ['--check', file], { stdio: 'pipe' });
  return execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
}

test('on paper a statement has its balances and entries, and of a period that is over never other ones', async () => {
  const pdf = (more) => fetch(`${s.env.pay_api}/v1/statement?${new URLSearchParams(mine({ format: 'pdf', ...more }))}`, { headers: { authorization: `Bearer ${seller.token}` } });
  const now = await pdf({});
  assert.deepEqual([now.status, now.headers.get('content-type')], [200, 'application/pdf']);
  assert.match(now.headers.get('content-disposition'), /^attachment; filename="statement-\d{4}-\d\d-01\.pdf"$/);
  const text = paper(Buffer.from(await now.arrayBuffer()));
  assert.match(text, /Statement of account, EUR.*PROVISIONAL|PROVISIONAL.*Statement of account, EUR/s);
  assert.equal(text.match(/^\d{4}-\d\d-\d\d +Sale +An article /gm)?.length, 2, text);
  assert.equal(text.match(/^ +pay_\w{26}$/gm)?.length, 3, 'what was sold is read, and below it the whole reference');
  const berlin = await pdf({ from: '2026-03-01', to: '2026-04-01', zone: 'Europe/Berlin' });
  assert.match(berlin.headers.get('content-disposition'), /"statement-2026-03-01\.pdf"/, 'by the day that was asked for, in its zone');
  assert.ok(text.includes(`${(await seller.available() / 100).toFixed(2)}`), text);
  const past = { from: '2026-03-01', to: '2026-04-01' };
  const closed = Buffer.from(await (await pdf(past)).arrayBuffer());
  assert.ok(!paper(closed).includes('PROVISIONAL') && paper(closed).includes(seller.user.name), paper(closed));
  await s.psql(`update pay.pay_user set name = 'Somebody Else' where user_id = '${seller.user.id}'`);
  try {
    assert.deepEqual(Buffer.from(await (await pdf(past)).arrayBuffer()), closed, 'a later name changes nothing that is closed');
    assert.ok(paper(Buffer.from(await (await pdf({})).arrayBuffer())).includes('Somebody Else'));
  } finally {
    await s.psql(`update pay.pay_user set name = '${seller.user.name.replaceAll("'", "''")}' where user_id = '${seller.user.id}'`);
  }
});

test('on paper French sums of a thousand and more are read whole', async () => {
  const rich = await newSeller(s.env);
  await rich.sell(654_321);
  const query = new URLSearchParams({ user: rich.user.id, currency: 'EUR', format: 'pdf', locale: 'fr' });
  const answer = await fetch(`${s.env.pay_api}/v1/statement?${query}`, { headers: { authorization: `Bearer ${rich.token}` } });
  const text = paper(Buffer.from(await answer.arrayBuffer()));
  assert.match(text, /\d\s\d{3},\d\d/, text);
  assert.ok(!text.includes('\ufffd'), text);
});

test('what came with a payment is its parts and the amount, whose account it ever is', async () => {
  const platform = await s.operator('paysrv', 'statements', 'write', partner, '--account', 'platform', '--currency', 'EUR', '--format', 'csv');
  for (const text of [(await get(mine())).text, (await get({ account: 'partner', currency: 'EUR' })).text, platform.stdout]) {
    const [names, ...lines] = cells(text);
    const charges = lines.map((line) => Object.fromEntries(names.map((name, i) => [name, line[i]]))).filter(({ kind }) => kind === 'charge' || kind === 'refund');
    assert.ok(charges.length >= 4);
    for (const line of charges) {
      const sum = ['platform_fee', 'partner_fee', 'other_sellers', 'amount'].reduce((total, name) => total + minor(line[name]), 0);
      assert.deepEqual([minor(line.net), minor(line.gross) - minor(line.fee)], [sum, sum], JSON.stringify(line));
    }
  }
});

test('a period that is over is closed for ever, and begins with what the one before it ended with', async () => {
  const head = async (query) => JSON.parse((await get({ account: 'partner', currency: 'EUR', format: 'jsonl', ...query })).text.split('\n')[0]);
  const past = await head({ from: '2026-01-01', to: '2026-02-01', zone: 'Europe/Berlin' });
  assert.deepEqual([past.closed, past.from, past.to, past.entries], [true, '2025-12-31T23:00:00Z', '2026-01-31T23:00:00Z', 0]);
  const next = await head({ from: '2026-02-01', zone: 'Europe/Berlin' });
  assert.deepEqual([next.closed, next.opening], [false, past.closing]);
  assert.deepEqual(await s.psql("select count(*)::int as n from pay.ledger_cut where at in ('2025-12-31T23:00:00Z', '2026-01-31T23:00:00Z')"), [{ n: 2 }]);
  const { code, stdout, stderr } = await s.operator('paysrv', 'statements', 'write', partner, '--account', 'platform', '--currency', 'EUR', '--format', 'jsonl');
  assert.equal(code, 0, stderr);
  const [platform, ...lines] = stdout.trimEnd().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual([platform.account, lines.at(-1).balance], ['platform', platform.closing]);
  assert.deepEqual(await s.psql('select * from pay.v_inv'), []);
});

test('a month of the partner: figures are sums of the ledger', async () => {
  const month = new Date().toISOString().slice(0, 7);
  const report = (path) => fetch(`${s.env.pay_api}${path}`, { headers: { authorization: `Bearer ${seller.token}` } });
  const of = (one, more = '') => report(`/v1/reports/${one}?currency=EUR${more}`);
  const now = await (await of(month)).json();
  assert.deepEqual([now.number, now.closed, now.month, now.partner], [null, false, month, partner]);
  const [ledger] = await s.psql(`select sum(amount) filter (where a.kind = 'acquirer_receivable' and e.kind in ('charge', 'capture'))::bigint as sales,
    -sum(amount) filter (where a.kind = 'acquirer_receivable' and e.kind = 'refund')::bigint as refunds, -sum(amount) filter (where a.kind = 'partner')::bigint as partner
    from pay.posting q join pay.account a using (account_id) join pay.entry e using (entry_id) where a.partner_id = '${partner}' and q.currency = 'EUR'`);
  assert.ok(Number(ledger.sales) >= now.figures.sales && now.figures.sales >= 15_333 && now.figures.refunds >= 1_000);
  assert.equal(now.figures.sales - now.figures.refunds - now.figures.disputes, now.figures.sellers_share + now.figures.partner_share + now.figures.platform_share);
  for (const entry of now.entries) if (['charge', 'refund'].includes(entry.kind)) assert.equal(entry.gross, entry.sellers + entry.partner + entry.platform);

  assert.match(paper(Buffer.from(await (await of(month, '&format=pdf')).arrayBuffer())), /Provisional report, .*PROVISIONAL/s);
  const whose = await report(`/v1/reports/${month}`);
  assert.deepEqual([whose.status, (await whose.json()).param], [400, 'currency'], 'no currency is no failure of ours');
  for (const [path, param] of [['2026-13?currency=EUR', 'month'], ['2999-01?currency=EUR', 'month'], [`${month}?currency=ZZZ`, 'currency'], [`${month}?currency=EUR&format=xls`, 'format'], [`${month}?currency=EUR&format=pdf&locale=no_tag`, 'locale']]) {
    const refused = await report(`/v1/reports/${path}`);
    assert.deepEqual([refused.status, (await refused.json()).param], [422, param]);
  }
});

test('a month that is over stays as it was reported, and those beside it begin and end with it', async () => {
  const { slug, token } = await newPartner(s);
  await s.psql(`update pay.partner set created_at = '2025-11-20' where partner_id = '${slug}';
    with made as (insert into pay.account (partner_id, kind, user_id, currency, side) values ('${slug}', 'partner', '', 'EUR', -1) returning account_id)
    insert into pay.balance (account_id, is_spent) select account_id, false from made`);
  const report = (path) => fetch(`${s.env.pay_api}${path}`, { headers: { authorization: `Bearer ${token}` } });
  const of = (one, more = '') => report(`/v1/reports/${one}?currency=EUR${more}`);
  const agree = async (number, day, name, zone) => assert.equal((await s.operator('paysrv', 'partners', 'agreement', slug, '--number', number, '--signed-on', day, '--name', name, '--zone', zone)).code, 0);
  await agree('=7/26', '2026-01-01', 'Чернила и перо', 'Europe/Berlin');
  const past = await (await of('2026-01')).json();
  assert.deepEqual([past.closed, past.from, past.agreement.number, past.figures.sales], [true, '2025-12-31T23:00:00Z', '=7/26', 0]);
  await agree('8/26', '2026-02-01', 'Other Ltd', 'UTC');
  assert.deepEqual(await (await of('2026-01')).json(), past, 'what was reported stays, whatever is agreed later');
  const { stdout } = await s.operator('paysrv', 'reports', 'show', slug, '2026-01', '--currency', 'EUR');
  assert.equal(stdout, await (await of('2026-01', '&format=csv')).text());
  for (const line of ['partner_legal_name,Чернила и перо', 'agreement_signed_on,2026-01-01', 'platform,Stoa Demo Operator', 'from,2025-12-31T23:00:00Z', 'to,2026-01-31T23:00:00Z', 'zone,Europe/Berlin', `report,${past.number}`])
    assert.ok(stdout.includes(`\r\n${line}\r\n`), `${line} in ${stdout}`);
  assert.match(stdout, /\r\nclosed_at,20\d\d-/);
  assert.ok(stdout.startsWith('agreement,"\'=7/26"\r\npartner,') && stdout.includes('\r\nsales,0.00\r\n') && stdout.includes('\r\nbalances,opening,closing\r\n'), stdout);

  const act = await of('2026-01', '&format=pdf');
  assert.deepEqual([act.headers.get('content-type'), act.headers.get('content-disposition')], ['application/pdf', 'attachment; filename="report-2026-01-EUR.pdf"']);
  const bytes = Buffer.from(await act.arrayBuffer());
  const text = paper(bytes);
  for (const part of [`Act no. ${past.number}, 2026-01-01 to 2026-01-31, EUR`, 'agreement no. =7/26 of 2026-01-01', 'Stoa Demo Operator', 'Чернила и перо', '2026-01-01 to 2026-01-31, in the time zone Europe/Berlin', 'from 2025-12-31 23:00 UTC until 2026-01-31 23:00 UTC', '0.00 EUR', 'For the partner', 'page 1 of 1']) assert.ok(text.includes(part), `${part} in ${text}`);
  assert.ok(!text.includes('PROVISIONAL'), text);
  const russian = paper(Buffer.from(await (await of('2026-01', '&format=pdf&locale=ru-RU')).arrayBuffer()));
  for (const part of [`Акт № ${past.number}, 01.01.2026 – 31.01.2026, EUR`, 'Перевод. Подписывается', '0,00']) assert.ok(russian.includes(part), russian);
  for (const locale of ['de', 'es', 'fr', 'it', 'pl', 'pt-BR', 'ru', 'tr', 'uk'])
    assert.doesNotMatch(paper(Buffer.from(await (await of('2026-01', `&format=pdf&locale=${locale}`)).arrayBuffer())), /…/, `${locale}: nothing is cut`);
  assert.deepEqual(Buffer.from(await (await of('2026-01', '&format=pdf')).arrayBuffer()), bytes, 'the same bytes each time');
  assert.match((await s.operator('paysrv', 'reports', 'show', slug, '2026-01', '--currency', 'EUR', '--format', 'pdf', { env: {} })).stdout, /^%PDF-.*%%EOF\s*$/s);

  /* In UTC by now: no entry may be in two acts, or in none. */
  const [before, next] = [await (await of('2025-12')).json(), await (await of('2026-02')).json()];
  assert.deepEqual([before.from, before.to, next.from, next.to], ['2025-12-01T00:00:00Z', past.from, past.to, '2026-03-01T00:00:00Z']);
  for (const [path, status, param] of [['2025-10?currency=EUR', 422, 'month'], ['2026-01?currency=JPY', 404, 'currency']]) {
    const refused = await report(`/v1/reports/${path}`);
    assert.deepEqual([refused.status, (await refused.json()).param], [status, param], 'no act of what there never was');
  }
  assert.deepEqual((await (await report('/v1/reports')).json()).data.map((one) => [one.month, one.number]), [['2026-02', next.number], ['2026-01', past.number], ['2025-12', before.number]]);
  assert.match((await s.operator('paysrv', 'reports', 'list', slug)).stdout, /\t2026-01\tEUR\tclosed /);
});

/* ---- invoices for fees (docs/decisions/0111) ---- */

/* Of a partner with 5 of 100 for the platform and 25 for itself; called as its own token. */
async function charging(...words) {
  const { slug, token } = await newPartner(s, '--platform-bp', '500', '--partner-bp', '2500', ...words);
  const call = async (path, options = {}) => fetch(`${s.env.pay_api}${path}`, { headers: { authorization: `Bearer ${options.token ?? token}` } });
  const list = async (query = '') => (await (await call(`/v1/fee_invoices?limit=100&${query}`)).json()).data;
  const run = async (...verb) => { const { code, stderr, stdout } = await s.operator('paysrv', ...verb); assert.equal(code, 0, stderr); return stdout; };
  return { slug, token, call, list, run };
}

/* What an issuer has in the books of a seller's sales, refunds, disputes and payouts, without who paid the acquirer for a dispute. */
const charged = async (user, issuer, until = 'infinity') => Number((await s.psql(`select coalesce(-sum(q.amount), 0)::bigint as n from pay.posting q join pay.account a using (account_id) join pay.entry e using (entry_id)
  left join pay.capture c on c.capture_id = e.ref left join pay.refund r on r.refund_id = e.ref left join pay.dispute d on d.dispute_id = e.ref left join pay.payout o on o.payout_id = e.ref
  left join pay.payment p on p.payment_id = coalesce(c.payment_id, r.payment_id, d.payment_id, e.ref)
  where a.kind = '${issuer}' and coalesce(o.user_id, p.user_id) = '${user}' and e.created_at < '${until}'`))[0].n);

test('a month that is over is invoiced to each seller by who charged him, as the ledger has it, and stays so', async () => {
  const partner = await charging('--sandbox');
  const { slug, token, run } = partner;
  await run('partners', 'agreement', slug, '--number', '1', '--signed-on', '2026-01-01', '--name', 'Ink & Sons', '--address', 'Quill Lane 2', '--zone', 'America/New_York');
  await run('fees', 'tax', '--partner', slug, '--from', '2026-01', '--rate-bp', '2000', '--name', 'Ink & Sons Ltd', '--address', 'Quill Lane 1, London', '--tax-id', 'GB999999973');
  await run('fees', 'tax', '--partner', slug, '--from', '2999-01', '--untaxed', 'exempt', '--name', 'Later', '--address', 'Elsewhere');
  await run('payouts', 'fee', slug, '--currency', 'EUR', '--fixed', '100', '--to', 'partner');
  const one = await newSeller(s.env, { token }), other = await newSeller(s.env, { token });
  const of = (seller, path, body) => seller.call('POST', path, body).then(({ status, body: answer }) => (assert.ok(status < 300, JSON.stringify(answer)), answer));
  await of(one, `/v1/users/${one.user.id}/legal_profile`, { kind: 'company', name: 'Ada Letters GmbH', tax_id: 'DE136695976', address: { country: 'DE', town: 'Berlin', street: 'Am Markt', building: '3', postcode: '10115' } });
  await one.sell(10_000);
  await one.sell(333);
  await other.sell(5_000);
  const sold = await of(one, '/v1/payments', { store: one.store.id, amount: 7_000, currency: 'EUR', description: 'An article', confirm: { payment_token: 'tok_test_visa' } });
  await of(one, `/v1/payments/${sold.id}/refunds`, { amount: 1_999 });
  /* Of what two sell together the fees are his whose store it was. */
  await of(one, '/v1/payments', { store: one.store.id, amount: 3_001, currency: 'EUR', description: 'Of two', confirm: { payment_token: 'tok_test_visa' },
    split: [{ party: 'platform', bp: 500 }, { party: 'partner', bp: 2500 }, { party: 'user', user: other.user.id, bp: 3000 }, { party: 'seller', rest: true }] });
  const { body: own } = await one.call('POST', '/v1/stores', { name: 'Of the partner', owner: 'partner', currency: 'EUR' });
  await of(one, '/v1/payments', { store: own.id, amount: 2_000, currency: 'EUR', description: 'An article', confirm: { payment_token: 'tok_test_visa' } });
  const { body: contested } = await one.call('POST', '/v1/payments', { store: one.store.id, amount: 1_000, currency: 'EUR', description: 'Contested' });
  await of(one, `/v1/payments/${contested.id}/confirm`, { payment_token: (await s.acquirer('POST', '/v1/tokens', { number: '4000000000001166' })).id });
  const dispute = await eventually(async () => (await one.call('GET', `/v1/disputes?payment=${contested.id}`)).body.data[0], { what: 'its bank disputes it' });
  const { body: payout } = await one.request(1_000);
  const [mail] = (await one.call('GET', `/v1/test_mails?recipient=${encodeURIComponent(one.email)}&limit=1`)).body.data;
  assert.equal((await one.confirm(payout.id, mail.code)).status, 200);

  assert.deepEqual(await partner.list(), [], 'before a month is over nothing is invoiced');
  const books = { platform: await charged(one.user.id, 'platform'), partner: await charged(one.user.id, 'partner'), other: await charged(other.user.id, 'partner') };
  const clock = async () => (await one.call('GET', '/v1/test_clock')).body;
  /* To the tenth of the next month, whatever day it is: it passes the end of one month, and of no other. */
  const nextMonth = async () => { const now = new Date((await clock()).now); await of(one, '/v1/test_clock/advance', { to: new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 10, 12)).toISOString() }); return eventually(async () => { const now = await clock(); return now.status === 'ready' && now; }, { what: 'the clock is ready' }); };
  const there = (time) => new Intl.DateTimeFormat('en-CA', { timeZone: 'America/New_York' }).format(new Date(time));
  const month = (await clock()).now.slice(0, 7); /* in which the partner was made, by UTC */
  await nextMonth();
  const issued = await partner.list();
  assert.deepEqual(issued.map(({ issued_by, user, month: of }) => [issued_by, user, of]).sort(),
    [['platform', null, month], ...['platform', 'partner'].flatMap((by) => [one, other].map(({ user }) => [by, user.id, month]))].sort(), 'of its own store the partner is charged by the platform alone');
  const his = Object.fromEntries(issued.filter(({ user }) => user === one.user.id).map((invoice) => [invoice.issued_by, invoice]));
  for (const invoice of issued) {
    assert.equal(invoice.gross, invoice.lines.reduce((sum, { amount }) => sum + amount, 0));
    assert.equal(invoice.net + invoice.tax, invoice.gross);
    assert.deepEqual([invoice.type, invoice.livemode, invoice.zone, invoice.currency, invoice.number.slice(0, 5)], ['invoice', false, 'America/New_York', 'EUR', 'TEST-']);
    assert.deepEqual([there(new Date(Date.parse(invoice.from) - 1)) < `${month}-01`, invoice.date > month, invoice.date.slice(8), invoice.date, there(invoice.issued_at)], [true, true, '01', invoice.to.slice(0, 10), invoice.date], 'it is issued when the month is over in its zone');
  }
  assert.deepEqual([his.platform.gross, his.partner.gross, issued.find(({ user, issued_by }) => user === other.user.id && issued_by === 'partner').gross], [books.platform + dispute.fee, books.partner, books.other]);
  assert.deepEqual(his.partner.lines.map(({ kind, count }) => [kind, count]), [['dispute', 1], ['payout', 1], ['refund', 1], ['sale', 5]]);
  assert.deepEqual(his.platform.lines.filter(({ kind }) => kind === 'dispute_fee'), [{ kind: 'dispute_fee', count: 1, amount: dispute.fee }]);
  assert.deepEqual([his.partner.tax_rate_bp, his.partner.tax, his.partner.untaxed], [2000, Math.round(books.partner / 6), null]);
  assert.deepEqual([his.platform.tax_rate_bp, his.platform.tax, his.platform.untaxed], [null, 0, 'not_stated']);
  assert.deepEqual(his.partner.issuer, { name: 'Ink & Sons Ltd', address: 'Quill Lane 1, London', tax_id: 'GB999999973' });
  assert.deepEqual(his.partner.recipient, { name: 'Ada Letters GmbH', address: 'Am Markt 3, 10115 Berlin, DE', tax_id: 'DE136695976' });

  const pdf = async () => { const answer = await partner.call(`/v1/fee_invoices/${his.partner.id}?format=pdf`); return [answer.headers.get('content-type'), answer.headers.get('content-disposition'), Buffer.from(await answer.arrayBuffer())]; };
  const [type, name, bytes] = await pdf();
  assert.deepEqual([type, name], ['application/pdf', `attachment; filename="${his.partner.number}-${month}.pdf"`]);
  const text = paper(bytes), money = (amount) => `${(amount / 100).toFixed(2)} EUR`;
  for (const part of [`Invoice ${his.partner.number}, fees of ${month}, EUR`, 'Ink & Sons Ltd', 'Tax id GB999999973', 'Ada Letters GmbH', 'Am Markt 3, 10115 Berlin, DE', 'Tax id DE136695976', his.partner.date, 'America/New_York', 'Tax, 20.00 %', money(his.partner.net), money(his.partner.tax), money(his.partner.gross), 'TEST: nothing was sold'])
    assert.ok(text.includes(part), `${part} in ${text}`);
  assert.ok(paper(Buffer.from(await (await partner.call(`/v1/fee_invoices/${his.platform.id}?format=pdf`)).arrayBuffer())).includes('No tax is stated.'));
  assert.deepEqual(JSON.parse(await run('fees', 'show', his.platform.id)), his.platform);

  const operator = createAgent();
  await operatorLogIn(s.env, operator, s.env.admin);
  const page = await operator.open(`${s.env.pay_api}/operator/sellers/${one.user.id}`);
  assert.ok(page.text.includes(`<a href="/operator/fee_invoices/${his.partner.id}"><bdi dir="ltr">${his.partner.number}</bdi></a>`) && page.text.includes(money(his.partner.gross)), page.text);
  assert.match((await operator.open(`${s.env.pay_api}/operator/fee_invoices/${his.partner.id}`)).text, /^%PDF-/);
  assert.equal((await operator.open(`${s.env.pay_api}/operator/fee_invoices/fin_nobodys`)).status, 404);

  /* What is said or done later is of later months: more goes back in the next one than was taken. */
  await run('fees', 'tax', '--partner', slug, '--from', month, '--untaxed', 'outside_scope', '--name', 'Another', '--address', 'Elsewhere');
  await of(one, `/v1/users/${one.user.id}/legal_profile`, { kind: 'company', name: 'Ada Postcards GmbH', tax_id: 'DE136695976', address: { country: 'DE', town: 'Potsdam' } });
  await of(one, `/v1/payments/${sold.id}/refunds`, { amount: 2_000 });
  assert.deepEqual([await (await partner.call(`/v1/fee_invoices/${his.partner.id}`)).json(), (await pdf())[2]], [his.partner, bytes]);
  for (const change of [`update pay.fee_invoice set gross = 0`, `delete from pay.fee_invoice`, `update pay.fee_invoice set recipient = '{"name":"-"}'`])
    await assert.rejects(s.psql(`${change} where fee_invoice_id = '${his.partner.id}'`), /append-only/);
  const second = there((await clock()).now).slice(0, 7);
  await nextMonth();
  const [note, ...rest] = await partner.list(`user=${one.user.id}&month=${second}&issued_by=partner`);
  assert.deepEqual([note.type, note.lines, note.untaxed, note.issuer.name, note.recipient.name, rest.length], ['credit_note', [{ kind: 'refund', count: 1, amount: -500 }], 'outside_scope', 'Another', 'Ada Postcards GmbH', 0]);
  assert.equal(books.partner + note.gross, await charged(one.user.id, 'partner'));
  assert.equal(note.from, his.partner.to, 'no entry is in two months, or in none');
  const numbers = (await partner.list('issued_by=partner')).map(({ number }) => Number(number.slice(5))).sort((a, b) => a - b);
  assert.deepEqual(numbers, numbers.map((_, i) => i + 1));
  assert.deepEqual((await one.call('GET', `/v1/users/${one.user.id}/data`)).body.more, [`/v1/fee_invoices?user=${one.user.id}`], 'what is kept of him says where his papers are');
  assert.match(await run('fees', 'list', slug, '--seller', one.user.id), new RegExp(`${his.partner.id}\t${his.partner.number}\t${month}\tpartner\t`));
  assert.match(await run('fees', 'taxes', '--partner', slug), /^from 2999-01\texempt\tLater\t.*\nfrom 20.*\toutside_scope\tAnother\t.*\nfrom 2026-01\t2000 bp\tInk & Sons Ltd\tQuill Lane 1, London\tGB999999973\t/);

  for (const [path, status, param] of [[`/v1/fee_invoices/${his.partner.id}?format=xls`, 422, 'format'], ['/v1/fee_invoices?issued_by=bank', 422, 'issued_by'], ['/v1/fee_invoices?month=2026-13', 422, 'month'], ['/v1/fee_invoices/fin_nobodys', 404], ['/v1/fee_invoices?user=usr_nobodys', 404]]) {
    const refused = await partner.call(path);
    assert.deepEqual([refused.status, (await refused.json()).param], [status, param], path);
  }
  assert.equal((await partner.call(`/v1/fee_invoices/${his.partner.id}`, { token: seller.token })).status, 404, 'another partner’s is not there');
  for (const words of [['--from', '2026-13', '--rate-bp', '1'], ['--from', '2026-01'], ['--from', '2026-01', '--rate-bp', '1', '--untaxed', 'exempt'], ['--from', '2026-01', '--untaxed', 'not_stated']])
    assert.equal((await s.operator('paysrv', 'fees', 'tax', '--partner', slug, '--name', 'X', '--address', 'Y', ...words)).code, 2, words.join(' '));
});

/* Papers of one month are of the same hours, whichever comes first and whatever zone is agreed between. */
test('the acts of a month in every currency and its invoices are of the same period', async () => {
  const partner = await charging(), { slug, run } = partner;
  const agree = (number, zone) => run('partners', 'agreement', slug, '--number', number, '--signed-on', '2026-01-01', '--name', 'Ink & Sons', '--zone', zone);
  await s.psql(`update pay.partner set created_at = '2026-01-20' where partner_id = '${slug}';
    with made as (insert into pay.account (partner_id, kind, user_id, currency, side) select '${slug}', 'partner', '', currency, -1 from unnest('{EUR,RUB}'::text[]) currency returning account_id)
    insert into pay.balance (account_id, is_spent) select account_id, false from made`);
  const act = async (month, currency) => { const { from, to, zone } = await (await partner.call(`/v1/reports/${month}?currency=${currency}`)).json(); return [from, to, zone]; };
  /* As if it were the first days of the next month. */
  const invoiced = async (month) => {
    await s.psql(`insert into pay.fee_charged values ('${slug}', '${month}', '', 'platform', 'EUR', 'sale', 1, 50);
      update pay.fee_month set month = '${month}', begins_at = '${month}-01', position = null, ends_at = null, to_entry = null, zone = null, due_at = now() where partner_id = '${slug}'`);
    await run('fees', 'issue');
    const [{ from, to, zone }] = await eventually(async () => { const issued = await partner.list(`month=${month}`); return issued.length > 0 && issued; }, { what: 'it is invoiced' });
    return [from, to, zone];
  };
  const april = await invoiced('2026-04');
  assert.deepEqual(april, ['2026-04-01T00:00:00Z', '2026-05-01T00:00:00Z', 'UTC'], 'nothing is agreed yet');
  await agree('1', 'Europe/Moscow');
  assert.deepEqual([await act('2026-04', 'EUR'), await act('2026-04', 'RUB')], [april, april], 'the acts are of what is invoiced');
  const march = await act('2026-03', 'EUR');
  assert.deepEqual(march, ['2026-02-28T21:00:00Z', '2026-04-01T00:00:00Z', 'UTC']);
  const june = await act('2026-06', 'EUR');
  assert.deepEqual(june, ['2026-05-31T21:00:00Z', '2026-06-30T21:00:00Z', 'Europe/Moscow']);
  await agree('2', 'Asia/Tokyo');
  assert.deepEqual([await act('2026-03', 'RUB'), await act('2026-06', 'RUB'), await invoiced('2026-06'), await invoiced('2026-03')], [march, june, june, march], 'and what comes later is of the acts');
  const [may, july] = [await invoiced('2026-05'), await invoiced('2026-07')];
  assert.deepEqual([may, july], [[april[1], june[0], 'Europe/Moscow'], [june[1], '2026-07-31T15:00:00Z', 'Asia/Tokyo']], 'months beside are between them');
  assert.deepEqual([await act('2026-05', 'RUB'), await act('2026-07', 'EUR')], [may, july]);

  /* Who is made in the first hours of a month by UTC, of a zone where it is the month before, begins then. */
  await s.psql(`update pay.partner set created_at = '2026-09-01T02:00:00Z' where partner_id = '${slug}'`);
  await agree('3', 'America/New_York');
  assert.deepEqual(await act('2026-09', 'EUR'), ['2026-09-01T00:00:00Z', '2026-10-01T04:00:00Z', 'America/New_York']);
  assert.equal((await partner.call('/v1/reports/2026-08?currency=RUB')).status, 422);
});

test('invoices that several servers issue at once have each number once, and none is left out', async () => {
  const partner = await charging(), sellers = await Promise.all(Array.from({ length: 8 }, () => newSeller(s.env, { token: partner.token })));
  await Promise.all(sellers.map((one) => one.sell(1_000)));
  const issue = async () => { for (const { code, stderr } of await Promise.all(Array.from({ length: 3 }, () => s.operator('paysrv', 'fees', 'issue', { env: {} })))) assert.equal(code, 0, stderr); };
  /* The month that is over is one of before, and all of today is in it. */
  await s.psql(`update pay.fee_month set month = '2026-01', begins_at = '2026-01-01', ends_at = '2026-02-01', to_entry = (select max(entry_id) from pay.entry), zone = 'UTC', due_at = now() where partner_id = '${partner.slug}'`);
  await issue();
  const issued = await eventually(async () => { const all = await partner.list(); return all.length === 16 && all; }, { what: 'all is invoiced' });
  for (const by of ['platform', 'partner']) assert.deepEqual(issued.filter(({ issued_by }) => issued_by === by).map(({ user, gross }) => [user, gross]).sort(), sellers.map(({ user }) => [user.id, by === 'partner' ? 250 : 50]).sort());
  const numbers = issued.filter(({ issued_by }) => issued_by === 'partner').map(({ number }) => number).sort();
  assert.deepEqual(numbers, ['FEE-1', 'FEE-2', 'FEE-3', 'FEE-4', 'FEE-5', 'FEE-6', 'FEE-7', 'FEE-8']);
  await issue();
  assert.equal((await partner.list()).length, 16);
  assert.deepEqual(await s.psql(`select month > '2026-01' as later, (select count(*)::int from pay.fee_charged c where c.partner_id = m.partner_id) as left from pay.fee_month m where partner_id = '${partner.slug}'`), [{ later: true, left: 0 }]);

  /* All is added up, and all of them are at what is left. */
  await s.psql(`insert into pay.fee_charged select '${partner.slug}', '2025-12', 'usr_' || n, i, 'EUR', 'sale', 1, n from generate_series(1, 150) n cross join unnest('{platform,partner}'::text[]) i;
    update pay.fee_month set month = '2025-12', begins_at = '2025-12-01', ends_at = '2026-01-01', to_entry = position, zone = 'UTC', due_at = now() where partner_id = '${partner.slug}'`);
  await issue();
  const kept = () => s.psql(`select issuer, count(distinct user_id)::int as users, sum(gross)::int as gross from pay.fee_invoice where partner_id = '${partner.slug}' and month = '2025-12' group by issuer order by issuer`);
  await eventually(async () => (await s.psql(`select from pay.fee_charged where partner_id = '${partner.slug}'`)).length === 0, { what: 'all is invoiced' });
  assert.deepEqual(await kept(), ['partner', 'platform'].map((issuer) => ({ issuer, users: 150, gross: 11_325 })));
  const series = await s.psql(`select x.partner_id, x.last_number::int as given, count(*)::int as n, min(f.number)::int as first, max(f.number)::int as last
    from pay.fee_series x join pay.fee_invoice f on f.clock = x.clock and case f.issuer when 'partner' then f.partner_id else '' end = x.partner_id
    where x.clock = '' and x.partner_id in ('', '${partner.slug}') group by x.partner_id, x.last_number order by x.partner_id`);
  assert.deepEqual(series.map(({ partner_id: whose }) => whose), ['', partner.slug], 'the platform counts those of all partners');
  for (const { given, n, first, last } of series) assert.deepEqual([first, last, given], [1, n, n], 'no number is left out');
});

test('what is asked for wrongly is named, and accounts of others are not there', async () => {
  const refused = async (query, token) => {
    const { status, text } = await get(query, token);
    const { code, param } = JSON.parse(text);
    return [status, code, param];
  };
  for (const [query, param] of [[mine({ format: 'xls' }), 'format'], [mine({ account: 'platform' }), 'account'], [mine({ from: '2026-02-30' }), 'from'], [mine({ to: 'today' }), 'to'], [mine({ from: '2026-02-01T00:00:00Z' }), 'from'],
    [mine({ from: '2026-02-01', to: '2026-02-01' }), 'to'], [mine({ zone: 'Europe/Nowhere' }), 'zone'], [mine({ currency: 'ZZZ' }), 'currency'], [{ currency: 'EUR' }, 'user']]) {
    assert.deepEqual((await refused(query)).slice(0, 3), [422, 'invalid_parameter', param]);
  }
  assert.deepEqual(await refused({ user: seller.user.id }), [400, 'invalid_request', 'currency'], 'the currency is needed');
  assert.equal((await refused(mine({ user: 'usr_nobody' })))[0], 404);
  assert.equal((await refused(mine({ currency: 'JPY' })))[0], 404);
  assert.equal((await refused(mine(), await partnerToken(s.env, SCOPES.replace(' pay.balance', ''))))[0], 403);
});
