/*
 * One call to the payment API, for the client that is generated from its OpenAPI document (pay.mjs). A POST carries an Idempotency-Key, so
 * trying again after a lost answer does nothing twice. What is thrown has the key: give it again with a later try of the same thing, and, where
 * the API said when to come again and that is too long to wait here, `retryAfter` in seconds.
 * What is no JSON, such as a statement, comes as a Blob.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const TRIES = 3;
const PAUSE_MS = 300;
const WAIT_MAX_S = 30;
const isPassing = ({ retryable, code }) => retryable === true || code === 'idempotency_in_progress';

/**
 * What the API refused (RFC 9457): status, and the document with code, detail, param, decline_code. Where it wants another token, `challenge` has
 * what WWW-Authenticate says: scope, or acr_values and max_age of the log-in that is needed (RFC 9470). `retryAfter`: in how many seconds it may be
 * tried again; 0 where that is not said.
 */
export class PayError extends Error {
  /** @param {number} status @param {any} problem @param {Record<string, string>} [challenge] @param {number} [retryAfter] */
  constructor(status, problem, challenge = {}, retryAfter = 0) {
    super(problem.detail ?? problem.title ?? `the payment API answered ${status}`);
    this.status = status;
    this.problem = problem;
    this.challenge = challenge;
    this.retryAfter = retryAfter;
  }
}

const challengeOf = (header) => Object.fromEntries([...(header ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));

/* What a file is called, where a header can say it. */
const nameOf = (body) => (body instanceof File && /^[ !#-.0-[\]-~]+$/.test(body.name) ? body.name : undefined);

const secondsOf = (header) => Math.max(0, Number(header) || 0);

const address = (base, path, query = {}) => {
  const url = new URL(base + path);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
  return url;
};

/**
 * Without `token` it is `fetch` that brings one along, and what belongs to it: the proof of a token that is bound to a key (DPoP, RFC 9449) is
 * made anew for each try.
 * @param {object} connect
 * @param {string} connect.base The API's address.
 * @param {() => Promise<string>} [connect.token] Gives an access token.
 * @param {typeof globalThis.fetch} [connect.fetch] Another than the platform's.
 * @returns {(method: string, path: string, options?: {query?: object, body?: any, key?: string, signal?: AbortSignal}) => Promise<any>}
 */
export function caller({ base, token, fetch = globalThis.fetch }) {
  async function once(url, init) {
    const answer = await fetch(url, init);
    const body = await answer.blob();
    const isJson = /^application\/(problem\+)?json\b/.test(answer.headers.get('content-type') ?? '');
    const document = body.size && isJson ? JSON.parse(await body.text()) : undefined;
    if (answer.status >= 400) {
      throw new PayError(answer.status, document ?? { retryable: answer.status >= 500 }, challengeOf(answer.headers.get('www-authenticate')), secondsOf(answer.headers.get('retry-after')));
    }
    return document ?? (body.size ? body : undefined);
  }
  return async function call(method, path, { query, body, key = randomUUID(), signal } = {}) {
    const headers = {
      ...(token && { authorization: `Bearer ${await token()}` }),
      ...(body && { 'content-type': body instanceof Blob ? body.type : 'application/json' }),
      ...(nameOf(body) && { 'content-disposition': `attachment; filename="${nameOf(body)}"` }),
      ...(method === 'POST' && { 'idempotency-key': key }),
    };
    for (let tries = 1; ; tries += 1) {
      try {
        return await once(address(base, path, query), { method, headers, body: body instanceof Blob ? body : body && JSON.stringify(body), signal });
      } catch (error) {
        const wait = error instanceof PayError ? error.retryAfter : 0;
        const again = error instanceof PayError ? isPassing(error.problem) && wait <= WAIT_MAX_S : !signal?.aborted;
        if (!again || tries === TRIES) throw Object.assign(/** @type {Error} */ (error), { key });
        await sleep(Math.max(PAUSE_MS * tries, wait * 1000), undefined, { signal });
      }
    }
  };
}

/**
 * The program's own token (client credentials), for `token` of payClient: asked for at the issuer when it is needed, and again half a minute
 * before it ends. Programs that also log people in have it of their OpenID library.
 * @param {{issuer: string, clientId: string, clientSecret: string, scope: string, fetch?: typeof globalThis.fetch}} options
 * @returns {() => Promise<string>}
 */
export function clientToken({ issuer, clientId, clientSecret, scope, fetch = globalThis.fetch }) {
  for (const [name, value] of Object.entries({ issuer, clientId, clientSecret, scope })) if (!value) throw new TypeError(`clientToken needs ${name}`);
  let access = { until: 0, value: '' };
  const ask = async () => {
    const answer = await fetch(`${issuer}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
    });
    const { access_token: value, expires_in: seconds, error, error_description: why } = await answer.json();
    if (!answer.ok) throw new Error(`${issuer} says ${error}: ${why}`);
    return { value, until: Date.now() + (seconds - 30) * 1000 };
  };
  return async () => {
    if (access.until <= Date.now()) access = await ask();
    return access.value;
  };
}

/**
 * Every item of a list, page by page.
 * @template T
 * @param {(query: any) => Promise<{data: Array<T>, next_cursor: string|null}>} list
 * @param {object} [query]
 * @returns {AsyncGenerator<T, void>}
 */
export async function* items(list, query) {
  let cursor;
  do {
    const page = await list({ ...query, cursor });
    yield* page.data;
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
}
