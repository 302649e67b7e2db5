/*
 * The files of our own secrets are changed while everything that the secrets have made still holds (docs/OPERATIONS.md "Changing a secret",
 * docs/decisions/0102-secrets-in-slots.md; IDENTITY 115).
 */
import assert from 'node:assert/strict';
import { createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as oidc from 'openid-client';
import { createAgent } from '../support/agent.mjs';
import { eventually } from '../support/eventually.mjs';
import { addClient, addUser, sound, tokensFor } from '../support/relying_party.mjs';
import { codeIn, newSeller, ofRequest } from '../support/seller.mjs';
import { ROOT, startStack } from '../support/stack.mjs';

const KEPT = { authsrv: ['pepper', 'sealing_key'], paysrv: ['code_key', 'sealing_key'] };
const SCHEMA = { authsrv: 'auth', paysrv: 'pay' };
let s, receiver;
const heard = [];

before(async () => {
  s = await startStack({ profile: 'demo' });
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => { body += part; }).on('end', () => { heard.push({ headers: request.headers, body }); response.end(); });
  });
  await new Promise((resolve) => receiver.listen(0, '127.0.0.1', resolve));
});

after(async () => {
  receiver?.close();
  await sound(s);
  await s.stop();
});

const list = async (server, options) => (await s.operator(server, 'secrets', 'list', ...options ? [options] : [])).stdout.trim().split('\n').map((line) => {
  const [name, slot, , note] = line.split('\t');
  return { name, slot, ours: note === 'opened by this configuration' };
});
const opened = async (server) => (await s.operator(server, 'secrets', 'list')).stdout.split('\n').filter((line) => line.endsWith('\topened by a server that runs')).map((line) => line.split('\t')[1]);

function newFile(name, content = randomBytes(32).toString('hex')) {
  const file = join(s.data, 'secrets', name);
  writeFileSync(file, content, { mode: 0o600 });
  return file;
}

const settings = (server, name, file) => ({ env: { [`${server.toUpperCase()}_${name.toUpperCase()}_FILE`]: file } });
const fileOf = (server, name) => new RegExp(`^${name}_file = (.*)$`, 'm').exec(readFileSync(s.config(server), 'utf8'))[1];
const contentOf = (server, name) => readFileSync(fileOf(server, name), 'utf8').trim();

/* What a slot holds, by the words of the decision. */
async function unwrapped(server, name) {
  const content = contentOf(server, name), typed = (type) => createHash('sha256').update(`${type}\0${content}`).digest();
  const slot = typed('secret_slot').subarray(0, 8).toString('hex');
  const [{ wrapped }] = await s.psql(`select encode(wrapped, 'hex') as wrapped from ${SCHEMA[server]}.secret_slot where name = '${name}' and slot = '${slot}'`);
  const sealed = Buffer.from(wrapped, 'hex'), decipher = createDecipheriv('aes-256-gcm', typed('secret_wrap'), sealed.subarray(0, 12));
  decipher.setAAD(Buffer.from(name)).setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]).toString();
}

test('a new database keeps random secrets, each opened by its file; what it keeps is not the file', async () => {
  for (const [server, names] of Object.entries(KEPT)) {
    const slots = await list(server);
    assert.deepEqual(slots.map(({ name, ours }) => [name, ours]), names.map((name) => [name, true]));
    for (const name of names) {
      const kept = await unwrapped(server, name);
      assert.match(kept, /^[\w-]{43}$/);
      assert.notEqual(kept, contentOf(server, name));
    }
    assert.equal((await s.operator(server, 'migrate')).code, 0);
    assert.deepEqual(await list(server), slots, 'made once');
  }
});

test('the file of another database is refused at the start and by commands, with its setting and without its content', async () => {
  for (const [server, names] of Object.entries(KEPT)) {
    for (const name of names) {
      const content = randomBytes(32).toString('hex'), other = settings(server, name, newFile('foreign', content));
      for (const words of [['serve'], ['audit', 'verify'], ['secrets', 'list']]) {
        const { code, stdout, stderr } = await s.operator(server, ...words, other);
        assert.deepEqual([code, stdout, stderr], [2, '', `${server}: ${name}_file: is not the file of this database: it opens none of its slots\n`]);
      }
    }
  }
});

test('what cannot be is told: unknown names and slots, the slot in use, files that are no secrets', async () => {
  for (const [server, names] of Object.entries(KEPT)) {
    const before = await list(server), name = names[0], add = (...words) => s.operator(server, 'secrets', 'add', ...words);
    const sample = newFile('sample', 'changeme-changeme-changeme-changeme'), short = newFile('short', 'abc'), used = before.find((one) => one.name === name).slot;
    const cases = [
      [await add('nothing', '--file', sample), 2, /no secret nothing is kept in slots; there are: /],
      [await add(name), 2, /--file/],
      [await add(name, '--file', join(s.data, 'nowhere')), 2, /--file: cannot open .*nowhere/],
      [await add(name, '--file', short), 2, /--file: must be the path of a file of 32 to 4096 bytes/],
      [await add(name, '--file', sample), 2, /--file: is a sample or repeats itself/],
      [await s.operator(server, 'secrets', 'remove', name, 'x'), 2, /SLOT: there is no such slot/],
      [await s.operator(server, 'secrets', 'remove', name, used), 2, /SLOT: is the one that this configuration opens/],
      [await s.operator(server, 'secrets', 'remove', 'nothing', used), 2, /no secret nothing/],
    ];
    for (const [{ code, stderr }, expected, said] of cases) {
      assert.equal(code, expected, stderr);
      assert.match(stderr, said);
    }
    const again = await add(name, '--file', fileOf(server, name));
    assert.deepEqual([again.code, again.stdout.trim()], [0, used], 'the file opens it already');
    assert.deepEqual(await list(server), before);
  }
});

test('a database from before there were slots keeps the contents of its files', async () => {
  for (const [server, names] of Object.entries(KEPT)) {
    const schema = SCHEMA[server], files = server === 'authsrv' ? ['0034_secret_slots', '0040_opened_slots'] : ['0093_secret_slots', '0105_opened_slots'];
    const text = files.map((file) => readFileSync(join(ROOT, server, 'store/migrations', `${file}.sql`), 'utf8')).join('\n');
    const was = await s.psql(`select name, slot, encode(wrapped, 'hex') as wrapped from ${schema}.secret_slot`);
    const [{ owner }] = await s.psql(`select tableowner as owner from pg_tables where schemaname = '${schema}' and tablename = 'secret_slot'`);
    await s.psql(`set role ${owner}; set search_path = ${schema}; drop table secret_slot; drop function if exists secret_slot_is_audited(); ${text}; reset search_path; reset role`);
    assert.deepEqual(await s.psql(`select name, slot, wrapped from ${schema}.secret_slot order by name`), names.map((name) => ({ name, slot: 'file', wrapped: null })));
    const early = await s.operator(server, 'secrets', 'list');
    assert.deepEqual([early.code, /run `migrate`/.test(early.stderr)], [2, true], early.stderr);
    await s.operator(server, 'migrate'); /* which cannot go on: this database's values are sealed by the secret that was taken away */
    for (const name of names) assert.equal(await unwrapped(server, name), contentOf(server, name));
    await s.psql(`delete from ${schema}.secret_slot`);
    for (const one of was) await s.psql(`insert into ${schema}.secret_slot values ('${one.name}', '${one.slot}', decode('${one.wrapped}', 'hex'), now())`);
  }
});

/* Things that each of the secrets has made, and what has to hold of them for ever. */
async function makeThings() {
  const [rp, user, seller] = await Promise.all([addClient(s, { metadata: { subject_type: 'pairwise' } }), addUser(s), newSeller(s.env)]);
  await seller.sell(100_000);
  const { tokens } = await tokensFor(rp, user);
  const { body: endpoint } = await seller.call('POST', '/v1/webhook_endpoints', { url: `http://127.0.0.1:${receiver.address().port}/` });
  assert.ok(endpoint.secret, JSON.stringify(endpoint));
  const { body: checkout } = await seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 500, currency: 'EUR', description: 'An issue' });
  const { body: payout } = await seller.request(100);
  const code = codeIn(await s.mail(seller.email, ofRequest(payout.label)));
  return { rp, user, seller, endpoint, checkout, payout, code, sub: tokens.claims().sub, refresh: tokens.refresh_token };
}

async function allHold(things) {
  const { rp, user, seller, endpoint, checkout, payout, code, sub } = things;
  assert.equal((await tokensFor(rp, user)).tokens.claims().sub, sub, 'the password opens the account, whose pairwise subject is the same');
  const renewed = await oidc.refreshTokenGrant(rp.config, things.refresh);
  assert.equal(renewed.claims().sub, sub, 'the grant goes on, and the signing key is the same');
  assert.match((await createAgent().open(checkout.checkout.url)).text, /An issue/, 'the address of the checkout');
  const confirmed = await seller.confirm(payout.id, code);
  assert.equal(confirmed.status, 200, JSON.stringify(confirmed.body));
  const event = await eventually(() => heard.find((one) => one.body.includes(payout.id)), { what: 'the webhook' });
  const key = Buffer.from(endpoint.secret.replace('whsec_', ''), 'base64');
  const mac = createHmac('sha256', key).update(`${event.headers['webhook-id']}.${event.headers['webhook-timestamp']}.${event.body}`).digest('base64');
  assert.ok(event.headers['webhook-signature'].split(' ').includes(`v1,${mac}`), 'signed with the endpoint\'s secret');
}

test('all four files are changed: what was made before holds, and the old files open nothing any more', async () => {
  const things = await makeThings(), before = { authsrv: await list('authsrv'), paysrv: await list('paysrv') };
  for (const [server, names] of Object.entries(KEPT)) {
    const files = {};
    for (const name of names) {
      const file = newFile(`${server}_${name}_new`), added = await s.operator(server, 'secrets', 'add', name, '--file', file);
      assert.equal(added.code, 0, added.stderr);
      assert.match(added.stdout, /^[0-9a-f]{16}\n$/);
      Object.assign(files, settings(server, name, file).env);
    }
    assert.equal((await list(server)).filter((one) => one.ours).length, 2, 'running servers and commands go on with the old ones');
    await eventually(async () => (await opened(server)).join() === before[server].map(({ slot }) => slot).join(), { what: 'the server has said which it has opened' });
    for (const { name, slot } of before[server]) {
      const { code, stderr } = await s.operator(server, 'secrets', 'remove', name, slot, { env: files });
      assert.deepEqual([code, /SLOT: is opened by a server that runs/.test(stderr)], [2, true], `${name}: the command's configuration has the new file, the server's has not: ${stderr}`);
    }
    await s.restart(server, { env: files });
    await s.psql(`update ${SCHEMA[server]}.secret_slot set opened_at = opened_at - interval '2 minutes'`); // as when they have passed
    for (const { name, slot } of before[server]) assert.equal((await s.operator(server, 'secrets', 'remove', name, slot, { env: files })).code, 0);
    assert.deepEqual((await list(server, { env: files })).map((one) => [one.name, one.ours]), names.map((name) => [name, true]));
    const refused = await s.operator(server, 'serve', { env: {} });
    assert.deepEqual([refused.code, /it opens none of its slots/.test(refused.stderr)], [2, true]);
    for (const name of names) assert.equal((await s.operator(server, 'secrets', 'add', name, '--file', fileOf(server, name), { env: files })).code, 0, 'and may come back');
  }
  await allHold(things);
  const words = (await s.psql(`select action, object from auth.audit where action like 'secret_slot.%' union all select action, object from pay.audit where action like 'secret_slot.%'`)).map((one) => `${one.action} ${one.object}`);
  for (const name of ['pepper', 'sealing_key', 'code_key']) for (const done of ['added', 'removed']) assert.ok(words.includes(`secret_slot.${done} ${name}`), `${name} ${done}`);
});
