/*
 * Bad input on every route of both servers, made from their own OpenAPI documents: missing, repeated, oversized and unknown fields, wrong types,
 * invalid UTF-8, deep JSON, a token of a megabyte. Each gets its documented error, which names the field; nothing crashes and nothing changes.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { generate } from '../../web/client/generate.mjs';
import { judgeOf } from '../support/answers.mjs';
import { heard } from '../support/outcome.mjs';
import { partnerToken, userTokens } from '../support/people.mjs';
import { sharedStack } from '../support/stack.mjs';

const s = await sharedStack({ profile: 'demo' });
const documentOf = async (base) => (await fetch(`${base}/openapi.json`)).json();
const documents = { authsrv: [s.env.issuer, await documentOf(s.env.issuer)], paysrv: [s.env.pay_api, await documentOf(s.env.pay_api)] };
const tokens = {};
const doneOf = (responses) => responses[Object.keys(responses).find((status) => status.startsWith('2'))];
const HUGE = Buffer.alloc(12 << 20, 'a');
let pids;

before(async () => {
  pids = { ...s.env.pids };
  tokens.partner = await partnerToken(s.env);
  tokens.user = (await userTokens(s.env, s.env.demo.seller)).access_token;
});

after(() => s.stop());

describe('the documents', () => {
  for (const [server, [, document]] of Object.entries(documents)) {
    test(`${server}: OpenAPI 3.1, says a validator; each operation has an id and a reason to be refused`, async () => {
      const validator = new Validator();
      const { valid, errors } = await validator.validate(structuredClone(document));
      assert.deepEqual([valid, errors, validator.version], [true, undefined, '3.1']);
      const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
      assert.equal(new Set(operations.map((one) => one.operationId)).size, operations.length);
      for (const { security, tags } of operations) {
        if (security[0]?.bearer) assert.match(security[0].bearer[0], /^(pay|auth)\.[a-z.]+$/);
        assert.ok(security.length <= 1 && tags.length === 1);
      }
    });
  }

  test('paysrv: every operation that is no page says what it answers', () => {
    const silent = Object.entries(documents.paysrv[1].paths).flatMap(([path, methods]) => Object.entries(methods)
      .filter(([method, { responses }]) => method !== 'delete' && responses['4XX'].$ref.endsWith('/Problem') && !doneOf(responses).content)
      .map(([method]) => `${method} ${path}`));
    assert.deepEqual(silent, ['get /js/v1.js', 'get /assets/{name}', 'get /store-files/{file}']);
  });

  test('authsrv: every operation that is no page says what it answers', () => {
    const silent = Object.entries(documents.authsrv[1].paths).flatMap(([path, methods]) => Object.entries(methods)
      .filter(([method, { responses, tags }]) => !['delete', 'options'].includes(method) && tags[0] !== 'pages' && !doneOf(responses).content?.['application/json']?.schema)
      .map(([method]) => `${method} ${path}`));
    /* scripts and pictures, and what answers nothing */
    assert.deepEqual(silent, ['get /js/login-fedcm-v1.js', 'post /cb/{slug}/logout', 'post /revoke', 'get /branding/{file}', 'get /js/login-v1.js', 'get /assets/{name}']);
  });

  test('what an application gets of authsrv has types: tokens, introspection, clients, refusals of its own', () => {
    const { paths, components } = documents.authsrv[1], judge = judgeOf(documents.authsrv[1]);
    const answerOf = (method, path) => doneOf(paths[path][method].responses).content['application/json'].schema;
    assert.deepEqual([answerOf('post', '/token'), answerOf('post', '/introspect'), answerOf('post', '/register')].map(({ $ref }) => $ref.split('/').at(-1)), ['TokenAnswer', 'Introspection', 'ClientRegistration']);
    const { description, ...uris } = components.schemas.ClientMetadata.properties.redirect_uris;
    assert.deepEqual([typeof description, uris], ['string', { type: 'array', items: { type: 'string' } }]);
    assert.match(judge('post', '/token', 200, 'application/json', { token_type: 'Bearer' }), /required property 'access_token'/);
    assert.match(judge('get', '/admin/v1/users/usr_1', 200, 'application/json', { object: 'user', password: 'x' }), /additional.*password/);
    assert.match(judge('post', '/token', 400, 'application/json', { error: 'x', auth_session: 'as_1' }), /additional.*auth_session/);
    assert.equal(judge('post', '/authorization_challenge', 400, 'application/json', { error: 'redirect_to_web', error_description: 'x' }), null);
  });

  test('an answer that is not as the document says fails the test that got it', () => {
    const judge = judgeOf(documents.paysrv[1]);
    const halves = { data: [{ id: 'ref_1', object: 'refund' }] };
    assert.equal(judge('get', '/v1/stores/st_1', 200, 'application/json', { id: 1, secret: '' }).split(';').length > 2, true);
    assert.match(judge('get', '/v1/payments/pay_1/refunds', 200, 'application/json', halves), /required property 'status'/);
    assert.match(judge('get', '/v1/payments/pay_1/refunds', 200, 'application/json', { data: [], more: 1 }), /additional.*more/);
    assert.match(judge('get', '/v1/payments/pay_1', 404, 'application/problem+json', { code: 'x' }), /required property 'type'/);
    assert.equal(judge('get', '/v1/payments/pay_1/refunds', 200, 'application/json', { object: 'list', data: [], has_more: false, next_cursor: null }), null);
  });

  test('the client is the one that its document gives', () => {
    assert.equal(readFileSync(new URL('../../web/client/pay.mjs', import.meta.url), 'utf8'), generate(documents.paysrv[1]),
      'write it anew: node web/client/generate.mjs ADDRESS > web/client/pay.mjs');
  });

  test('a problem has the members that the document promises', async () => {
    const { required, properties } = documents.paysrv[1].components.schemas.Problem;
    for (const [path, status] of [['/v1/payments/pay_none', 404], ['/v1/payments?limit=0', 400]]) {
      const answer = await fetch(documents.paysrv[0] + path, { headers: { authorization: `Bearer ${tokens.partner}` } });
      const problem = await answer.json();
      assert.ok([status, 422].includes(answer.status), `${path}: ${answer.status}`);
      for (const name of required) assert.ok(name in problem, name);
      for (const [name, value] of Object.entries(problem)) {
        assert.equal(Number.isInteger(value) ? 'integer' : typeof value, properties[name]?.type, name);
      }
    }
  });
});

/* The demo's client has no scope for payouts by itself; its people's tokens have. */
async function asAny(call) {
  const answer = await call(tokens.partner);
  return answer.status === 403 ? call(tokens.user) : answer;
}

test('paysrv: a word that the document does not list is refused by its name', async () => {
  const [base, { paths }] = documents.paysrv, lists = [];
  for (const [path, { get }] of Object.entries(paths)) {
    if (!get?.security[0]?.bearer || /\{|operator/.test(path)) continue;
    for (const { name, schema } of get.parameters.filter((one) => one.schema?.enum)) {
      const query = new URLSearchParams({ ...(path === '/v1/statement' && { currency: 'EUR' }), [name]: `no_${schema.enum[0]}`.slice(0, 8) });
      const answer = await asAny((token) => fetch(`${base}${path}?${query}`, { headers: { authorization: `Bearer ${token}` } }));
      assert.deepEqual([answer.status, (await answer.json()).param], [422, name], `${path}?${query}`);
      lists.push(path);
    }
  }
  assert.ok(lists.length >= 10, lists.join());
});

test('what a beginner gets wrong is said: the path, the method, the place where JSON ends being JSON', async () => {
  const say = async (method, path, body) => {
    const answer = await fetch(documents.paysrv[0] + path, { method, body, headers: { authorization: `Bearer ${tokens.partner}`, 'content-type': 'application/json' } });
    return [answer.status, (await answer.json()).detail];
  };
  assert.deepEqual(await say('GET', '/v1/payment'), [404, 'This server has no such path; /openapi.json lists those that there are.']);
  assert.deepEqual(await say('PUT', '/v1/prices', '{}'), [405, 'This address takes POST, GET, HEAD.']);
  assert.deepEqual(await say('POST', '/v1/payments', '{"amount": 1000,\n "currency": EUR}'), [400, 'body: is not JSON: line 2, column 16']);
  assert.deepEqual(await say('POST', '/v1/payments', '{"amount": 1000, "amount": 1}'), [400, 'body: names a member twice: line 1, column 25']);
});

test('where no body is taken an empty object is none, and a member is refused by its name', async () => {
  const erase = async (body) => {
    const answer = await fetch(`${documents.paysrv[0]}/v1/users/usr_none/erase`, { method: 'POST', body, headers: { authorization: `Bearer ${tokens.partner}`, ...(body && { 'content-type': 'application/json' }) } });
    const { code, param } = await answer.json();
    return [answer.status, code, param];
  };
  const none = await erase();
  assert.deepEqual(none, [404, 'not_found', undefined]);
  for (const body of ['', '{}', ' { } ']) assert.deepEqual(await erase(body), none, body);
  for (const [body, param] of [['{"reason":"x"}', 'reason'], ['[]', 'body'], ['null', 'body'], ['reason=x', 'body'], ['{', 'body']])
    assert.deepEqual(await erase(body), [400, 'invalid_request', param], body);
});

function plausible(schema) {
  if (schema.type === 'integer') return Math.max(schema.minimum ?? 1, Math.min(schema.maximum ?? 100, 100));
  if (schema.type === 'boolean') return true;
  if (schema.type === 'array') return schema.minItems ? [plausible(schema.items)] : [];
  if (schema.type === 'object') return plausibleObject(schema);
  if (schema.type !== 'string') return {};
  if (schema.enum) return schema.enum[0];
  if (schema.format === 'uri') return 'https://a.example/x';
  if (schema.format === 'email') return 'somebody@a.example';
  if (schema.pattern === '^[A-Z]{3}$') return 'EUR';
  if (schema.pattern === '^[0-9]*$') return '1'.repeat(Math.max(schema.minLength ?? 1, 1));
  return 'a'.repeat(Math.max(schema.minLength ?? 1, 1));
}

const plausibleObject = (schema) => Object.fromEntries((schema.required ?? []).map((name) => [name, plausible(schema.properties[name])]));
const wrongType = (schema) => ({ string: 12345, integer: 'many', boolean: 'perhaps', array: 'one', object: 'thing' })[schema.type];

/* Every case: what it is, the field it must name (or null), and the body. */
function jsonCases(schema) {
  const good = plausibleObject(schema);
  const cases = [
    ['malformed JSON', null, '{'],
    ['two documents', null, `${JSON.stringify(good)} {}`],
    ['an array for an object', null, '[]'],
    ['deep JSON', null, `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`],
    ['invalid UTF-8', null, Buffer.from([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d])],
    ['an empty body', null, ''],
  ];
  if (schema.additionalProperties === false) cases.push(['an unknown field', 'zzz_unknown', JSON.stringify({ ...good, zzz_unknown: 1 })]);
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const bad = wrongType(field);
    if (bad !== undefined) cases.push([`a wrong type in ${name}`, name, JSON.stringify({ ...good, [name]: bad })]);
    if (field.type === 'string') {
      if (field.maxLength < 60000) cases.push([`too long ${name}`, name, JSON.stringify({ ...good, [name]: 'a'.repeat(field.maxLength + 1) })]);
      cases.push([`a control character in ${name}`, name, JSON.stringify({ ...good, [name]: '\u0001' })]);
    }
    if (field.type === 'integer') {
      cases.push([`a fraction in ${name}`, name, JSON.stringify({ ...good, [name]: 1.5 })]);
      if (field.maximum !== undefined && field.maximum < Number.MAX_SAFE_INTEGER) cases.push([`too much ${name}`, name, JSON.stringify({ ...good, [name]: field.maximum + 1 })]);
    }
    if (good[name] !== undefined) {
      const without = { ...good };
      delete without[name];
      cases.push([`no ${name}`, name, JSON.stringify(without)]);
      cases.push([`${name} twice`, null, `{"${name}":1,${JSON.stringify(good).slice(1)}`]);
    }
  }
  return cases;
}

const formOf = (fields) => new URLSearchParams(fields).toString();

function formCases(schema) {
  const good = plausibleObject(schema);
  const cases = [['a bad escape', null, `${formOf(good)}&a=%zz`], ['invalid UTF-8', null, `${formOf(good)}&a=%c0%af`], ['a NUL', null, `${formOf(good)}&a=%00`]];
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    cases.push([`${name} twice`, name, `${formOf({ ...good, [name]: 'a' })}&${name}=b`]);
    if (field.type === 'string' && field.maxLength < 30000) cases.push([`too long ${name}`, name, formOf({ ...good, [name]: 'a'.repeat(field.maxLength + 1) })]);
    if (good[name] !== undefined) {
      const without = { ...good };
      delete without[name];
      cases.push([`no ${name}`, name, formOf(without)]);
    }
  }
  return cases;
}

function queryCases(parameters) {
  const query = parameters.filter((one) => one.in === 'query');
  return query.flatMap(({ name, schema, required }) => {
    const others = query.filter((one) => one.required && one.name !== name).map((one) => `&${one.name}=${plausible(one.schema)}`).join('');
    return [
      [`${name} twice`, name, `${name}=a&${name}=b${others}`],
      ...(schema.type === 'string' && schema.maxLength < 6000 ? [[`too long ${name}`, name, `${name}=${'a'.repeat(schema.maxLength + 1)}${others}`]] : []),
      ...(schema.type === 'integer' ? [[`letters in ${name}`, name, `${name}=many${others}`]] : []),
      ...(required ? [[`no ${name}`, name, others.slice(1)]] : []),
    ];
  });
}

test('paysrv: a call needs an idempotency key where the document says so, and nowhere else', async () => {
  const [base, { paths }] = documents.paysrv, wrong = [];
  for (const [path, { post }] of Object.entries(paths)) {
    const schema = post?.requestBody?.content['application/json']?.schema;
    if (!post?.security[0]?.bearer || path.startsWith('/v1/operator/')) continue;
    const answer = await asAny((token) => fetch(base + path.replace(/\{[a-z_]+\}/g, 'x_0000000000'), {
      method: 'POST', body: schema && JSON.stringify(plausible(schema)), headers: { authorization: `Bearer ${token}`, ...(schema && { 'content-type': 'application/json' }) },
    }));
    const needs = post.parameters.some(({ $ref }) => $ref === '#/components/parameters/Idempotency-Key-needed');
    if (needs !== ((await answer.json()).code === 'idempotency_key_required')) wrong.push(path);
  }
  assert.deepEqual(wrong, []);
});

test('a name in the query that an operation does not take is refused, whatever it takes', async () => {
  const wrong = [], asked = [];
  for (const [path, operations] of Object.entries(documents.paysrv[1].paths)) {
    for (const [method, { security, requestBody }] of Object.entries(operations)) {
      if (!security[0]?.bearer || path.startsWith('/v1/operator/')) continue;
      const [type, { schema } = {}] = Object.entries(requestBody?.content ?? {})[0] ?? [], body = schema && JSON.stringify(plausible(schema));
      const answer = await sendAsAny(documents.paysrv[0], method, path, authorizationsFor('paysrv', path, ''), { type, body, query: 'zzz_unknown=1' });
      asked.push(path);
      if (answer.status !== 400 || JSON.parse(answer.text).param !== 'zzz_unknown') wrong.push(`${method} ${path}: ${answer.status} ${answer.text}`);
    }
  }
  assert.deepEqual(wrong, []);
  assert.ok(asked.length > 140, `${asked.length} operations`);
});

test('a file’s types and the header that names it are in the document', () => {
  const { requestBody, parameters } = documents.paysrv[1].paths['/v1/disputes/{dispute}/files'].post;
  assert.deepEqual(Object.keys(requestBody.content), ['application/pdf', 'image/png', 'image/jpeg', 'text/plain']);
  assert.deepEqual(parameters.filter((one) => one.in === 'header').map(({ name, required }) => [name, required]), [['Content-Disposition', false]]);
});

test('paysrv: a malformed idempotency key is refused where the document takes one, and looked at nowhere else', async () => {
  const [base, { paths }] = documents.paysrv, wrong = [], without = [];
  for (const [path, { post }] of Object.entries(paths)) {
    const schema = post?.requestBody?.content['application/json']?.schema;
    if (!post?.security[0]?.bearer || path.startsWith('/v1/operator/')) continue;
    const answer = await asAny((token) => fetch(base + path.replace(/\{[a-z_]+\}/g, 'x_0000000000'), {
      method: 'POST', body: schema && JSON.stringify(plausible(schema)),
      headers: { authorization: `Bearer ${token}`, 'idempotency-key': 'a'.repeat(256), ...(schema && { 'content-type': 'application/json' }) },
    }));
    const takes = post.parameters.some(({ $ref }) => $ref?.startsWith('#/components/parameters/Idempotency-Key'));
    if (takes !== ((await answer.json()).code === 'idempotency_key_invalid')) wrong.push(path);
    if (!takes) without.push(path);
  }
  assert.deepEqual(wrong, []);
  const of = (word) => without.filter((path) => path.endsWith(word)).length;
  assert.deepEqual([of('/twin'), of('/replay'), of('/submit'), of('/accept')], [1, 0, 0, 0]);
});

const basic = () => `Basic ${Buffer.from(`${s.env.demo.client_id}:${s.env.demo.client_secret}`).toString('base64')}`;

/* Who may call the route is decided before its input is looked at, so each call comes with the right that its guard asks for. */
function authorizationsFor(server, path, guard) {
  if (/public/i.test(guard)) return [undefined];
  if (server === 'authsrv') return path === '/register' ? [`Bearer ${s.env.initial_access_token}`] : [basic(), `Bearer ${tokens.user}`];
  return [`Bearer ${tokens.partner}`, `Bearer ${tokens.user}`];
}

const send = (...words) => heard(() => sendOnce(...words));

async function sendOnce(base, method, path, authorization, { type, body, query } = {}) {
  const target = `${base}${path.replace(/\{[a-z_]+\}/g, 'x_0000000000')}${query ? `?${query}` : ''}`;
  const answer = await fetch(target, {
    method: method.toUpperCase(),
    redirect: 'manual',
    headers: {
      ...(authorization && { authorization }),
      ...(type && { 'content-type': type }),
      ...(method === 'post' && { 'idempotency-key': crypto.randomUUID() }),
    },
    body: method === 'post' ? body : undefined,
  });
  return { status: answer.status, type: answer.headers.get('content-type') ?? '', text: await answer.text() };
}

/* The most permitted answer of the callers that fit: 401 and 403 only when nobody gets further. */
async function sendAsAny(base, method, path, authorizations, request) {
  let answer;
  for (const authorization of authorizations) {
    answer = await send(base, method, path, authorization, request);
    if (![401, 403].includes(answer.status)) break;
  }
  return answer;
}

function judge(answer, what, field, errorType) {
  const told = `${what}: ${answer.status} ${answer.text.slice(0, 300)}`;
  if (errorType === 'text/html' && answer.status === 303) return; /* a page that asks to log in first */
  assert.ok(answer.status >= 400 && answer.status < 500, told);
  if ([401, 403, 405, 429].includes(answer.status)) return;
  if (answer.status !== 404) assert.ok(answer.type.startsWith(errorType), `${told} (${answer.type})`);
  if (errorType === 'text/html' || answer.status === 404) return;
  const document = JSON.parse(answer.text);
  assert.ok(document.code ?? document.error, told);
  if (!field) return;
  if (errorType === 'application/problem+json') assert.equal(document.param, field, told);
  else assert.ok(document.error_description.includes(field), told);
}

for (const [server, [base, document]] of Object.entries(documents)) {
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const refusal = operation.responses['4XX'].$ref?.split('/').at(-1) ?? 'OAuthError'; // in words of its own, beside those
      const errorType = Object.keys(document.components.responses[refusal].content)[0];
      const [type, { schema } = {}] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
      const variants = schema?.oneOf ?? (schema ? [schema] : []);
      describe(`${server} ${method.toUpperCase()} ${path}`, () => {
        const as = () => authorizationsFor(server, path, operation['x-guard']);

        test('refuses a token of a megabyte', async () => {
          const answer = await send(base, method, path, `Bearer ${'a'.repeat(1 << 20)}`, { type, body: type && '{}' }).catch((error) => error);
          assert.ok(answer instanceof Error || (answer.status >= 400 && answer.status < 500), JSON.stringify(answer));
        });

        if (method === 'get' && /^\/(admin\/)?v1\//.test(path)) {
          test('answers a question without a query', async () => {
            const lasting = path.replace('{month}', new Date().toISOString().slice(0, 7));
            const { status, text } = await sendAsAny(base, method, lasting, as());
            assert.ok(status < 500, `${status} ${text}`);
          });
        }

        if (operation.parameters?.some((one) => one.in === 'query')) {
          test('is never at a loss for what may be left out', async () => {
            const names = operation.parameters.filter((one) => one.in === 'query').map(({ name }) => name);
            for (const query of ['', ...names.map((name) => `${name}=`)]) {
              const answer = await sendAsAny(base, method, path, as(), { type, body: type && '{}', query });
              assert.ok(answer.status < 500, `?${query}: ${answer.status} ${answer.text.slice(0, 300)}`);
            }
          });

          test('refuses bad queries and names the field', async () => {
            for (const [what, field, query] of queryCases(operation.parameters)) judge(await sendAsAny(base, method, path, as(), { query }), what, field, errorType);
          });
        }

        for (const variant of type === 'application/json' ? variants : []) {
          test('refuses bad JSON and names the field', async () => {
            for (const [what, field, body] of jsonCases(variant)) judge(await sendAsAny(base, method, path, as(), { type, body }), what, field, errorType);
          });
        }

        for (const variant of type === 'application/x-www-form-urlencoded' ? variants : []) {
          test(`refuses bad forms and names the field${variant.title ? ` (${variant.title})` : ''}`, async () => {
            const chosen = variant.title ? `grant_type=${variant.title}&` : '';
            for (const [what, field, body] of formCases(variant)) judge(await sendAsAny(base, method, path, as(), { type, body: chosen + body }), what, field, errorType);
          });
        }

        if (type) {
          test('refuses another media type and a body over its cap', async () => {
            judge(await sendAsAny(base, method, path, as(), { type: 'text/plain', body: 'x' }), 'text/plain', null, errorType);
            const huge = await sendAsAny(base, method, path, as(), { type, body: HUGE }).catch((error) => error);
            assert.ok(huge instanceof Error || huge.status === 413 || huge.status === 401, `${huge.status} ${huge.text}`);
          });
        }
      });
    }
  }
}

test('both servers are the same processes as before, and sound', async () => {
  await s.refresh();
  for (const server of ['authsrv', 'paysrv']) assert.equal(s.env.pids[server], pids[server]);
  assert.deepEqual(await s.psql('select * from pay.v_inv'), []);
  assert.deepEqual(await s.psql('select * from auth.v_inv'), []);
});
