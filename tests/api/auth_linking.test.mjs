/*
 * Whose account an identity at a partner is: changed addresses, linking with proof of both accounts, collisions, unlinking, undoing, merged
 * partners (SECURITY G 160 to 168, IDENTITY K 101 to 103, decision 0027).
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import * as oidc from 'openid-client';
import { adminOf } from '../support/admin.mjs';
import { createAgent } from '../support/agent.mjs';
import { heard } from '../support/outcome.mjs';
import { addClient, addUser, inFile, operator, post, redeem, request, sound } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';
import { atClient, logInAt, partners, throughProvider } from '../support/upstream.mjs';

let s, rp;
const made = partners(() => s);
const fresh = () => `u${randomBytes(5).toString('hex')}`;
const who = (tokens) => oidc.fetchUserInfo(rp.config, tokens.access_token, tokens.claims().sub);
const enter = async (slug, account, agent = createAgent()) => redeem(rp, await logInAt(agent, rp, slug, account));
const link = (user, at, subject) => s.psql(`insert into auth.identity (issuer, subject, user_id, partner, linked_at, last_login_at, reauth_session) values ('${at.issuer}', '${subject}', '${user}', '${at.slug}', now(), now(), sha256('fresh'))`);

/* Partners whose people say of themselves what `people` says: one that the tests share, since one costs a second, or another one. */
let shared;
async function another(people = {}) {
  return { people, ...await made.provider({ claims: (id) => ({ email: `${id}@elsewhere.example`, email_verified: true, name: `Name of ${id}`, ...people[id] }) }) };
}
async function partner(people) {
  shared ??= await another();
  Object.assign(shared.people, people);
  return shared;
}

const at = (path) => new URL(path, s.env.issuer);
const idOf = async (user) => (await s.psql(`select id from auth.users where login = '${user.email}'`))[0].id;
const identities = async (id) => (await s.psql(`select partner, subject from auth.identity where user_id = '${id}' order by linked_at`)).map((row) => `${row.partner} ${row.subject}`);
const moves = async (id) => Object.fromEntries((await s.psql(`select action, count(*)::int as n from auth.audit where object = '${id}' and action like 'identity.%' group by action`)).map((row) => [row.action, row.n]));

/* The first page of ours after the log-in at a partner. */
async function come(slug, account, { agent = createAgent(), client = rp, ...more } = {}) {
  const asked = await request(client, { idp_hint: slug, scope: 'openid profile email', ...more });
  return { ...asked, agent, page: await throughProvider(agent, await agent.open(asked.url, { until: atClient }), account) };
}
async function ownPage(agent, user, path) {
  const page = await agent.open(at(path));
  return page.url.pathname === '/login' ? agent.submit(page, user, { button: 'Sign in' }) : page;
}
async function press(agent, page, path, fields) {
  const csrf = /name="csrf" value="([^"]*)"/.exec(page.text)[1];
  return agent.open(at(path), { method: 'POST', body: new URLSearchParams({ csrf, ...fields }).toString(), from: page.url });
}
/* From the account page to the partner and back, up to the question. */
async function toQuestion(agent, user, slug, account) {
  const page = await ownPage(agent, user, '/account/partners');
  return throughProvider(agent, await press(agent, page, '/account/partners/link', { partner: slug }), account);
}
async function linkFromAccount(agent, user, slug, account) {
  const question = await toQuestion(agent, user, slug, account);
  assert.match(question.text, /Link these accounts\?/, question.text.slice(0, 400));
  return agent.submit(question, {}, { button: 'Link them' });
}
const mailTo = async (user, subject, more) => (await s.mail(user.email, subject, more)).text;

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  rp = await addClient(s, { more: ['--first-party'] });
});

after(async () => {
  await made.close();
  await sound(s);
  await s.stop();
});

describe('an address that changes at the partner', () => {
  test('the account follows while it has no log-in of its own', async () => {
    const there = await partner();
    const one = fresh();
    const first = await who(await enter(there.slug, one));
    there.people[one] = { email: `${one}@new.example`, name: 'New Name' };
    const then = await who(await enter(there.slug, one));
    assert.deepEqual([then.sub, then.email, then.name], [first.sub, `${one}@new.example`, 'New Name']);
    assert.match(await operator(s, 'audit', 'list', '--since', '1h', '--action', 'identity.email_changed'), new RegExp(there.slug));
  });

  test('it stays what it is where the account has a password, and so does where mails and reset codes go', async () => {
    const there = await partner();
    const user = await addUser(s);
    const [{ id }] = await s.psql(`select id from auth.users where login = '${user.email}'`);
    const one = fresh();
    await link(id, there, one);
    there.people[one] = { email: 'mallory@evil.example', name: 'Mallory' };
    const info = await who(await enter(there.slug, one));
    assert.deepEqual([info.sub, info.email, info.name], [id, user.email, 'Uma User']);
    const [row] = await s.psql(`select email, name from auth.identity where user_id = '${id}'`);
    assert.deepEqual([row.email, row.name], ['mallory@evil.example', 'Mallory'], 'what the partner says is kept where it belongs');
  });

  test('nor does it follow where a passkey is a way in, nor a partner that came later', async () => {
    const [first, second] = [await partner(), await another()];
    const one = fresh();
    const { sub } = await who(await enter(first.slug, one));
    await link(sub, second, one);
    second.people[one] = { email: 'later@evil.example' };
    assert.equal((await who(await enter(second.slug, one))).email, `${one}@elsewhere.example`);
    await s.psql(`insert into auth.passkey (id, user_id, alg, public_key, sign_count, is_synced, name, created_at) values (sha256('${one}'), '${sub}', -7, 'k', 0, false, 'Key', now())`);
    first.people[one] = { email: 'first@evil.example' };
    assert.equal((await who(await enter(first.slug, one))).email, `${one}@elsewhere.example`);
  });
});

describe('an address that is somebody’s already', () => {
  test('who signs in at a partner with it is asked; after signing in to the account, and saying so, both are one', async () => {
    const user = await addUser(s);
    const id = await idOf(user);
    const one = fresh();
    const there = await partner({ [one]: { email: user.email.toUpperCase() } });
    const client = await addClient(s, { more: ['--first-party', '--partner', there.slug] });
    await inFile('{"name":"Joined Press"}', (file) => operator(s, 'partners', 'branding', there.slug, '--file', file));
    const { agent, page, ...asked } = await come(there.slug, one, { client });
    assert.equal(page.url.pathname, '/link');
    assert.match(page.text, /Do you have an account already/);
    assert.deepEqual(await identities(id), [], 'nothing is joined by an address');
    const login = await agent.submit(page, {}, { button: 'Sign in to it' });
    assert.equal(login.url.pathname, '/login');
    assert.match(login.text, new RegExp(`value="${user.email}"`, 'i'));
    const question = await agent.submit(login, user, { button: 'Sign in' });
    assert.match(question.text, /Link these accounts\?/);
    assert.deepEqual(await identities(id), [], 'nor by the log-in alone');
    const done = await agent.submit(question, {}, { button: 'Link them', until: atClient });
    const tokens = await redeem(client, { ...asked, callback: done.url });
    assert.equal(tokens.claims().sub, id);
    const told = await s.mail(user.email, /new way to sign in/);
    assert.ok(told.html.includes('Joined Press') && !told.text.includes('Joined Press'), 'the mail looks as the pages on the way did');
    assert.deepEqual(await identities(id), [`${there.slug} ${one}`]);
    assert.equal((await enter(there.slug, one)).claims().sub, id, 'the partner signs in to it from now on');
    assert.equal((await moves(id))['identity.linked'], 1);
  });

  test('or goes on with an account of its own, and is not asked again', async () => {
    const user = await addUser(s);
    const one = fresh();
    const there = await partner({ [one]: { email: user.email } });
    const { agent, page, ...asked } = await come(there.slug, one);
    const done = await agent.submit(page, {}, { button: 'separate account', until: atClient });
    const tokens = await redeem(rp, { ...asked, callback: done.url });
    assert.notEqual(tokens.claims().sub, await idOf(user));
    assert.equal((await enter(there.slug, one)).claims().sub, tokens.claims().sub);
    assert.deepEqual(await identities(await idOf(user)), []);
  });

  test('after “not now” the account signs in, and the identity stays nobody’s', async () => {
    const user = await addUser(s);
    const one = fresh();
    const there = await partner({ [one]: { email: user.email } });
    const { agent, page, ...asked } = await come(there.slug, one);
    const question = await agent.submit(await agent.submit(page, {}, { button: 'Sign in to it' }), user, { button: 'Sign in' });
    const done = await agent.submit(question, {}, { button: 'Not now', until: atClient });
    assert.equal((await redeem(rp, { ...asked, callback: done.url })).claims().sub, await idOf(user));
    assert.equal((await s.psql(`select count(*)::int as n from auth.identity where subject = '${one}'`))[0].n, 0);
    assert.equal((await s.psql('select count(*)::int as n from auth.pending_identity where subject = \'' + one + '\''))[0].n, 0);
  });

  test('a session that lives in this browser is no proof: the account is signed in to anew', async () => {
    const user = await addUser(s);
    const agent = createAgent();
    await ownPage(agent, user, '/account');
    const one = fresh();
    const there = await partner({ [one]: { email: user.email } });
    const { page } = await come(there.slug, one, { agent, prompt: 'login' });
    const login = await agent.submit(page, {}, { button: 'Sign in to it' });
    assert.equal(login.url.pathname, '/login');
    assert.equal((await agent.open(new URL(`/link${page.url.search}`, page.url))).url.pathname, '/login');
    const forced = await press(agent, page, '/link', { flow: page.url.searchParams.get('flow'), choice: 'link' });
    assert.equal(forced.url.pathname, '/login');
    assert.deepEqual(await identities(await idOf(user)), []);
  });

  for (const [what, claims] of [['is not verified', { email_verified: false }], ['is verified in a text', { email_verified: 'true' }], ['is verified by a number', { email_verified: 1 }], ['is verified by silence', { email_verified: undefined }]]) {
    test(`an address that ${what} there tells nothing about accounts here`, async () => {
      const user = await addUser(s);
      const one = fresh();
      const there = await partner({ [one]: { email: user.email, ...claims } });
      assert.notEqual((await enter(there.slug, one)).claims().sub, await idOf(user));
    });
  }

  test('an account whose own address is not verified is no account with this address (162)', async () => {
    const trap = await addUser(s);
    const id = await idOf(trap);
    await s.psql(`set search_path to auth; update users set email_verified = false where id = '${id}'`);
    const victim = fresh();
    const there = await partner({ [victim]: { email: trap.email } });
    const sub = (await enter(there.slug, victim)).claims().sub;
    assert.notEqual(sub, id);
    assert.deepEqual(await identities(id), []);
    await s.psql(`set search_path to auth; update users set email_verified = true where id = '${id}'`);
  });

  test('somebody who was deleted at the partner and made anew is somebody else', async () => {
    const there = await partner();
    const [old, anew] = [fresh(), fresh()];
    const first = await enter(there.slug, old);
    there.people[anew] = { email: `${old}@elsewhere.example` };
    assert.notEqual((await enter(there.slug, anew)).claims().sub, first.claims().sub);
  });

  test('with prompt=none nobody can be asked', async () => {
    const user = await addUser(s);
    const one = fresh();
    const there = await partner({ [one]: { email: user.email } });
    const agent = createAgent();
    await come(there.slug, one, { agent }); // a session there
    const { page } = await come(there.slug, one, { agent, prompt: 'none' });
    assert.equal(page.url.searchParams.get('error'), 'interaction_required', page.url.href);
  });
});

describe('from the account page', () => {
  test('a partner is linked after a fresh log-in, told by mail, and ends the other sessions', async () => {
    const user = await addUser(s);
    const id = await idOf(user);
    const there = await partner();
    const [here, elsewhere] = [createAgent(), createAgent()];
    await ownPage(elsewhere, user, '/account');
    const one = fresh();
    const page = await linkFromAccount(here, user, there.slug, one);
    assert.equal(page.url.pathname, '/account/partners');
    assert.match(page.text, new RegExp(`${one}@elsewhere.example`));
    assert.equal((await enter(there.slug, one)).claims().sub, id);
    assert.equal((await elsewhere.open(at('/account'))).url.pathname, '/login', 'signed out elsewhere');
    assert.equal((await here.open(at('/account'))).url.pathname, '/account', 'not here');
    assert.match(await mailTo(user, /new way to sign in/), new RegExp(`Partner ${there.slug}: ${one}@elsewhere.example`));
    assert.equal(JSON.parse((await here.open(at('/account/export'))).text).partners[0].subject, one);
  });

  test('a log-in that is not fresh is asked for again, and the form wants its token', async () => {
    const user = await addUser(s);
    const agent = createAgent();
    const page = await ownPage(agent, user, '/account/partners');
    await s.psql(`set search_path to auth; update session set authed_at = authed_at - interval '11 minutes', auth_time = auth_time - interval '11 minutes' where user_id = '${await idOf(user)}'`);
    assert.equal((await agent.open(at('/account/partners'))).url.pathname, '/login');
    for (const [path, fields] of [['/account/partners/link', { partner: 'inkwell' }], ['/account/partners/unlink', { id: 'idn_1' }]]) {
      assert.equal((await press(agent, page, path, fields)).url.pathname, '/login', path);
      assert.equal((await post(s, path, { csrf: 'c', ...fields }, { headers: { origin: 'https://evil.example' } })).status, 403);
    }
    await agent.submit(await agent.open(at('/account/partners')), user, { button: 'Sign in' });
    for (const [path, fields] of [['/account/partners/link', { partner: 'inkwell' }], ['/account/partners/unlink', { id: 'idn_1' }]])
      assert.equal((await press(agent, { ...page, text: 'name="csrf" value="AAAA"' }, path, fields)).status, 403);
  });

  test('an identity that is somebody else’s is refused without a word about whose, and nothing moves (168)', async () => {
    const there = await partner();
    const one = fresh();
    const owner = (await enter(there.slug, one)).claims().sub;
    const user = await addUser(s);
    const agent = createAgent();
    const page = await toQuestion(agent, user, there.slug, one);
    assert.equal(page.status, 409);
    assert.match(page.text, /cannot be linked to yours. Nothing was changed/);
    assert.ok(!page.text.includes(owner) && !page.text.includes(`Name of ${one}`));
    assert.deepEqual([await identities(await idOf(user)), await identities(owner)], [[], [`${there.slug} ${one}`]]);
    assert.equal((await agent.submit(page, {}, { button: 'Go on' })).url.pathname, '/account/partners');
    assert.ok((await moves(await idOf(user)))['identity.link_refused'] >= 1);
  });

  test('two accounts that want one identity at the same moment: one gets it', async () => {
    const there = await partner();
    const one = fresh();
    const rivals = await Promise.all([0, 1].map(async () => {
      const [user, agent] = [await addUser(s), createAgent()];
      return { user, agent, question: await toQuestion(agent, user, there.slug, one) };
    }));
    const pages = await Promise.all(rivals.map(({ agent, question }) => heard(() => agent.submit(question, {}, { button: 'Link them' }))));
    assert.deepEqual(pages.map((page) => page.status).sort(), [200, 409]);
    assert.equal((await s.psql(`select count(*)::int as n from auth.identity where subject = '${one}'`))[0].n, 1);
  });

  test('an account whose address is not verified gets no further way in (164)', async () => {
    const user = await addUser(s);
    const id = await idOf(user);
    await s.psql(`set search_path to auth; update users set email_verified = false where id = '${id}'`);
    const there = await partner();
    const page = await toQuestion(createAgent(), user, there.slug, fresh());
    assert.equal(page.status, 403);
    assert.deepEqual(await identities(id), []);
  });

  test('a question is good in its own browser and session only', async () => {
    const user = await addUser(s);
    const agent = createAgent();
    const there = await partner();
    const question = await toQuestion(agent, user, there.slug, fresh());
    assert.equal((await createAgent().submit(question, {}, { button: 'Link them' })).status, 400, 'another browser');
    for (const key of [...agent.jar.keys()]) if (key.includes('__Host-stoa_auth')) agent.jar.delete(key);
    const other = await addUser(s);
    await ownPage(agent, other, '/account');
    assert.equal((await agent.submit(question, {}, { button: 'Link them' })).url.pathname, '/login', 'another person');
    assert.deepEqual([await identities(await idOf(user)), await identities(await idOf(other))], [[], []]);
  });
});

describe('taking a link away', () => {
  test('unlinking ends that way in; the last one stays', async () => {
    const user = await addUser(s);
    const there = await partner();
    const agent = createAgent();
    const one = fresh();
    const page = await linkFromAccount(agent, user, there.slug, one);
    const id = /name="id" value="(idn_[^"]*)"/.exec(page.text)[1];
    const stranger = createAgent();
    await press(stranger, await ownPage(stranger, await addUser(s), '/account/partners'), '/account/partners/unlink', { id });
    assert.equal((await identities(await idOf(user))).length, 1, 'not by a stranger');
    const left = await press(agent, page, '/account/partners/unlink', { id });
    assert.ok(!left.text.includes(id));
    assert.match(await mailTo(user, /change at your account/i), /unlinked from yours/);
    assert.notEqual((await enter(there.slug, one)).claims().sub, await idOf(user), 'it is somebody new now');
    const only = createAgent();
    await logInAt(only, rp, there.slug, fresh());
    const last = await only.open(at('/account/partners'));
    const kept = await press(only, last, '/account/partners/unlink', { id: /name="id" value="(idn_[^"]*)"/.exec(last.text)[1] });
    assert.equal(kept.status, 409);
    assert.match(kept.text, /last way in/);
  });

  test('the mail undoes it for a day, without a log-in, once, and not by being looked at', async () => {
    const user = await addUser(s);
    const id = await idOf(user);
    const there = await partner();
    const thief = createAgent();
    await linkFromAccount(thief, user, there.slug, fresh());
    const link = /https?:\S+\/link\/undo\?token=\S+/.exec(await mailTo(user, /new way to sign in/))[0];
    const owner = createAgent();
    const page = await owner.open(link);
    assert.equal((await identities(id)).length, 1, 'a scanner of mails changes nothing');
    assert.equal((await post(s, '/link/undo', { token: new URL(link).searchParams.get('token') }, { headers: { origin: 'https://evil.example' } })).status, 403);
    assert.match((await owner.submit(page, {}, { button: 'Undo it' })).text, /It is undone/);
    assert.deepEqual(await identities(id), []);
    assert.equal((await thief.open(at('/account'))).url.pathname, '/login', 'everybody is signed out');
    assert.equal((await owner.submit(page, {}, { button: 'Undo it' })).status, 410);
    assert.equal((await owner.open(link)).status, 410);
  });

  test('a password that is reset by mail undoes what was linked lately, and a link ends codes under way (164, 165)', async () => {
    const user = await addUser(s);
    const id = await idOf(user);
    const there = await partner();
    const ask = async (agent) => agent.submit(await agent.open(at('/recover')), { email: user.email });
    const codeOf = (text) => /^ {4}(\d{8})$/m.exec(text)[1];
    const early = createAgent();
    const typed = await ask(early);
    const old = await s.mail(user.email, /new password/);
    await linkFromAccount(createAgent(), user, there.slug, fresh());
    assert.equal((await early.submit(typed, { code: codeOf(old.text), password: 'correct horse battery' })).status, 400, 'a code from before the link');
    const owner = createAgent();
    const again = await ask(owner);
    const done = await owner.submit(again, { code: codeOf(await mailTo(user, /new password/, { after: old.id })), password: 'correct horse battery' });
    assert.equal(done.status, 200);
    assert.deepEqual(await identities(id), []);
  });
});

describe('the operator', () => {
  test('sees who an account is at partners, and unlinks, by verb and by API, but not the last way in', async () => {
    const admin = await adminOf(s);
    const user = await addUser(s);
    const id = await idOf(user);
    const there = await partner();
    const [one, two] = [fresh(), fresh()];
    await linkFromAccount(createAgent(), user, there.slug, one);
    await linkFromAccount(createAgent(), user, there.slug, two);
    const { body } = await admin('GET', `/admin/v1/users/${id}/identities`);
    assert.deepEqual(body.data.map((each) => [each.partner, each.subject, each.issuer, each.email]), [one, two].map((each) => [there.slug, each, there.issuer, `${each}@elsewhere.example`]));
    const rows = (await operator(s, 'users', 'identities', user.email)).trim().split('\n').map((line) => line.split('\t'));
    assert.deepEqual(rows.map((row) => row[2]), [one, two]);
    await operator(s, 'users', 'disable', user.email); /* as for one that a thief has got into: what lets him in goes before it is enabled */
    assert.match(await operator(s, 'users', 'unlink', user.email, rows[0][0]), /unlinked/);
    assert.equal((await admin('DELETE', `/admin/v1/users/${id}/identities/${rows[1][0]}`)).status, 204);
    assert.equal((await admin('DELETE', `/admin/v1/users/${id}/identities/${rows[1][0]}`)).status, 404);
    assert.deepEqual(await identities(id), []);
    const alone = (await enter(there.slug, one)).claims().sub;
    const last = await admin('DELETE', `/admin/v1/users/${alone}/identities/${(await admin('GET', `/admin/v1/users/${alone}/identities`)).body.data[0].id}`);
    assert.deepEqual([last.status, last.body.code], [409, 'conflict'], JSON.stringify(last.body));
    assert.equal((await s.operator('authsrv', 'users', 'unlink', alone, 'idn_unknown')).code, 1);
  });

  test('moves the people of merged partners by a mapping, all of them or none', async () => {
    const admin = await adminOf(s);
    const [old, merged] = [await partner(), await another()];
    const [a, b, c, taken] = [fresh(), fresh(), fresh(), fresh()];
    const [subA, subB] = [(await enter(old.slug, a)).claims().sub, (await enter(old.slug, b)).claims().sub];
    await enter(merged.slug, taken);
    const move = (to, subjects) => admin('POST', `/admin/v1/partners/${old.slug}/identities/move`, { to, subjects });
    for (const [subjects, why] of [[{ [a]: `m-${a}`, [b]: taken }, 'somebody has the new one'], [{ [a]: `m-${a}`, [b]: `m-${a}` }, 'one for two'], [{ [a]: `m-${a}`, [c]: `m-${c}` }, 'an old one that nobody has']]) {
      const answer = await move(merged.slug, subjects);
      assert.deepEqual([answer.status, answer.body.param], [409, 'subjects'], `${why}: ${JSON.stringify(answer.body)}`);
    }
    for (const [to, subjects, status, param] of [['nobody', { [a]: 'x' }, 404, 'to'], [merged.slug, {}, 400, 'subjects'], [merged.slug, { [a]: 7 }, 400, 'subjects']]) {
      const answer = await move(to, subjects);
      assert.deepEqual([answer.status, answer.body.param], [status, param], JSON.stringify(answer.body));
    }
    const lesser = await adminOf(s, 'auth.admin.partners');
    await s.psql(`set search_path to auth; update users set role = 'admin' where id = '${subA}'`);
    const above = await lesser('POST', `/admin/v1/partners/${old.slug}/identities/move`, { to: merged.slug, subjects: { [a]: `m-${a}` } });
    assert.deepEqual([above.status, above.body.code], [403, 'forbidden_role'], 'whoever may do more is not moved');
    await s.psql(`set search_path to auth; update users set role = 'user' where id = '${subA}'`);
    assert.deepEqual(await identities(subA), [`${old.slug} ${a}`], 'nothing moved');
    const done = await move(merged.slug, { [a]: `m-${a}` });
    assert.deepEqual([done.status, done.body.moved], [200, 1], JSON.stringify(done.body));
    await inFile(JSON.stringify({ [b]: `m-${b}` }), (file) => operator(s, 'partners', 'move-identities', old.slug, merged.slug, '--map', file));
    assert.equal((await enter(merged.slug, `m-${a}`)).claims().sub, subA);
    assert.equal((await enter(merged.slug, `m-${b}`)).claims().sub, subB);
    assert.notEqual((await enter(old.slug, a)).claims().sub, subA, 'there it is somebody new');
    await inFile(JSON.stringify({ [`m-${b}`]: `n-${b}` }), (file) => operator(s, 'partners', 'move-identities', merged.slug, merged.slug, '--map', file));
    assert.equal((await enter(merged.slug, `n-${b}`)).claims().sub, subB, 'a partner that names its people anew');
    assert.equal((await moves(subB))['identity.moved'], 2);
  });

  test('counts what becomes of offers', async () => {
    const metrics = await (await fetch(`http://127.0.0.1:${s.env.admin_ports.authsrv}/metrics`)).text();
    for (const event of ['offered', 'linked', 'refused', 'separate', 'unlinked']) assert.match(metrics, new RegExp(`stoa_links_total\\{event="${event}"\\} [1-9]`), event);
  });
});
