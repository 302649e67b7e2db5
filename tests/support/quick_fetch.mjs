/*
 * fetch for tests, which ask servers of this machine thousands of times: what nearly all of them need of it, by node:http, for a third of its
 * processor. Whatever asks for more (https, streams, forms with files, compressed answers) goes to fetch itself.
 */
import { Agent, request } from 'node:http';

const fetch = globalThis.fetch;
const agent = new Agent({ keepAlive: true });
const USUAL = { accept: '*/*', 'accept-language': '*', 'sec-fetch-mode': 'cors', 'user-agent': 'node' };
const BODILESS = [undefined, 'GET', 'HEAD'];
const MOVED = [301, 302, 303, 307, 308];

const isPlain = (value) => Object.getPrototypeOf(value) === Object.prototype;

function typed(body) {
  if (body === undefined || body === null) return {};
  if (typeof body === 'string') return { bytes: Buffer.from(body), type: 'text/plain;charset=UTF-8' };
  if (body instanceof URLSearchParams) return { bytes: Buffer.from(String(body)), type: 'application/x-www-form-urlencoded;charset=UTF-8' };
  return body instanceof Uint8Array ? { bytes: body } : null;
}

/* { url, method, headers, bytes }, or null: fetch has to do it. */
function simple(input, { method: asked, headers: given = {}, body, redirect, signal, ...more } = {}) {
  const url = typeof input === 'string' && URL.canParse(input) ? new URL(input) : input;
  const method = /^(get|head|post|put|delete|options)$/i.test(asked) ? asked.toUpperCase() : asked;
  if (!(url instanceof URL) || url.protocol !== 'http:' || url.username || !given || !isPlain(given) || Object.values(more).some((value) => value !== undefined)) return null;
  const headers = { ...USUAL };
  for (const [name, value] of Object.entries(given)) {
    if (typeof value !== 'string' || value !== value.trim() || /[^\t\x20-\x7e]/.test(value)) return null;
    headers[name.toLowerCase()] = value;
  }
  const content = typed(body);
  if (!content || 'accept-encoding' in headers || 'host' in headers || ![undefined, 'follow', 'manual'].includes(redirect) || (content.bytes && BODILESS.includes(method))) return null;
  if (content.type) headers['content-type'] ??= content.type;
  if (!BODILESS.includes(method) && (content.bytes || ['POST', 'PUT', 'PATCH'].includes(method))) headers['content-length'] = String(content.bytes?.length ?? 0);
  return { url, method: method ?? 'GET', headers, signal, bytes: content.bytes };
}

const failed = (signal, cause, what) => (signal?.aborted ? signal.reason : new TypeError(what, { cause }));

function asked({ url, method, headers, signal, bytes }) {
  return new Promise((resolve, reject) => {
    request(url, { method, headers, signal, agent }, resolve).on('error', (error) => reject(failed(signal, error, 'fetch failed'))).end(bytes);
  });
}

async function collected(stream) {
  const pieces = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}

/* Whose body is a promise of bytes, which are told as often as they are asked for. */
export function tellingOf(answer, whole) {
  const told = {
    arrayBuffer: async () => { const { buffer, byteOffset, length } = await whole; return buffer.slice(byteOffset, byteOffset + length); },
    text: async () => new TextDecoder().decode(await whole),
    json: async () => JSON.parse(await answer.text()),
    clone: () => tellingOf(new Response(null, answer), whole),
    bodyUsed: false,
  };
  for (const [name, value] of Object.entries(told)) Object.defineProperty(answer, name, { value });
  return Object.defineProperty(answer, 'body', { get: () => new ReadableStream({ async start(out) { out.enqueue(new Uint8Array(await whole)); out.close(); } }) });
}

export async function quickFetch(input, init) {
  const what = simple(input, init ?? {});
  if (!what) return fetch(input, init);
  const stream = await asked(what);
  if (MOVED.includes(stream.statusCode) && stream.headers.location && init?.redirect !== 'manual') {
    stream.destroy();
    const keeps = stream.statusCode > 303 ? { method: what.method, body: what.bytes } : {};
    const last = await fetch(new URL(stream.headers.location, what.url), { headers: init?.headers, ...keeps });
    return Object.defineProperty(last, 'redirected', { value: true });
  }
  const headers = new Headers();
  for (let i = 0; i < stream.rawHeaders.length; i += 2) headers.append(stream.rawHeaders[i], stream.rawHeaders[i + 1]);
  const whole = collected(stream).catch((error) => { throw failed(what.signal, error, 'terminated'); });
  whole.catch(() => {}); /* nobody may ask for it */
  const answer = new Response(null, { status: stream.statusCode, statusText: stream.statusMessage, headers });
  return Object.defineProperty(tellingOf(answer, whole), 'url', { value: what.url.href.split('#')[0] });
}
