/*
 * Writes the client of the payment API from its OpenAPI document:  node web/client/generate.mjs http://127.0.0.1:7001 > web/client/pay.mjs
 * A group for each kind of object, a function for each operation; what the partner's systems do not call is left out.
 */
import { fileURLToPath } from 'node:url';

const VERBS = { POST: 'create', GET: 'list' };
const ITEM_VERBS = { POST: 'update', GET: 'read', DELETE: 'remove' };
const camel = (words) => words.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
const isParam = (segment) => segment?.startsWith('{');

/*
 * '/v1/payments/{payment}/confirm', POST -> payments.confirm; '/v1/users/{user}/requisites', GET -> requisites.list; but
 * '/v1/payments/{payment}/payouts' -> payments.payouts, since payouts are a collection of their own (stores.billing and stores.billingRead, where it
 * is set and read), and what there is one of, '/v1/users/{user}/legal_profile', is legalProfile.create and legalProfile.read.
 */
function nameOf(method, path, paths) {
  const segments = path.split('/').slice(2);
  const last = segments.at(-1);
  if (isParam(last)) return [segments.at(-2), ITEM_VERBS[method]];
  if (segments.length > 1 && paths[`/v1/${last}`]) return [segments[0], paths[path].post && method === 'GET' ? `${last}_read` : last];
  const isCollection = last.endsWith('s') || Object.keys(paths).some((other) => other.startsWith(`${path}/{`));
  if (isCollection) return [last, VERBS[method]];
  if (paths[path].get && paths[path].post) return [last, method === 'GET' ? 'read' : 'create'];
  const owner = segments.findLast((segment) => !isParam(segment) && segment !== last);
  return owner ? [owner, last] : [last, method === 'GET' ? 'read' : 'create'];
}

const PLAIN = { string: 'string', integer: 'number', boolean: 'boolean', null: 'null' };

/* A JSON Schema of the document as a type that editors understand. */
function typeOf(schema) {
  if (schema.$ref) return schema.$ref.split('/').at(-1);
  if (schema.const) return `'${schema.const}'`;
  if (schema.enum) return schema.enum.map((word) => `'${word}'`).join('|');
  if (schema.anyOf) return schema.anyOf.map(typeOf).join('|');
  if (schema.type === 'array') return `Array<${typeOf(schema.items)}>`;
  if (schema.additionalProperties?.type) return `Object<string, ${typeOf(schema.additionalProperties)}>`;
  if (schema.type !== 'object') return schema.type ? [schema.type].flat().map((word) => PLAIN[word]).join('|') : 'any';
  const { properties, required = [] } = schema;
  return `{${Object.entries(properties).map(([name, value]) => `${name}${required.includes(name) ? '' : '?'}: ${typeOf(value)}`).join(', ')}}`;
}

function typeText(name, schema) {
  if (schema.type !== 'object') return [`/** @typedef {${typeOf(schema)}} ${name} */`];
  const { properties, required = [] } = schema;
  return ['/**', ` * @typedef {object} ${name}`, ...Object.entries(properties).map(([member, one]) => ` * ${tag('property', member, one, { isNeeded: required.includes(member) })}`), ' */'];
}

/* The objects of the API, but for those that only operators see. */
function typesText(document, shown) {
  const names = Object.keys(document.components.schemas), used = new Set();
  const add = (text) => names.filter((name) => new RegExp(`\\b${name}\\b`).test(text) && !used.has(name))
    .forEach((name) => add(typeOf(document.components.schemas[used.add(name) && name])));
  add(shown.join('\n'));
  return names.filter((name) => used.has(name)).flatMap((name) => typeText(name, document.components.schemas[name]));
}

/* What `data` of an event is, by its type; an endpoint that wants thin messages gets `EventObject`. */
function eventsText({ webhooks }) {
  const dataOf = ({ post }) => typeOf(post.requestBody.content['application/json'].schema.properties.data).replace('|EventObject', '');
  return ['/**', ' * @typedef {{', ...Object.entries(webhooks).map(([type, told]) => ` *   '${type}': ${dataOf(told)},`), ' * }} EventObjects', ' */'];
}

/* What is answered when it is done, with whichever of its statuses. */
const doneOf = ({ responses }) => responses[Object.keys(responses).find((status) => status.startsWith('2'))];

const scopes = ({ security: [opener] }) => opener?.bearer ?? [];

/* One line of a comment: `@param {string} [body.locale] What it means.` */
function tag(kind, name, schema, { description = schema?.description, isNeeded = true, type = typeOf(schema) } = {}) {
  return `@${kind} {${type}} ${isNeeded ? name : `[${name}]`}${description ? ` ${description}` : ''}`;
}

const fieldTags = (owner, { properties = {}, required = [] }) =>
  Object.entries(properties).map(([name, schema]) => tag('param', `${owner}.${name}`, schema, { isNeeded: required.includes(name) }));

/* The body, or else the query: the name of the argument, and what is said of it. */
function inputOf({ requestBody, parameters = [] }) {
  const schema = requestBody?.content['application/json']?.schema, query = parameters.filter((one) => one.in === 'query');
  if (schema) return ['body', [tag('param', 'body', schema, { type: 'object', isNeeded: requestBody.required }), ...fieldTags('body', schema)]];
  if (requestBody) return ['body', [`@param {Blob} body With its type${parameters.some(({ name }) => name === 'Content-Disposition') ? '; a `File` with its name, too' : ''}.`]];
  if (query.length === 0) return [null, []];
  const needed = query.some((one) => one.required);
  return ['query', [`@param {object} ${needed ? 'query' : '[query]'}`, ...query.map((one) => tag('param', `query.${one.name}`, one.schema, { description: one.description, isNeeded: one.required }))]];
}

function operationText(method, path, operation, name) {
  const params = [...path.matchAll(/\{(\w+)\}/g)].map(([, word]) => word);
  const [given, inputs] = inputOf(operation), [scope] = scopes(operation);
  const literal = '`' + path.replace(/\{(\w+)\}/g, (_, word) => `\${part(${camel(word)})}`) + '`';
  const { 'application/json': json, ...files } = doneOf(operation).content ?? {};
  const answer = [json && typeOf(json.schema), Object.keys(files).length > 0 && 'Blob'].filter(Boolean).join('|');
  const tags = [
    ...params.map((word) => tag('param', camel(word), operation.parameters.find((one) => one.in === 'path' && one.name === word).schema,
      { description: operation.parameters.find((one) => one.in === 'path' && one.name === word).description })),
    ...inputs,
    '@param {CallOptions} [options]',
    ...answer ? [`@returns {Promise<${answer}>}`] : ['@returns {Promise<void>}'],
  ];
  return [
    '      /**', `       * ${operation.summary}. Scope ${scope}.`, ...tags.map((line) => `       * ${line}`), '       */',
    `      ${name}: (${[...params.map(camel), ...given ? [given] : [], 'options'].join(', ')}) => call('${method}', ${literal}, { ${[...given ? [given] : [], '...options'].join(', ')} }),`,
  ];
}

export function generate(document) {
  const groups = new Map(), names = new Map();
  for (const [path, operations] of Object.entries(document.paths)) {
    if (!path.startsWith('/v1/') || path.startsWith('/v1/operator/')) continue;
    for (const [method, operation] of Object.entries(operations)) {
      if (scopes(operation).length === 0) continue;
      const [group, word] = nameOf(method.toUpperCase(), path, document.paths);
      const name = camel(word), full = `${group}.${name}`;
      if (names.has(full)) throw new Error(`two operations are called ${full}: ${names.get(full)} and ${path}`);
      names.set(full, path);
      groups.set(group, [...(groups.get(group) ?? []), ...operationText(method.toUpperCase(), path, operation, name)]);
    }
  }
  const operations = [...groups].flatMap(([group, lines]) => [`    ${camel(group)}: {`, ...lines, '    },']);
  return [
    '/* The payment API as functions, written by generate.mjs from its OpenAPI document: not to be edited. */',
    "import { caller } from './call.mjs';",
    "export { PayError, clientToken, items } from './call.mjs';",
    '',
    'const part = encodeURIComponent;',
    '',
    '/** @typedef {{key?: string, signal?: AbortSignal}} CallOptions An idempotency key, and what ends the call early. */',
    '',
    '/** @param {Parameters<typeof caller>[0]} connect */',
    'export function payClient(connect) {',
    '  const call = caller(connect);',
    '  return {',
    ...operations,
    '  };',
    '}',
    '',
    ...typesText(document, [...operations.filter((line) => /@(?:returns|param)/.test(line)), 'WebhookMessage']),
    ...eventsText(document),
    '',
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const answer = await fetch(new URL('/openapi.json', process.argv[2]));
  process.stdout.write(generate(await answer.json()));
}
