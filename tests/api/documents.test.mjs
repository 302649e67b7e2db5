/*
 * What docs/protocol says of the payment API against the description that the server gives of itself: calls with their bodies and queries, members
 * of the objects that are shown, functions of the client; and the commands of its pages, as they stand there. The programs of docs/integrate are run by
 * tests/interop.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { payClient } from '../../web/client/pay.mjs';
import { inFile } from '../support/relying_party.mjs';
import { ROOT, sharedStack } from '../support/stack.mjs';

/* What acquirers, wallets and Stripe are asked has paths of its own; what comes of it in our API is in these. */
const PAGES = ['docs/protocol/pay-api.md', 'docs/protocol/errors.md', ...readdirSync(join(ROOT, 'docs/protocol/pay')).map((name) => `docs/protocol/pay/${name}`)];
const EVERYWHERE = [...PAGES, 'README.md', 'docs/protocol/auth.md', ...readdirSync(join(ROOT, 'docs/integrate')).map((name) => `docs/integrate/${name}`)];
const read = (path) => readFileSync(join(ROOT, path), 'utf8');

let s, document;

before(async () => {
  s = await sharedStack();
  document = await (await fetch(`${s.env.pay_api}/openapi.json`)).json();
});

after(() => s?.stop());

/* ---- the notation of the documents ---- */

/*
 * The members of `{store, amount?, save_card?: {buyer}, capture_method?: "a"|"b", split? | split_profile?}`, or of the JSON of an example:
 * [{ name, isOptional }]. What stands behind a colon belongs to the member, until the comma.
 */
function membersOf(text) {
  const members = [];
  let depth = 0, inValue = false, inText = false, name = '';
  const end = () => {
    const found = /^"?([a-z_0-9]+)"?(\?)?$/i.exec(name.trim());
    if (found) members.push({ name: found[1], isOptional: Boolean(found[2]) });
    name = '';
  };
  for (const c of text.trim().slice(1, -1)) {
    if (c === '"') inText = !inText;
    if (!inText && '{[('.includes(c)) depth += 1;
    if (!inText && '}])'.includes(c)) depth -= 1;
    if (depth > 0 || (inText && inValue)) continue;
    if (c === ',' || (c === '|' && !inValue)) [inValue] = [false, end()];
    else if (c === ':') inValue = true;
    else if (!inValue) name += c;
  }
  end();
  return members;
}

const METHODS = '(?:GET|POST|PUT|PATCH|DELETE)';
const CALL = new RegExp(`^(${METHODS}(?:(?:, ?|\\|)${METHODS})*) (/v1/[^\\s?]+)(?:\\?(\\S*))?(?: (\\{.*\\}))?$`);

/* Every call in a line: `POST /v1/x {a, b?}`, or with its body in the next cell of the table; where: file and line. */
function callsIn(path) {
  return read(path).split('\n').flatMap((line, i) => {
    const cells = line.startsWith('|') ? line.replaceAll('\\|', '\u0001').split('|').map((cell) => cell.replaceAll('\u0001', '|').trim()) : [line];
    return cells.flatMap((cell, k) => [...cell.matchAll(/`([^`]+)`/g)].flatMap(([, span]) => {
      const [, methods, route, query, own] = CALL.exec(span) ?? [];
      const beside = [...(cells[k + 1] ?? '').matchAll(/`(\{[^`]*\})`/g)].map(([, body]) => body);
      const bodies = own ? [own] : line.startsWith('| `') && /^`\{/.test(cells[k + 1] ?? '') ? beside : [];
      return (methods?.split(/, ?|\|/) ?? []).map((method) => ({ where: `${path}:${i + 1}`, method: method.toLowerCase(), route, query, bodies: method === 'GET' || method === 'DELETE' ? [] : bodies }));
    }));
  });
}

/* ---- what the server says ---- */

const form = (route) => route.replace(/\{[^}]*\}/g, '{}');

function operationOf({ method, route }) {
  const whole = Object.keys(document.paths).find((path) => form(path) === form(route));
  const open = Object.keys(document.paths).find((path) => new RegExp(`^${form(path).replaceAll('{}', '[^/]+')}$`).test(route.replace(/\{\w+\}/g, 'x')));
  return document.paths[whole ?? open]?.[method];
}

const bodyOf = (operation) => {
  const schema = operation.requestBody?.content['application/json']?.schema;
  return { properties: schema?.properties ?? Object.assign({}, ...(schema?.oneOf ?? []).map((one) => one.properties)), required: schema?.required ?? [] };
};

const queryOf = (operation) => (operation.parameters ?? []).filter((one) => one.in === 'query').map((one) => one.name);

/* `user=|party=partner|own_sales&limit=`: what stands between bars may be a value of the name before. */
const namesOf = (query) => (query ?? '').split(/[&|]/).filter((part) => part.includes('=')).map((part) => part.split('=')[0]);

const wrongIn = (calls, judge) => calls.flatMap((call) => judge(call).map((what) => `${call.where} ${call.method} ${call.route}: ${what}`));

test('every call that a document names is one that the server has', () => {
  const calls = PAGES.flatMap(callsIn);
  assert.ok(calls.length > 150, `${calls.length} calls`);
  assert.deepEqual(wrongIn(calls, (call) => (operationOf(call) ? [] : ['there is no such call'])), []);
});

test('a body that a document shows has the members that the call takes, and says which may be left out', () => {
  const calls = PAGES.flatMap(callsIn).filter(({ bodies }) => bodies.length);
  assert.ok(calls.length > 40, `${calls.length} bodies`);
  assert.deepEqual(wrongIn(calls, (call) => {
    const { properties, required } = bodyOf(operationOf(call)), shown = call.bodies.map(membersOf);
    return shown.flatMap((members) => [
      ...members.filter(({ name }) => !(name in properties)).map(({ name }) => `${name} is not taken`),
      ...members.filter(({ name, isOptional }) => isOptional && required.includes(name)).map(({ name }) => `${name} is required`),
      ...required.filter((one) => !members.some(({ name }) => name === one)).map((one) => `${one} is missing`),
    ]);
  }), []);
});

test('a query that a document shows has the parameters that the call takes', () => {
  const calls = PAGES.flatMap(callsIn).filter(({ query }) => query);
  assert.ok(calls.length > 25, `${calls.length} queries`);
  assert.deepEqual(wrongIn(calls, (call) => {
    const known = queryOf(operationOf(call));
    return namesOf(call.query).filter((name) => !known.includes(name)).map((name) => `${name} is not known`);
  }), []);
});

/* In a table of calls, or in words beside it: all that is said of limit and cursor is said of every list, in pay-api.md. */
test('what a call takes stands in the documents', () => {
  const said = new Set(PAGES.flatMap((path) => [...read(path).matchAll(/`([^`\n]+)`/g)]).flatMap(([, span]) => span.match(/[a-z_0-9]+/g) ?? []));
  assert.ok(/- \*\*Lists\*\*.*`next_cursor`/.test(read('docs/protocol/pay-api.md')), 'what is said of every list');
  const takes = (method, operation) => [...(method === 'post' ? Object.keys(bodyOf(operation).properties) : []), ...queryOf(operation)];
  const missing = Object.entries(document.paths).filter(([path]) => path.startsWith('/v1/')).flatMap(([path, operations]) => Object.entries(operations)
    .flatMap(([method, operation]) => takes(method, operation).filter((name) => !said.has(name)).map((name) => `${method} ${path}: ${name}`)));
  assert.deepEqual(missing, []);
});

test('the objects that documents show have the members that answers have', () => {
  const schemas = Object.values(document.components.schemas);
  const schemaOf = (object) => schemas.filter(({ properties }) => properties?.object?.const === object || properties?.object?.enum?.includes(object));
  const examples = PAGES.flatMap((path) => [...read(path).replace(/\n {4,}(?=["(])/g, ' ').matchAll(/\{(?:"id":"[a-z]+_\.\.\.",)?"object":"([a-z_]+)"[^`\n]*/g)].map(([text, object]) => ({ path, object, text: text.slice(0, endOf(text) + 1) })));
  assert.ok(examples.length > 12, `${examples.length} examples`);
  const wrong = examples.flatMap(({ path, object, text }) => {
    const found = object === 'list' ? null : schemaOf(object);
    if (!found) return [];
    if (!found.length) return [`${path}: there is no object ${object}`];
    const known = new Set(found.flatMap(({ properties }) => Object.keys(properties)));
    return membersOf(text).filter(({ name }) => !known.has(name)).map(({ name }) => `${path}: a ${object} has no ${name}`);
  });
  assert.deepEqual(wrong, []);
});

/* Where the brace that opens the text is closed. */
function endOf(text) {
  let depth = 0;
  for (let i = 0; i < text.length; i += 1) {
    if (text[i] === '{') depth += 1;
    if (text[i] === '}' && (depth -= 1) === 0) return i;
  }
  return text.length - 1;
}

test('every function of the client that a document calls is one that it has', () => {
  const client = payClient({ base: s.env.pay_api });
  const called = EVERYWHERE.flatMap((path) => [...read(path).matchAll(/\bpay\.([a-z]\w+)\.([a-z]\w+)\(/g)].map(([, group, name]) => ({ path, group, name })));
  assert.ok(called.length > 40, `${called.length} calls of the client`);
  assert.deepEqual(called.filter(({ group, name }) => typeof client[group]?.[name] !== 'function'), []);
});

/* An API that answers so, one after the other, and when it was asked. */
function answering(...answers) {
  const asked = [], begin = performance.now();
  const client = payClient({ base: 'https://pay.example', token: async () => 'a', fetch: async (url, { headers }) => {
    asked.push({ at: performance.now() - begin, key: headers['idempotency-key'] });
    const [status, body, given] = answers.shift() ?? [200, {}];
    return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...given } });
  } });
  return { client, asked };
}

test('the client tries again after Retry-After, as errors.md says, and gives a long wait to its caller', async () => {
  const busy = [429, { code: 'too_many_requests', retryable: true }, { 'retry-after': '2' }];
  const soon = answering(busy), payment = await soon.client.payments.create({ store: 'st_1' });
  assert.deepEqual([payment, soon.asked.length, new Set(soon.asked.map(({ key }) => key)).size], [{}, 2, 1]);
  assert.ok(soon.asked[1].at >= 1990, `${soon.asked[1].at} ms`);
  const plain = answering([503, { code: 'unavailable', retryable: true }]);
  await plain.client.payments.create({ store: 'st_1' });
  assert.ok(plain.asked[1].at >= 290, 'without one by a pause of its own');
  const late = answering([503, busy[1], { 'retry-after': '31' }]);
  await assert.rejects(late.client.payments.list(), ({ status, retryAfter, key }) => status === 503 && retryAfter === 31 && key !== undefined);
  assert.equal(late.asked.length, 1);
  const ended = answering([503, busy[1], { 'retry-after': '30' }]);
  await assert.rejects(ended.client.payments.list({}, { signal: AbortSignal.timeout(100) }), { name: 'AbortError' });
  assert.equal(ended.asked.length, 1, 'who has ended it does not wait');
});

/* ---- commands ---- */

/* The indented line of a page that begins so, with those that it goes on with; some of its words replaced by the test's own. */
function commandOf(path, begin, replace) {
  const [shown] = new RegExp(`^ {4}${begin}(?:.*\\\\\\n)*.*$`, 'm').exec(read(path)) ?? assert.fail(`${path} shows no ${begin}`);
  return Object.entries(replace).reduce((text, [from, to]) => text.replaceAll(from, to), shown.replaceAll('\\\n', ' ').trim());
}

const sh = async (command) => JSON.parse((await promisify(execFile)('/bin/sh', ['-euc', command])).stdout);
const wordsOf = (command) => [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain);
const operatorDoes = async (command) => {
  const [server, ...words] = wordsOf(command), { code, stderr } = await s.operator(server, ...words);
  assert.equal(code, 0, stderr);
};

test('a program gets a token for the API of administration by what admin.md shows', async () => {
  const secret = randomUUID(), id = `ops-${randomUUID().slice(0, 8)}`, page = 'docs/protocol/admin.md';
  await inFile(secret, (file) => operatorDoes(commandOf(page, 'authsrv clients add', { '--id ops': `--id ${id}`, FILE: file })));
  const { access_token: token, scope } = await sh(commandOf(page, 'curl -u ops', { 'ops:SECRET': `${id}:${secret}`, '<issuer>': s.env.issuer, curl: 'curl -sS' }));
  assert.equal(scope, 'auth.admin.read auth.admin.users');
  assert.equal((await fetch(`${s.env.issuer}/admin/v1/users?limit=1`, { headers: { authorization: `Bearer ${token}` } })).status, 200);
});

test('a code is mailed by what first-party.md shows, and the answer has the members that it shows', async () => {
  const secret = randomUUID(), id = `app-${randomUUID().slice(0, 8)}`, page = 'docs/protocol/first-party.md';
  await inFile(secret, (file) => operatorDoes(`authsrv clients add --id ${id} --name App --grants authorization_code --auth-method client_secret_basic --secret-file ${file} --scope "openid email" --redirect-uri https://app.example/cb`));
  await operatorDoes(commandOf(page, 'authsrv clients challenge', { ' ID ': ` ${id} `, 'off|sign_in|register': 'register' }));
  const to = `${randomUUID()}@example.org`, challenge = createHash('sha256').update(randomUUID()).digest('base64url');
  const answer = await sh(commandOf(page, 'curl -u app', { 'app:SECRET': `${id}:${secret}`, '<issuer>': s.env.issuer, 'ada@example.org': to, 'code_challenge=...': `code_challenge=${challenge}`, curl: 'curl -sS' }));
  const [shown] = /\{"error": "insufficient_authorization"[^}]*\}/.exec(read(page));
  assert.deepEqual(Object.keys(answer), membersOf(shown).map(({ name }) => name));
  const { auth_session: mine, ...same } = answer, { auth_session: theirs, ...rest } = JSON.parse(shown);
  assert.deepEqual(same, rest);
});

test('the notation is read as it is written', () => {
  const names = (text) => membersOf(text).map(({ name, isOptional }) => name + (isOptional ? '?' : ''));
  assert.deepEqual(names('{store, amount?, save_card?: {buyer, email}, capture_method?: "a"|"b", split? | split_profile?:[rules]}'), ['store', 'amount?', 'save_card?', 'capture_method?', 'split?', 'split_profile?']);
  assert.deepEqual(names('{"id":"pay_...","object":"payment","url":"<a>/b?s=c, d","split":[{"party":"x"}],"expires_at"}'), ['id', 'object', 'url', 'split', 'expires_at']);
});

/* Every member and parameter of a document, with where it stands. */
function* described({ components, paths, webhooks = {} }) {
  function* members(schema, place) {
    if (Array.isArray(schema)) for (const one of schema) yield* members(one, place);
    else if (schema && typeof schema === 'object') {
      for (const [name, one] of Object.entries(schema.properties ?? {})) {
        yield [`${place}.${name}`, one.description];
        yield* members(one, `${place}.${name}`);
      }
      for (const key of ['items', 'additionalProperties', 'oneOf', 'anyOf']) yield* members(schema[key], place);
    }
  }
  for (const [name, schema] of Object.entries(components.schemas)) yield* members(schema, name);
  for (const { operationId, parameters = [], requestBody, responses } of Object.values({ ...paths, ...webhooks }).flatMap(Object.values)) {
    for (const { name, description } of parameters) if (name) yield [`${operationId}.${name}`, description];
    for (const { content = {} } of [requestBody ?? {}, ...Object.values(responses)])
      for (const { schema } of Object.values(content)) yield* members(schema, operationId);
  }
}

for (const server of ['authsrv', 'paysrv']) {
  test(`${server}: each member and each parameter of the description says what it means, and nothing is explained that is not there`, async () => {
    const served = await (await fetch(`${server === 'authsrv' ? s.env.issuer : s.env.pay_api}/openapi.json`)).json();
    const all = [...described(served)], said = new Set(all.map(([, text]) => text));
    assert.ok(all.length > 500);
    assert.deepEqual(all.filter(([, text]) => !text).map(([place]) => place), []);
    const rows = [...read(`${server}/meanings.txt`).matchAll(/^([\w.]+) = (.*)$/gm)].map(([, of, text]) => [of, text]);
    assert.ok(rows.length > 200);
    assert.deepEqual(rows.filter(([, text]) => !said.has(text)).map(([of]) => of), []);
  });
}
