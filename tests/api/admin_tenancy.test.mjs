/*
 * A partner's administration sees and touches what is its partner's and nothing else (IDENTITY N 123). The walk takes its routes from
 * the description of the API, so a route that is added is walked, or fails here until its objects are named.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { adminOf, ALL } from '../support/admin.mjs';
import { createAgent } from '../support/agent.mjs';
import { eventually } from '../support/eventually.mjs';
import { addClient, addUser, operator, request, sound, tokensFor } from '../support/relying_party.mjs';
import { startStack } from '../support/stack.mjs';

const metadata = { client_name: 'App', redirect_uris: ['https://rp.example/cb'], scope: 'openid email' };
const unique = (word) => `${word}-${randomBytes(5).toString('hex')}`;
let s, admin, mine, theirs;

/* A partner with an administration of its own, a client, and an account that leads through it, with a session, a grant and a consent. */
async function partnerWithAll() {
  const slug = unique('p');
  const issuer = `https://${slug}.example`;
  const made = await admin('POST', '/admin/v1/partners', { slug, name: slug, issuer, client_id: 'stoa', email_domains: `${slug}.example` });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const call = await adminOf(s, ALL, ['--partner', slug]);
  const rp = await addClient(s, { more: ['--partner', slug] });
  return { slug, issuer, call, rp };
}

/* It logs in here first, so that what it holds is real; then its way in is the partner's. */
async function accountOf(slug, issuer, rp, ...further) {
  const account = await addUser(s);
  const { tokens, agent } = await tokensFor(rp, account);
  for (const other of further) await tokensFor(other, account, { agent });
  const { sub, sid } = tokens.claims();
  const grantAt = async ({ id }) => (await s.psql(`select id from auth.grants where user_id = '${sub}' and client_id = '${id}'`))[0].id;
  const grant = await grantAt(rp), elsewhere = await Promise.all(further.map(grantAt));
  await s.psql(`update auth.users set login = null, password_hash = null where id = '${sub}';
                insert into auth.identity (issuer, subject, user_id, partner, linked_at, last_login_at) values ('${issuer}', '${sub}', '${sub}', '${slug}', now(), now())`);
  return { user: sub, session: sid, grant, elsewhere, email: account.email };
}

before(async () => {
  s = await startStack({ profile: 'login' });
  admin = await adminOf(s);
  mine = await partnerWithAll();
  theirs = await partnerWithAll();
  /* What an account holds at another partner's application is not its partner's to see. */
  for (const [one, other] of [[mine, theirs], [theirs, mine]]) Object.assign(one, await accountOf(one.slug, one.issuer, one.rp, other.rp), { neighbour: await accountOf(one.slug, one.issuer, one.rp) });
});

after(async () => {
  await sound(s);
  await s.stop();
});

const refused = (answer, status, code, param) => assert.deepEqual([answer.status, answer.body?.code, answer.body?.param], [status, code, param], JSON.stringify(answer.body));

/* ---- the walk ---- */

async function objects() {
  const audience = `https://${unique('api')}.example`;
  const scope = unique('scope');
  await operator(s, 'resources', 'add', audience, '--scopes', scope);
  const key = (await admin('GET', '/admin/v1/keys')).body.data.find((one) => one.state === 'next').kid;
  const token = (await admin('POST', '/admin/v1/initial_access_tokens', {})).body.id;
  const other = await addClient(s);
  const issuer = `https://${unique('issuer')}.example`;
  const made = [
    await admin('POST', '/admin/v1/exchange_rules', { client: theirs.rp.id, tokens_of: other.id, scopes: 'openid' }),
    await admin('POST', '/admin/v1/assertion_issuers', { issuer, alg: 'ES256', clients: theirs.rp.id, jwks_uri: `${issuer}/jwks` }),
    await admin('POST', '/admin/v1/detail_types', { name: scope, audience, sentence: 'Do {it}', rules: { type: 'object', properties: { it: { type: 'string' } } } }),
  ];
  made.push(await admin('POST', `/admin/v1/assertion_issuers/${made[1].body.id}/subjects`, { subject: '42', user: theirs.user }));
  for (const { status, body } of made) assert.ok([200, 201].includes(status), JSON.stringify(body));
  const [{ id: identity }] = await s.psql(`select id from auth.identity where user_id = '${theirs.user}'`);
  return { identity, tokens_of: other.id, issuer: made[1].body.id, subject: '42', type: scope, approval: 'none waits', user: theirs.user, client: theirs.rp.id, partner: theirs.slug, session: theirs.session, grant: theirs.grant, kid: key, token, scope, audience };
}

/* What a call says, where the guard lets a partner's administration in: something that would be a change. */
const bodies = {
  'patch /admin/v1/users/{user}': { name: 'Taken over', status: 'disabled' },
  'put /admin/v1/clients/{client}': { metadata: { ...metadata, client_name: 'Taken over' } },
  'patch /admin/v1/clients/{client}': { status: 'disabled' },
  'patch /admin/v1/partners/{partner}': { client_secret: 'taken over' },
  'put /admin/v1/partners/{partner}/branding': { branding: { radius: 0 } },
  'post /admin/v1/clients': { metadata },
};

async function routes() {
  const { paths } = await (await fetch(new URL('/openapi.json', s.env.issuer))).json();
  return Object.entries(paths).filter(([path]) => path.startsWith('/admin/v1/'))
    .flatMap(([path, operations]) => Object.entries(operations).map(([method, operation]) => ({ path, method, operation, name: `${method} ${path}` })));
}

function addressOf(route, named) {
  const path = route.path.replace(/\{([^}]+)\}/g, (_, name) => {
    assert.ok(named[name], `${route.name}: which ${name} is another partner's? Name it in objects()`);
    return encodeURIComponent(named[name]);
  });
  const query = (route.operation.parameters ?? []).filter((p) => p.in === 'query' && p.required).map((p) => `${p.name}=${encodeURIComponent(named[p.name])}`);
  return query.length ? `${path}?${query.join('&')}` : path;
}

async function walk(call, named, only = () => true) {
  const answers = [];
  for (const route of (await routes()).filter(only)) {
    const address = addressOf(route, named);
    const etag = ['put', 'patch'].includes(route.method) ? (await admin('GET', address)).etag : undefined;
    const body = ['post', 'put', 'patch'].includes(route.method) && route.operation.requestBody ? bodies[route.name] ?? {} : undefined;
    answers.push({ ...route, answer: await call(route.method.toUpperCase(), address, body, { ifMatch: etag }) });
  }
  return answers;
}

/* Everything that is not this partner's, as rows. */
async function others() {
  const own = `select id from auth.client where partner = '${mine.slug}'`;
  const tables = { users: "id <> ''", identity: "subject <> ''", client: `id not in (${own})`, partner: "slug <> ''", branding: `partner <> '${mine.slug}'`, resource: "audience <> ''", resource_scope: "scope <> ''", detail_type: "name <> ''", exchange_rule: "client_id <> ''", assertion_issuer: "issuer <> ''", assertion_subject: "issuer <> ''", sign_key: "kid <> ''", initial_token: "id <> ''", grants: `client_id not in (${own})`, consent: `client_id not in (${own})`, session: "sid <> ''", logout: 'id > 0' };
  const rows = {};
  for (const [table, which] of Object.entries(tables)) rows[table] = (await s.psql(`select md5(coalesce(string_agg(x::text, ',' order by x::text), '')) as sum from auth.${table} x where ${which}`))[0].sum;
  return rows;
}

test('no route shows or changes what is another partner\'s, or the operator\'s', async () => {
  const named = await objects();
  const secrets = [theirs.user, theirs.rp.id, theirs.slug, theirs.session, theirs.grant, theirs.email, named.kid, named.token, named.scope, named.audience, named.tokens_of, named.issuer];
  const unchanged = await others();
  const answers = await walk(mine.call, named);
  assert.ok(answers.length >= 55, `${answers.length} routes`);
  for (const { name, path, answer } of answers) {
    const text = JSON.stringify(answer.body);
    for (const secret of secrets) assert.ok(!text.includes(secret), `${name} shows ${secret}: ${text}`);
    if (/\{/.test(path)) assert.ok([403, 404].includes(answer.status), `${name}: ${answer.status} ${text}`);
    else if (answer.status !== 403) assert.ok(name === 'post /admin/v1/clients' ? answer.body.partner === mine.slug : name.startsWith('get ') && answer.status === 200, `${name}: ${answer.status} ${text}`);
  }
  assert.deepEqual(await others(), unchanged);
});

test('the same walk finds everything for the operator, and its own for the partner', async () => {
  const named = await objects();
  const reads = (route) => route.method === 'get';
  for (const { name, answer } of await walk(admin, named, reads)) assert.equal(answer.status, 200, `${name}: ${JSON.stringify(answer.body)}`);
  const seen = (await walk(theirs.call, named, reads)).filter(({ answer }) => answer.status === 200);
  assert.deepEqual(seen.map(({ path }) => path).sort(), ['/admin/v1/audit', '/admin/v1/clients', '/admin/v1/clients/{client}', '/admin/v1/partners', '/admin/v1/partners/{partner}', '/admin/v1/partners/{partner}/branding', '/admin/v1/users', '/admin/v1/users/{user}', '/admin/v1/users/{user}/consents', '/admin/v1/users/{user}/grants', '/admin/v1/users/{user}/identities', '/admin/v1/users/{user}/sessions']);
  const text = JSON.stringify(seen.map(({ answer }) => answer.body));
  for (const own of [theirs.user, theirs.rp.id, theirs.slug, theirs.session, theirs.grant]) assert.ok(text.includes(own), own);
  for (const other of [mine.user, mine.rp.id, mine.slug, mine.session, mine.grant, ...theirs.elsewhere]) assert.ok(!text.includes(other), other);
  const { neighbour } = theirs;
  for (const { path, answer } of seen.filter(({ path }) => path.includes('{user}')))
    for (const other of [neighbour.user, neighbour.session, neighbour.grant]) assert.ok(!JSON.stringify(answer.body).includes(other), `${path} tells of another account`);
  const { data: consents } = seen.find(({ path }) => path.endsWith('/consents')).answer.body;
  assert.equal(consents.length, 1, JSON.stringify(consents)); /* one says what was allowed, and not who did */
  for (const partner of [theirs, mine]) refused(await partner.call('DELETE', `/admin/v1/grants/${theirs.elsewhere[0]}`), 404, 'not_found');
});

test('what is done to one account, or for one partner, is not done to another', async () => {
  const rows = async ({ user }) => JSON.stringify(await s.psql(`select x::text from auth.consent x where user_id = '${user}' union all select x::text from auth.grants x where user_id = '${user}' union all select x::text from auth.session x where user_id = '${user}'`));
  const one = await accountOf(theirs.slug, theirs.issuer, theirs.rp, mine.rp), before = await rows(theirs), own = await rows(theirs.neighbour);
  for (const path of [`/admin/v1/users/${one.user}/consents/${theirs.rp.id}`, `/admin/v1/grants/${one.grant}`, `/admin/v1/sessions/${one.session}`, `/admin/v1/users/${one.user}/sessions`])
    assert.ok([204, 200].includes((await theirs.call('DELETE', path)).status), path);
  assert.deepEqual([await rows(theirs), await rows(theirs.neighbour)], [before, own]);
  const brand = (partner) => partner.call('GET', `/admin/v1/partners/${partner.slug}/branding`);
  for (const [partner, radius] of [[mine, 3], [theirs, 7]]) {
    const { etag } = await brand(partner);
    const { status, body } = await partner.call('PUT', `/admin/v1/partners/${partner.slug}/branding`, { branding: { radius } }, { ifMatch: etag });
    assert.equal(status, 200, JSON.stringify(body));
  }
  assert.deepEqual([(await brand(mine)).body.branding.radius, (await brand(theirs)).body.branding.radius], [3, 7]);
  const plain = await partnerWithAll();
  const looks = async ({ rp }) => /\/branding\/[^"]+/.exec((await createAgent().open((await request(rp)).url)).text)?.[0];
  const seen = await Promise.all([mine, theirs, plain].map(looks));
  assert.ok(seen[0] && seen[1] && seen[0] !== seen[1], `each its own: ${seen}`);
  assert.equal(seen[2], undefined);
});

/* ---- what is its own ---- */

test('a partner makes clients for itself, with no more than its administration has', async () => {
  const own = await mine.call('POST', '/admin/v1/clients', { metadata });
  assert.deepEqual([own.status, own.body.partner, own.body.first_party, own.body.verified], [201, mine.slug, false, false], JSON.stringify(own.body));
  for (const [member, value] of [['partner', theirs.slug], ['first_party', true], ['verified', true], ['resource_server', 'https://api.example'], ['client_id', 'wanted']])
    refused(await mine.call('POST', '/admin/v1/clients', { metadata, [member]: value }), 403, 'forbidden_tenant', member);
  refused(await mine.call('POST', '/admin/v1/clients', { metadata: { ...metadata, scope: 'openid pay.operator' } }), 403, 'forbidden_tenant', 'metadata.scope');
  refused(await mine.call('POST', '/admin/v1/clients', { metadata: { ...metadata, authorization_details_types: ['payment'] } }), 403, 'forbidden_tenant', 'metadata.authorization_details_types');
  const strong = await addClient(s, { scope: 'openid pay.operator', more: ['--partner', mine.slug] });
  refused(await mine.call('POST', `/admin/v1/clients/${strong.id}/secret`), 403, 'forbidden_tenant', 'metadata.scope');
  const verified = await admin('PUT', `/admin/v1/clients/${own.body.client_id}`, { metadata, partner: mine.slug, verified: true }, { ifMatch: own.etag });
  const changed = await mine.call('PUT', `/admin/v1/clients/${own.body.client_id}`, { metadata: { ...metadata, client_name: 'Renamed' } }, { ifMatch: verified.etag });
  assert.deepEqual([changed.body.metadata.client_name, changed.body.verified, changed.body.partner], ['Renamed', true, mine.slug], JSON.stringify(changed.body));
  assert.equal((await mine.call('DELETE', `/admin/v1/clients/${own.body.client_id}`)).status, 204);
});

test('a partner keeps its credentials, not whom we trust', async () => {
  const { etag } = await mine.call('GET', `/admin/v1/partners/${mine.slug}`);
  for (const [member, value] of [['issuer', 'https://evil.example'], ['email_domains', 'gmail.com'], ['name', 'Somebody else'], ['settings', { create: 'anyone' }]])
    refused(await mine.call('PATCH', `/admin/v1/partners/${mine.slug}`, { [member]: value }, { ifMatch: etag }), 403, 'forbidden_tenant', member);
  const changed = await mine.call('PATCH', `/admin/v1/partners/${mine.slug}`, { client_secret: 'a new one' }, { ifMatch: etag });
  assert.deepEqual([changed.status, changed.body.has_client_secret], [200, true], JSON.stringify(changed.body));
  assert.equal((await mine.call('DELETE', `/admin/v1/partners/${mine.slug}`)).status, 403);
});

test('a partner ends what its accounts hold; an account that another way leads to is nobody\'s', async () => {
  const one = await accountOf(mine.slug, mine.issuer, mine.rp);
  refused(await mine.call('PATCH', `/admin/v1/users/${one.user}`, { role: 'admin' }, { ifMatch: '"1"' }), 403, 'forbidden_tenant', 'role');
  assert.equal((await mine.call('DELETE', `/admin/v1/users/${one.user}/consents/${mine.rp.id}`)).status, 204);
  assert.equal((await mine.call('DELETE', `/admin/v1/sessions/${one.session}`)).status, 204);
  const log = (await mine.call('GET', '/admin/v1/audit')).body.data.map((entry) => entry.action);
  for (const action of ['session.killed', 'session.ended', 'consent.withdrawn', 'client.created']) assert.ok(log.includes(action), `${action} in ${log}`);
  await s.psql(`insert into auth.identity (issuer, subject, user_id, partner, linked_at, last_login_at, reauth_session) values ('${theirs.issuer}', '${one.user}', '${one.user}', '${theirs.slug}', now(), now(), sha256('fresh'))`);
  for (const call of [mine.call, theirs.call]) refused(await call('GET', `/admin/v1/users/${one.user}`), 404, 'not_found', undefined);
  assert.equal((await admin('GET', `/admin/v1/users/${one.user}`)).status, 200);
});

test('a client that is given to a partner is that partner\'s at once', async () => {
  const helper = await adminOf(s, 'auth.admin.read');
  assert.equal((await helper('GET', '/admin/v1/keys')).status, 200);
  await s.psql(`set search_path to auth; update client set partner = '${mine.slug}' where id = '${helper.rp.id}'`);
  await eventually(async () => (await helper('GET', '/admin/v1/keys')).status === 403, { what: 'it is the partner\'s' });
  assert.deepEqual((await helper('GET', '/admin/v1/partners')).body.data.map((one) => one.slug), [mine.slug]);
});

test('the administration of a partner that was removed is over, also with the token that it has', async () => {
  const gone = await partnerWithAll();
  assert.equal((await gone.call('GET', '/admin/v1/clients')).status, 200);
  await operator(s, 'partners', 'remove', gone.slug);
  assert.equal((await gone.call('GET', '/admin/v1/clients')).status, 401);
});
