/* Opening an account on our own page, where the operator allows it: PRODUCT.md A7, SECURITY.md G, and Initiating User Registration via OpenID Connect (prompt=create). */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { address, codeIn, wrong } from '../support/first_party.mjs';
import { addClient, addUser, authorize, inFile, operator, redeem, request, REDIRECT, sound, walk } from '../support/relying_party.mjs';
import { startStack } from '../support/stack.mjs';

const PASSWORD = 'four quiet herons walking';
let s, rp;

before(async () => {
  s = await startStack({ profile: 'login', env: { AUTHSRV_SELF_REGISTRATION: 'true' } });
  rp = await addClient(s);
});

after(async () => {
  await sound(s);
  await s.stop();
});

const until = (url) => url.href.startsWith(REDIRECT);

/* To the page where the code is typed: { agent, asked, page, code }. */
async function asked(email, more = { prompt: 'create' }) {
  const agent = createAgent();
  const wanted = await request(rp, more);
  const first = await agent.open(wanted.url, { until });
  const page = await agent.submit(first, { email, name: 'Nora New' }, { button: 'Mail me a code' });
  return { agent, wanted, first, page };
}

test('prompt=create leads to the page, and a new person comes back with tokens', async () => {
  const to = address();
  const { agent, wanted, first, page } = await asked(to);
  assert.equal(first.url.pathname, '/sign-up');
  const code = codeIn(await s.mail(to));
  const again = await agent.open(page.url);
  assert.equal((await s.mails(to)).length, 1, 'loaded again, no other code is mailed');
  const consent = await agent.submit(again, { code, password: PASSWORD });
  const back = await agent.submit(consent, {}, { button: 'Allow', until });
  const tokens = await redeem(rp, { ...wanted, callback: back.url });
  const [{ id, name, email_verified }] = await s.psql(`select id, name, email_verified from auth.users where login = '${to}'`);
  assert.deepEqual([tokens.claims().sub, name, email_verified], [id, 'Nora New', true]);
  await authorize(rp, { email: to, password: PASSWORD });
});

test('a partner\'s application dresses page and mail, and the code is in both parts of it', async () => {
  const slug = `su-${randomBytes(5).toString('hex')}`;
  const settings = { kind: 'assertion', assertion_alg: 'ES256', assertion_jwks_uri: 'https://backend.example/jwks' };
  await inFile(JSON.stringify(settings), (file) => operator(s, 'partners', 'add', slug, '--name', 'Wordsmiths', '--issuer', `https://${slug}.example`, '--settings-file', file));
  await inFile(JSON.stringify({ mails: { sign_up: { en: { subject: 'Join {app} at {partner}' } } } }), (file) => operator(s, 'partners', 'branding', slug, '--file', file));
  const theirs = await addClient(s, { more: ['--partner', slug] });
  const to = address();
  const agent = createAgent();
  const first = await agent.open((await request(theirs, { prompt: 'create' })).url, { until });
  assert.match(first.text, /<bdi>Wordsmiths<\/bdi><\/header>/);
  await agent.submit(first, { email: to, name: 'Nora New' }, { button: 'Mail me a code' });
  const mail = await s.mail(to);
  assert.equal(mail.subject, `Join Test ${theirs.id} at Wordsmiths`);
  assert.ok(mail.html.includes(`<b>${codeIn(mail)}</b>`), mail.html);
});

test('the log-in page leads there too; a session does not answer prompt=create', async () => {
  const user = await addUser(s);
  const { agent } = await authorize(rp, user);
  const { url } = await request(rp, { prompt: 'create' });
  assert.equal((await agent.open(url, { until })).url.pathname, '/sign-up');
  const login = await createAgent().open((await request(rp)).url);
  assert.match(login.text, /href="\/sign-up\?flow=[^"]+">New here\? Open an account/);
  assert.ok(rp.config.serverMetadata().prompt_values_supported.includes('create'));
});

test('nobody learns whether an address has an account; its owner does, and gets no code', async () => {
  const user = await addUser(s);
  const pages = [];
  for (const email of [user.email, address()]) {
    const { page } = await asked(email);
    pages.push([page.status, page.text.replace(/value="[^"]*"|flow=[^"]*/g, '')]);
  }
  assert.deepEqual(pages[0], pages[1]);
  const mail = await s.mail(user.email);
  assert.equal(codeIn(mail), undefined);
  assert.match(mail.text, /You have an account with this address already/);
});

test('a code is dead after five attempts, in another browser, and after it was used', async () => {
  const to = address();
  const { agent, page } = await asked(to);
  const code = codeIn(await s.mail(to));
  const other = createAgent();
  await other.open((await request(rp, { prompt: 'create' })).url);
  assert.ok((await other.submit(page, { code, password: PASSWORD })).status >= 400, 'another browser');
  assert.equal((await agent.submit(page, { code, password: 'short' })).status, 400, 'costs no attempt');
  for (let i = 1; i <= 5; i += 1) assert.match((await agent.submit(page, { code: wrong(code, i), password: PASSWORD })).text, /The code is wrong, used, or too old/);
  assert.match((await agent.submit(page, { code, password: PASSWORD })).text, /The code is wrong, used, or too old/);
  assert.equal((await s.psql(`select count(*)::int as n from auth.users where login = '${to}'`))[0].n, 0);
});

test('a newer code ends the older one, and an address gets six mails an hour', async () => {
  const to = address();
  const one = await asked(to);
  const mail = await s.mail(to);
  const two = await asked(to);
  const second = await s.mail(to, /(?:)/, { after: mail.id });
  assert.equal((await one.agent.submit(one.page, { code: codeIn(mail), password: PASSWORD })).status, 400);
  await s.psql(`insert into auth.sign_up (id, browser_hash, address, name, code_hash, created_at, expires_at, used_at) select 'x' || n, sha256('x'), '${to}', 'x', sha256('x'), now(), now(), now() from generate_series(1, 4) n`);
  assert.equal((await asked(to)).page.status, 429);
  assert.equal((await two.agent.submit(two.page, { code: codeIn(second), password: PASSWORD })).url.pathname, '/consent');
});

test('mistakes are told on the page, and forms of elsewhere are refused', async () => {
  const { agent, first } = await asked('nobody');
  assert.match((await agent.submit(first, { email: 'nobody', name: 'N' })).text, /not an e-mail address/);
  assert.match((await agent.submit(first, { email: address(), name: '' })).text, /A name has/);
  assert.equal((await agent.submit(first, { csrf: 'x', email: address(), name: 'N' })).status, 403);
  const post = (path) => fetch(new URL(path, s.env.issuer), { method: 'POST', headers: { origin: 'https://evil.example', 'content-type': 'application/x-www-form-urlencoded' }, body: 'flow=x&csrf=x&ticket=x&code=1&password=x' });
  for (const path of ['/sign-up', '/sign-up/code']) assert.equal((await post(path)).status, 403);
});

test('two mails never have one Message-ID, though a database that was restored counts from where it was', async () => {
  const ids = [];
  for (const to of [address(), address()]) {
    await s.psql('delete from auth.mail');
    await s.psql('alter table auth.mail alter id restart');
    await asked(to);
    ids.push((await s.mail(to)).messageId);
  }
  assert.match(ids[0], /^<mail-1-\S+@localhost>$/);
  assert.match(ids[1], /^<mail-1-\S+@localhost>$/);
  assert.notEqual(ids[0], ids[1]);
});

test('where the operator does not allow it, there is no page, no link and no prompt', async () => {
  await s.restart('authsrv', { env: { AUTHSRV_SELF_REGISTRATION: 'false' } });
  const closed = await addClient(s);
  const page = await walk(createAgent(), (await request(closed, { prompt: 'create' })).url, {});
  assert.equal(page.url.searchParams.get('error'), 'invalid_request');
  const login = await createAgent().open((await request(closed)).url);
  assert.ok(!login.text.includes('/sign-up'));
  assert.equal((await fetch(new URL('/sign-up?flow=x', s.env.issuer))).status, 404);
  assert.ok(!closed.config.serverMetadata().prompt_values_supported.includes('create'));
});
