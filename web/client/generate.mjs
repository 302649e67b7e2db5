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
 * '/v1/payments/{payment}/payouts' -> payments.payouts, since payouts are a collection of their own.
 */
function nameOf(method, path, paths) {
  const segments = path.split('/').slice(2);
  const last = segments.at(-1);
  if (isParam(last)) return [segments.at(-2), ITEM_VERBS[method]];
  if (segments.length > 1 && paths[`/v1/${last}`]) return [segments[0], last];
  if (last.endsWith('s')) return [last, VERBS[method]];
  const owner = segments.findLast((segment) => !isParam(segment) && segment !== last);
  return owner ? [owner, last] : [last, method === 'GET' ? 'read' : 'create'];
}

const fieldsOf = ({ properties = {}, required = [] }) =>
  Object.keys(properties).map((name) => (required.includes(name) ? name : `${name}?`)).join(', ');

function operationText(method, path, operation, name) {
  const params = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => camel(name));
  const query = (operation.parameters ?? []).filter((one) => one.in === 'query').map(({ name }) => `${name}?`);
  const schema = operation.requestBody?.content['application/json']?.schema;
  const isFile = operation.requestBody && !schema;
  const given = schema || isFile ? ['body'] : query.length ? ['query'] : [];
  const takes = schema ? ` Body: ${fieldsOf(schema)}.` : isFile ? ' Body: a Blob with its type.' : query.length ? ` Query: ${query.join(', ')}.` : '';
  const [scope] = operation.security[0].bearer;
  const literal = '`' + path.replace(/\{(\w+)\}/g, (_, name) => `\${part(${camel(name)})}`) + '`';
  return [
    `      /* ${operation.summary}. Scope ${scope}.${takes} */`,
    `      ${name}: (${[...params, ...given, 'options'].join(', ')}) => call('${method}', ${literal}, { ${[...given, '...options'].join(', ')} }),`,
  ];
}

export function generate(document) {
  const groups = new Map(), names = new Map();
  for (const [path, operations] of Object.entries(document.paths)) {
    if (!path.startsWith('/v1/') || path.startsWith('/v1/operator/')) continue;
    for (const [method, operation] of Object.entries(operations)) {
      if (!operation.security) continue;
      const [group, word] = nameOf(method.toUpperCase(), path, document.paths);
      const name = camel(word), full = `${group}.${name}`;
      if (names.has(full)) throw new Error(`two operations are called ${full}: ${names.get(full)} and ${path}`);
      names.set(full, path);
      groups.set(group, [...(groups.get(group) ?? []), ...operationText(method.toUpperCase(), path, operation, name)]);
    }
  }
  return [
    '/* The payment API as functions, written by generate.mjs from its OpenAPI document: not to be edited. */',
    "import { caller } from './call.mjs';",
    "export { PayError, items } from './call.mjs';",
    '',
    'const part = encodeURIComponent;',
    '',
    "/* connect: what caller() takes. Each function's options are { key, signal }: an idempotency key, and what ends it early. */",
    'export function payClient(connect) {',
    '  const call = caller(connect);',
    '  return {',
    ...[...groups].flatMap(([group, lines]) => [`    ${camel(group)}: {`, ...lines, '    },']),
    '  };',
    '}',
    '',
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const answer = await fetch(new URL('/openapi.json', process.argv[2]));
  process.stdout.write(generate(await answer.json()));
}
