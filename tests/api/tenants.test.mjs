/*
 * Whose things they are (SECURITY K): each route that takes a token is asked for what is another's, by another partner, its people and another
 * person of the same partner. The answer is that about what there is not, tells nothing of the owner, and changes nothing. The routes are those of
 * the served description: one that is new is asked, or fails here until tests/support/tenant_requests.mjs has a request for it.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { eventually } from '../support/eventually.mjs';
import { sharedStack } from '../support/stack.mjs';
import { month, REQUESTS } from '../support/tenant_requests.mjs';
import { ask, livePerson, person, tenant, tokenOf, WORDS } from '../support/tenants.mjs';

/* Codes and times name nothing, and what a partner has is not one person's. */
const NO_NAMES = ['code', 'listcode', 'schedulecode', 'movescode', 'month', 'version'];
const PARTNERS_OWN = ['agreement', 'partner', 'profile', 'unused', 'endpoint', 'endpoint2', 'event', 'request', 'hook'];
/* What tells the time, or is tried again by itself. */
const MOVES = /request_log|test_clock|\/deliveries|test_mails/;
/* Settings of the partner, which a person of it reads too. */
const PARTNERS_WIDE = /\/v1\/(billing|api_version)/;
/* What each answer has of its own: a cursor is sealed anew each time. */
const lasting = ({ status, text }) => `${status} ${text.replace(/"(next_cursor|request_id)":"[^"]*"/g, '')}`;
const ID = /\b[a-z]{2,4}_[0-9a-z]{20,}\b/g;

let s, below, owner, above, empty, live, ada, bob, others, eve;

before(async () => {
  s = await sharedStack();
  /* Lists go along keys that begin with the partner: one stands before the owner's, one behind, and nobody between. */
  const slug = `tenant-${randomUUID().slice(0, 8)}`;
  live = await tenant(s, `${slug}-e`, '--confirmations', 'none');
  [below, owner, above, empty] = await Promise.all(['a', 'b', 'c', 'd'].map((letter) => tenant(s, `${slug}-${letter}`, ...(letter === 'b' ? ['--sandbox-of', live.slug] : []))));
  const further = Object.fromEntries(Object.entries(WORDS).map(([kind, word]) => [kind, ['buyer', 'host'].includes(kind) ? word : `${word}-2`]));
  const [low, high] = [person(s, below), person(s, above)];
  ada = await person(s, owner);
  bob = await person(s, owner, further);
  others = await Promise.all([low, high]);
  eve = await livePerson(s, live, ada.account);
  assert.equal((await s.operator('paysrv', 'partners', 'agreement', owner.slug, '--number', '7', '--signed-on', '2026-01-01', '--name', 'Owner', '--zone', 'Europe/Berlin')).code, 0);
  /* What is asked of others' payouts is asked of nobody else's. */
  assert.equal((await s.operator('paysrv', 'payouts', 'limit', empty.slug, '--currency', 'EUR', '--most', '1')).code, 0);
  assert.equal((await s.operator('paysrv', 'disputes', 'policy', empty.slug, '--currency', 'EUR', '--shortfall', 'allow')).code, 0);
  assert.equal((await ask(s, owner.token, 'GET', `/v1/reports/${month(1)}?currency=EUR`)).status, 200); /* which keeps it */
});

after(async () => {
  assert.deepEqual(await s?.psql('select * from pay.v_inv'), []);
  for (const one of [below, owner, above, empty, live]) await one?.remove();
  await s?.stop();
});

/* ---- requests with things in them ---- */

const textOf = ({ path, query, body }) => `${path}?${query ?? ''} ${JSON.stringify(body ?? '')}`;
const namesIn = (request) => [...new Set([...textOf(request).matchAll(/\$([a-z0-9]+)/g)].map(([, name]) => name))].filter((name) => !NO_NAMES.includes(name));
/* Whether who has these things can ask it. */
const canAsk = (request, things) => [...textOf(request).matchAll(/\$([a-z0-9]+)/g)].every(([, name]) => things[name] !== undefined);
const put = (text, things) => text.replace(/\$([a-z0-9]+)/g, (_, name) => things[name] ?? assert.fail(`no ${name} in ${text}`));

function asked(request, things) {
  const path = put(request.query ? `${request.path}?${request.query}` : request.path, things);
  return [request.method, path, { raw: request.raw, body: request.body && JSON.parse(put(JSON.stringify(request.body), things)) }];
}

/* Of the same form, and nobody's. */
const nobodys = (id) => id.replace(/[0-9a-z](?=\W*$)/, (last) => (last === 'z' ? 'x' : 'z'));
const without = (things, names) => ({ ...things, ...Object.fromEntries(names.map((name) => [name, nobodys(things[name])])) });
const nameOf = (request) => `${request.method} ${textOf(request)}`;

/* What is compared: all but what each answer has of its own. */
function shape({ status, text, body }, things, names) {
  const told = names.reduce((all, name) => all.replaceAll(things[name], nobodys(things[name])), text);
  if (status < 400) return [status, told];
  const { type, title, detail, code, param } = body ?? {};
  return [status, type, title, detail && names.reduce((all, name) => all.replaceAll(things[name], nobodys(things[name])), detail), code, param];
}

async function isAsOfNobody(token, request, things, names) {
  const made = await ask(s, request.isPage ? null : token, ...asked(request, things));
  const none = await ask(s, request.isPage ? null : token, ...asked(request, without(things, names)));
  const what = `${nameOf(request)} with a foreign ${names}`;
  assert.deepEqual(shape(made, things, names), shape(none, things, names), what);
  if (!['GET', 'DELETE'].includes(request.method) && !(request.isBound && made.status < 300)) assert.ok(made.status >= 400 && made.status < 500, `${what}: ${made.status} ${made.text}`);
  return made;
}

/* ---- what is the owner's ---- */

const reads = REQUESTS.filter(({ method, isPage }) => method === 'GET' && !isPage);

async function read(token, things) {
  const answers = new Map();
  for (const request of reads.filter((one) => canAsk(one, things))) answers.set(nameOf(request), await ask(s, token, ...asked(request, things)));
  return answers;
}

/* Everything of the owner's that does not move by itself, as he reads it. */
async function sight() {
  const seen = {};
  for (const [who, things] of [['ada', ada.things], ['bob', bob.things]])
    for (const [name, answer] of await read(owner.token, things)) if (!MOVES.test(name)) seen[`${who}: ${name}`] = lasting(answer);
  const { body: { now } } = await ask(s, owner.token, 'GET', '/v1/test_clock');
  return { ...seen, 'the clock is ahead by minutes': Math.floor((Date.parse(now) - Date.now()) / 600_000 + 0.5) };
}

/* What was seen last, until something is done to the owner's things: it has stood still since. */
let stood;

async function still() {
  if (stood) return stood;
  let last = {};
  stood = await eventually(async () => {
    const now = await sight(), moved = Object.keys(now).filter((name) => now[name] !== last[name]);
    last = now;
    if (moved.length > 0) throw new Error(`it moves: ${moved}`);
    return now;
  }, { what: 'nothing of the owner’s moves any more' });
  return stood;
}

/* A test that changes what is the owner's says so. */
const moves = () => { stood = undefined; };

const idsIn = (answers) => [...answers.values()].flatMap(({ text }) => text.match(ID) ?? []);
/* spoken: what the asker has said himself; his own log of requests has all of that. */
const tells = (text, secrets, spoken) => secrets.filter((secret) => text.includes(secret) && !spoken.includes(secret));

function unchanged(now, then, what) {
  const moved = Object.keys(then).filter((name) => now[name] !== then[name]).map((name) => `${name}\nwas ${then[name]}\nis  ${now[name]}`);
  assert.equal(moved.length, 0, `${what}\n${moved.slice(0, 3).join('\n')}`);
}

/* ---- the walk ---- */

/* token asks with the owner's things, with one of these among its own, and for all that it has; secrets: what no answer has. */
async function walk({ token, things: own }, foreign, secrets, shared = []) {
  for (const request of REQUESTS.filter((one) => namesIn(one).length === 0 || canAsk(one, foreign))) {
    const names = namesIn(request).filter((name) => !shared.includes(name));
    const told = [];
    if (request.isLog) told.push([await ask(s, token, ...asked(request, foreign)), '']);
    else if (names.length === 0) told.push([await ask(s, request.isPage ? null : token, ...asked(request, own)), '']);
    else if (!request.isPage) told.push([await isAsOfNobody(token, request, foreign, names), textOf(request).replace(/\$([a-z0-9]+)/g, (_, name) => foreign[name])]);
    const mixed = (names.length > 1 || (names.length === 1 && namesIn(request).length > 1)) && canAsk(request, own);
    if (mixed)
      for (const name of names) told.push([await isAsOfNobody(token, request, { ...own, [name]: foreign[name] }, [name]), foreign[name]]);
    const kept = request.isLog ? secrets.filter((secret) => secret === foreign.partner) : secrets;
    for (const [{ status, text }, spoken] of told) assert.deepEqual(tells(text, kept, spoken), [], `${nameOf(request)} tells: ${status} ${text}`);
  }
}

const secretsOf = async (one, token, except = []) => [...new Set([
  ...Object.entries(one.things).filter(([name]) => !except.includes(name) && !NO_NAMES.includes(name)).map(([, value]) => value), ...idsIn(await read(token, one.things)),
])].filter((secret) => except.length === 0 || !/^(spl|agr)_/.test(secret));

const described = async () => (await (await fetch(`${s.env.pay_api}/openapi.json`)).json()).paths;

test('every route that takes a token is asked', async () => {
  const paths = await described();
  const known = REQUESTS.map(({ method, path }) => [method, path.split('?')[0].split('/')]);
  const has = (method, path) => known.some(([verb, words]) => verb === method && words.length === path.length && words.every((word, i) => word === path[i] || (path[i].startsWith('{'))));
  const missing = Object.entries(paths).flatMap(([path, operations]) => Object.entries(operations)
    .filter(([, { security: [one] = [] }]) => one?.bearer && !one.bearer.includes('pay.operator'))
    .map(([method]) => [method.toUpperCase(), path]))
    .filter(([method, path]) => !has(method, path.split('/')));
  assert.deepEqual(missing, []);
});

test('another partner is told nothing and changes nothing, whichever stands first', async () => {
  const secrets = [...await secretsOf(ada, owner.token), ...await secretsOf(bob, owner.token)];
  const seen = await still();
  for (const other of others) {
    await walk({ token: other.partner, things: other.things }, ada.things, secrets);
    unchanged(await sight(), seen, 'asked for');
  }
});

test('nor is a person of another partner', async () => {
  const secrets = [...await secretsOf(ada, owner.token), ...await secretsOf(bob, owner.token)];
  const seen = await still();
  await walk(others[0], ada.things, secrets);
  unchanged(await sight(), seen, 'asked for');
});

test('nor is another person of the same partner', async () => {
  const secrets = await secretsOf(ada, ada.token, PARTNERS_OWN);
  const seen = await still();
  await walk(bob, ada.things, secrets, ['agreement', 'partner']);
  const partners = ['profile', 'unused', 'endpoint', 'endpoint2', 'event', 'request', 'hook'].map((name) => ada.things[name]);
  for (const request of reads.filter((one) => namesIn(one).length === 0)) {
    const { status, text } = await ask(s, bob.token, ...asked(request, bob.things));
    assert.deepEqual(tells(text, partners, ''), [], `${nameOf(request)} tells of the partner's: ${status} ${text}`);
  }
  unchanged(await sight(), seen, 'asked for');
});

test('of two people of a partner, nothing of one goes with the other', async () => {
  const secrets = await secretsOf(ada, ada.token, PARTNERS_OWN);
  const apart = (name) => !['nobody', ...PARTNERS_OWN].includes(name);
  const seen = await still();
  for (const request of REQUESTS) {
    const names = namesIn(request).filter(apart);
    if (names.length > 1) {
      const mixed = await ask(s, owner.token, ...asked(request, { ...bob.things, [names.at(-1)]: ada.things[names.at(-1)] }));
      assert.ok((mixed.status >= 400 && mixed.status < 500) || request.method === 'DELETE', `${nameOf(request)} with another's ${names.at(-1)}: ${mixed.status} ${mixed.text}`);
    }
    if (request.method !== 'GET' || names.length === 0) continue;
    const { status, text } = await ask(s, request.isPage ? null : owner.token, ...asked(request, bob.things));
    assert.deepEqual(tells(text, secrets, ''), [], `${nameOf(request)} tells: ${status} ${text}`);
  }
  unchanged(await sight(), seen, 'asked for');
});

test('a partner that has nothing is told of nothing, and has no part of what others earned', async () => {
  const get = (path) => ask(s, empty.token, 'GET', path);
  const report = (back) => get(`/v1/reports/${month(back)}?currency=EUR`);
  for (const request of reads.filter((one) => namesIn(one).length === 0 && !one.isLog)) {
    const { status, body } = await ask(s, empty.token, ...asked(request, {}));
    if (status === 200 && body?.object === 'list') assert.deepEqual(body.data.filter(({ name }) => name !== 'default'), [], nameOf(request));
  }
  assert.deepEqual((await get('/v1/balance?party=partner')).body.available, []);
  for (const what of ['journal', 'trial_balance']) {
    const { text } = await get(`/v1/ledger/${what}?format=jsonl`);
    assert.doesNotMatch(text, /"(debits?|credits?|amount|opening|closing)":[^0n]/, text);
    assert.doesNotMatch(text, /journal_entry/, text);
  }
  assert.equal((await report(0)).status, 404, 'there is no account of its own');
  await s.psql(`set search_path to pay; with made as (insert into pay.account (partner_id, kind, user_id, currency, side) values ('${empty.slug}', 'partner', '', 'EUR', -1) returning account_id)
    insert into pay.balance (account_id, is_spent) select account_id, false from made`);
  const [now, before] = [(await report(0)).body, (await report(2)).body];
  assert.deepEqual([now.agreement, now.entries, Object.values(now.figures).filter(Boolean), Object.values(now.balances).flatMap(Object.values).filter(Boolean)], [null, [], [], []]);
  assert.deepEqual([now.from, before.to], [`${month(0)}-01T00:00:00Z`, `${month(1)}-01T00:00:00Z`], 'its own zone');
});

test('a buyer’s page has what is his at that store', async () => {
  const { billing, mailbox, user, subscription: his, invoice, paused, invoice2 } = ada.things;
  const { status, text } = await ask(s, null, 'GET', `/billing/${billing}`);
  for (const own of [`Shop of ${user}`, his, invoice]) assert.ok(text.includes(own), `${own} in ${status} ${text}`);
  for (const other of ['Look of', paused, invoice2, bob.things.subscription, others[0].things.subscription]) assert.ok(!text.includes(other), `${other} in ${text}`);
  for (const what of ['saved_cards', 'subscriptions'])
    for (const query of [`buyer=${WORDS.buyer}`, `store=${ada.things.store}&buyer=${WORDS.buyer}`]) {
      const { data } = (await ask(s, owner.token, 'GET', `/v1/${what}?${query}`)).body;
      assert.ok(data.length > 0 && data.every(({ buyer }) => buyer === WORDS.buyer), `${what}?${query}: ${JSON.stringify(data)}`);
    }
  const before = (await s.mails(mailbox)).length;
  assert.ok((await ask(s, null, 'POST', `/billing/${billing}/link`, { raw: { body: '', type: 'application/x-www-form-urlencoded' } })).status < 400);
  const mails = await eventually(async () => { const all = await s.mails(mailbox); return all.length > before && all; }, { what: 'the link is mailed to him' });
  for (const mail of mails) assert.ok(mail.text.includes(`Shop of ${user}`) && !mail.text.includes('Look of'), mail.text);
});

test('of what two sell together each is told of his own', async () => {
  moves();
  const split = [{ party: 'user', user: ada.things.user, bp: 1000 }, { party: 'seller', rest: true }];
  const { body: { id } } = await ask(s, owner.token, 'POST', '/v1/payments', { body: { store: bob.things.store, amount: 2000, currency: 'EUR', description: 'Of two', split, confirm: { payment_token: 'tok_test_visa' } } });
  const told = async (token) => (await ask(s, token, 'GET', `/v1/payments/${id}/payouts`)).text;
  for (const user of [ada.things.user, bob.things.user]) assert.ok((await told(owner.token)).includes(user), await told(owner.token));
  assert.ok((await told(bob.token)).includes(bob.things.user) && !(await told(bob.token)).includes(ada.things.user), await told(bob.token));
  assert.equal((await ask(s, ada.token, 'GET', `/v1/payments/${id}/payouts`)).status, 404, 'the store is his');
});

test('an idempotency key is its partner’s', async () => {
  moves();
  const other = others[0], key = randomUUID();
  const sale = (store) => ({ store, amount: 1002, currency: 'EUR', description: 'Of a key' });
  for (const [path, first, second] of [
    ['/v1/split_profiles', { name: 'Of a key', rules: [{ party: 'seller', rest: true }] }, { name: 'Of a key', rules: [{ party: 'seller', rest: true }] }],
    ['/v1/payments', sale(ada.things.store), sale(other.things.store)],
  ]) {
    const make = async (token, body) => (await ask(s, token, 'POST', path, { body, key })).body.id;
    const made = [await make(owner.token, first), await make(other.partner, second)];
    assert.ok(made[0] && made[1] && made[0] !== made[1], `${path}: ${made}`);
    assert.deepEqual([await make(owner.token, first), await make(other.partner, second)], made);
    const again = randomUUID(), at = async (token, body) => (await ask(s, token, 'POST', path, { body, key: again })).body.id;
    const beside = await Promise.all([at(owner.token, first), at(other.partner, second), at(owner.token, first), at(other.partner, second)]);
    for (const id of [beside[0], beside[2]].filter(Boolean)) assert.ok(![beside[1], beside[3]].includes(id), `${path} at the same moment: ${beside}`);
  }
});

test('one person at two partners is two users', async () => {
  const token = await tokenOf(above.client, ada.account);
  assert.equal((await ask(s, token, 'GET', '/v1/users/me')).status, 404);
  const { body: { id } } = await ask(s, token, 'POST', '/v1/users', { body: { name: 'The same' } });
  const me = async (one) => (await ask(s, one, 'GET', '/v1/users/me')).body.id;
  assert.deepEqual([await me(token), await me(ada.token)], [id, ada.things.user]);
  assert.notEqual(id, ada.things.user);
  assert.deepEqual((await ask(s, token, 'GET', '/v1/stores')).body.data, []);
});

test('what a partner sets for itself is its own', async () => {
  const seen = await still(), [, other] = others;
  const set = async (path, body) => assert.ok((await ask(s, other.partner, 'POST', path, { body })).status < 300, path);
  for (const [path, body, back] of [
    ['/v1/api_version', { version: '2026-11-01' }, { version: other.things.version }], ['/v1/billing', { on_dispute: 'continue' }], ['/v1/test_clock/advance', { by: 'PT1H' }],
  ]) {
    await set(path, body);
    unchanged(await sight(), seen, path);
    if (path === '/v1/api_version') assert.deepEqual(await s.psql(`select api_version from pay.partner where partner_id in ('${owner.slug}', '${empty.slug}') and api_version = '${body.version}'`), [], 'what a server remembers for a moment hides it');
    if (back) await set(path, back);
  }
});

/* ---- tokens that are less than their person's ---- */

/* Which scope each request needs: the description says it. */
async function scopes() {
  const routes = Object.entries(await described()).flatMap(([path, operations]) => Object.entries(operations)
    .map(([method, { security: [one] = [] }]) => [method.toUpperCase(), path.split('/'), one?.bearer?.[0]]));
  const is = (word, wanted) => wanted.startsWith('{') || wanted === word;
  return (request) => {
    const words = request.path.split('/'), fit = routes.filter(([method, path]) => method === request.method && path.length === words.length && path.every((word, i) => is(words[i], word)));
    fit.sort(([, a], [, b]) => a.filter((word) => word.startsWith('{')).length - b.filter((word) => word.startsWith('{')).length);
    return fit[0]?.[2] ?? assert.fail(`no scope of ${nameOf(request)}`);
  };
}

test('a token of one scope does nothing that needs another', async () => {
  const scopeOf = await scopes(), requests = REQUESTS.filter((one) => !one.isPage);
  const seen = await still();
  for (const scope of new Set(requests.map(scopeOf))) {
    const [hers, nothings] = await Promise.all([owner.client, empty.client].map((client) => tokenOf(client, ada.account, { scope: `openid email ${scope}` })));
    for (const request of requests) {
      if (scopeOf(request) !== scope) {
        const { status, body, text } = await ask(s, hers, ...asked(request, ada.things));
        assert.deepEqual([status, body?.code], [403, 'insufficient_scope'], `${nameOf(request)} with ${scope}: ${status} ${text}`);
        assert.ok(body.detail.includes(scopeOf(request)), text);
      } else {
        const { text } = await ask(s, nothings, ...asked(request, ada.things));
        assert.ok(!text.includes(`the scope ${scope}`), `${nameOf(request)} with ${scope}: ${text}`);
      }
    }
  }
  unchanged(await sight(), seen, 'asked for');
});

/* What its authorization_details say are other things of hers than any request names. */
test('a token that is narrowed does nothing of what it is narrowed in to the rest of its person’s things', async () => {
  moves();
  const { body: { id: store } } = await ask(s, owner.token, 'POST', '/v1/stores', { body: { name: 'Apart', user: ada.things.user, currency: 'EUR' } });
  const details = [{ type: 'store_management', store, actions: ['read', 'change', 'close'] }, { type: 'payment', amount: 4711, currency: 'EUR', payee: store },
    { type: 'payout', amount: 4711, currency: 'EUR', destination: ada.things.requisite }];
  const scopeOf = await scopes(), seen = await still();
  for (const [scope, detail] of [['pay.stores', details[0]], ['pay.payments', details[1]], ['pay.payouts', details[2]], [null, ...details]].map(([one, ...all]) => [one, all])) {
    const token = await tokenOf(owner.client, ada.account, { authorization_details: JSON.stringify(detail) });
    for (const request of REQUESTS.filter((one) => !one.isPage && ['pay.stores', 'pay.payments', 'pay.payouts'].includes(scopeOf(one)))) {
      const isHeld = (!scope || scopeOf(request) === scope) && (scopeOf(request) === 'pay.stores' || request.method !== 'GET');
      if (!isHeld) continue;
      const { status, body, text } = await ask(s, token, ...asked(request, ada.things));
      const isPartners = status === 422 && request.path === '/v1/payments'; /* which asks for what only a partner's own token may, and is judged before the store */
      assert.ok(isPartners || (status === 403 && body?.code === 'insufficient_authorization_details'), `${nameOf(request)}, narrowed to ${JSON.stringify(detail)}: ${status} ${text}`);
    }
    if (!scope || scope === 'pay.stores') assert.equal((await ask(s, token, 'GET', `/v1/stores/${store}`)).status, 200);
  }
  unchanged(await sight(), seen, 'asked for');
});

test('a live partner is told nothing of its sandbox but the twin of a store, and the sandbox nothing of it', async () => {
  /* Twins name each other, and the twin's owner in the sandbox is called by the id of the store's. */
  const hidden = async (one, token, ...known) => (await secretsOf(one, token)).filter((secret) => ![eve.twin, eve.things.user, ...known].includes(secret));
  const secrets = await hidden(ada, owner.token, ...Object.values(eve.things));
  const seen = await still();
  await walk({ token: live.token, things: eve.things }, ada.things, secrets);
  await walk({ token: eve.token, things: eve.things }, ada.things, secrets);
  unchanged(await sight(), seen, 'asked for');

  const look = async () => Object.fromEntries([...await read(live.token, eve.things)].filter(([name]) => !MOVES.test(name)).map(([name, answer]) => [name, lasting(answer)]));
  const its = await hidden(eve, live.token, eve.things.store, ...Object.values(ada.things));
  const before = await look();
  moves(); /* what names nothing is done, to what is the asker's */
  await walk({ token: owner.token, things: ada.things }, eve.things, its);
  await walk({ token: ada.token, things: ada.things }, eve.things, its);
  unchanged(await look(), before, 'asked for');
});

/* Each route does something, and what it does is done to what is one's own. */
async function everything(token, things, but = /^$/) {
  const requests = REQUESTS.filter(({ path }) => !but.test(path)), undone = [];
  for (const request of [...requests.filter((one) => !one.isEnd), ...requests.filter((one) => one.isEnd)]) {
    const { status, text } = await ask(s, request.isPage ? null : token, ...asked(request, things));
    if (request.status ? status !== request.status : status >= (request.isVain ? 500 : 300)) undone.push(`${nameOf(request)}: ${status} ${text}`);
  }
  assert.deepEqual(undone, []);
}

const hers = async () => Object.fromEntries([...await read(ada.token, ada.things)].filter(([name]) => !MOVES.test(name) && !PARTNERS_WIDE.test(name)).map(([name, answer]) => [name, lasting(answer)]));

test('what others do with what is theirs does nothing to hers', async () => {
  const waits = async () => lasting(await ask(s, owner.token, 'GET', `/v1/confirmations/${ada.things.confirmation}`));
  const seen = await still(), own = await hers(), waiting = await waits();
  await everything(others[0].partner, others[0].things);
  unchanged(await sight(), seen, 'another partner');
  await everything(owner.token, bob.things, PARTNERS_WIDE);
  unchanged(await hers(), own, 'another person');
  assert.equal(await waits(), waiting);
});

test('the owner is answered otherwise', async () => {
  for (const request of REQUESTS) {
    const names = namesIn(request);
    const made = await ask(s, owner.token, ...asked(request, ada.things));
    assert.ok(made.status < 500, `${nameOf(request)}: ${made.status} ${made.text}`);
    if (names.length > 0) assert.notDeepEqual(shape(made, ada.things, names), shape(await ask(s, owner.token, ...asked(request, without(ada.things, names))), ada.things, names), nameOf(request));
  }
});
