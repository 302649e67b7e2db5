/*
 * Holds every JSON answer that a test gets from a server with fetch against the schemas of that server's own OpenAPI document. Schemas are
 * taken as closed here: an object's member that the document does not name fails the test, though clients are to ignore it.
 */
import { AssertionError } from 'node:assert';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url); /* loaded when a server is asked: that takes longer than the rest of a small test */
const plainFetch = globalThis.fetch;
const watched = new Map(); // origin -> promise of a judge

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
const JSON_TYPES = ['application/json', 'application/problem+json'];

function closed(schema) {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const result = {};
  for (const [key, value] of Object.entries(schema)) result[key] = closed(value);
  if (schema.type === 'object' && schema.properties) result.additionalProperties = false;
  return result;
}

const pattern = (path) => new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`);
const pointer = (...words) => `#/${words.map((word) => encodeURIComponent(word.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;

/* (method, path, status, media type, value) -> what is wrong with the answer, or nothing */
export function judgeOf(document) {
  const Ajv = require('ajv/dist/2020').default;
  /* Most schemas are asked once or twice in a file: making their code is what costs, so it is made short and not improved. */
  const ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false, inlineRefs: false, code: { optimize: false } });
  require('ajv-formats').default(ajv);
  const { paths, components, webhooks } = document;
  ajv.addSchema(closed({ $id: 'document', paths, components, webhooks }));
  const known = Object.keys(paths).map((path) => [pattern(path), path]).sort(([, a], [, b]) => a.includes('{') - b.includes('{'));
  const check = (words, value) => {
    const valid = ajv.getSchema(`document${pointer(...words)}`);
    if (!valid) return `the document has no ${words.slice(0, 2).join(' ')}`;
    return valid(value) ? null : valid.errors.map((one) => `${one.instancePath} ${one.message} ${JSON.stringify(one.params)}`).join('; ');
  };
  const message = (value) => check(['webhooks', value.type, 'post', 'requestBody', 'content', 'application/json', 'schema'], value);
  const events = (value) => [value, value.data].flat().filter((one) => one?.object === 'event').map(({ id, object, ...told }) => message(told));
  const judge = (method, asked, status, media, value) => {
    if (/%2f/i.test(asked)) return null; /* a slash inside a name leads nowhere */
    const path = known.find(([form, path]) => form.test(asked) && paths[path][method])?.[1];
    if (!path) return null; /* no operation: 404, 405 */
    const { responses } = paths[path][method], range = `${String(status)[0]}XX`, key = responses[status] ? String(status) : range;
    if (!responses[key]) return `the document knows no answer ${status}`;
    const named = responses[key].$ref?.split('/').slice(1);
    const answer = named ? components.responses[named.at(-1)] : responses[key];
    if (status >= 500 && !answer.content[media]) return null;
    if (!answer.content?.[media]?.schema) return `${key} has no schema of ${media}`;
    const wrong = check([...(named ?? ['paths', path, method, 'responses', key]), 'content', media, 'schema'], value);
    return wrong ?? (path.startsWith('/v1/events') ? events(value).find(Boolean) ?? null : null);
  };
  /* Of what is no JSON: whether the document knows the status. */
  const status = (method, asked, found) => {
    const path = known.find(([form, path]) => form.test(asked) && paths[path][method])?.[1], responses = path && paths[path][method].responses;
    return !path || responses[found] || responses['2XX'] ? null : `the document knows no answer ${found}`;
  };
  return Object.assign(judge, { message, status });
}

/* null: the server is gone, which some tests want. A document that is none is no reason to judge nothing. */
async function judgeAt(origin) {
  const document = await plainFetch(`${origin}/openapi.json`).catch(() => null);
  if (!document) return null;
  if (document.status !== 200) throw new AssertionError({ message: `${origin}/openapi.json answered ${document.status}` });
  return judgeOf(await document.json());
}

/* A process has ended once while an answer was on its way: connections that others used before do not always keep it alive. */
async function awaited(promise) {
  const alive = setInterval(() => {}, 60_000);
  try {
    return await promise;
  } finally {
    clearInterval(alive);
  }
}

async function answered(input, init) {
  const answer = await awaited(plainFetch(input, init));
  for (const name of ['text', 'json', 'arrayBuffer']) answer[name] = () => awaited(Response.prototype[name].call(answer));
  return answer;
}

globalThis.fetch = async function fetch(input, init) {
  const answer = await answered(input, init);
  const media = answer.headers.get('content-type')?.split(';')[0];
  const { origin, pathname } = answer.url ? new URL(answer.url) : {};
  const isJson = JSON_TYPES.includes(media);
  if (!(isJson || answer.ok) || !watched.has(origin) || pathname === '/openapi.json') return answer;
  const method = (init?.method ?? input.method ?? 'get').toLowerCase();
  if (answer.redirected || !METHODS.includes(method)) return answer;
  const text = isJson ? await awaited(answer.clone().text()) : '';
  if (!watched.get(origin)) watched.set(origin, judgeAt(origin));
  const judge = await watched.get(origin);
  if (!judge) watched.set(origin, null);
  const wrong = isJson ? judge?.(method, pathname, answer.status, media, JSON.parse(text)) : judge?.status(method, pathname, answer.status);
  if (wrong) throw new AssertionError({ message: `${method} ${pathname} answered ${answer.status} against its schema: ${wrong}\n${text.slice(0, 5000)}` });
  return answer;
};

export const watchAnswers = (origin) => watched.has(origin) || watched.set(origin, null);
export const judgeFor = (origin) => (watched.get(origin) ?? judgeAt(origin));
