/* The few lines of HTTP that Inkwell needs: routes, forms, cookie sessions, one error page. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { textOf } from './html.mjs';

const MAX_BODY_BYTES = 64 * 1024;
const COOKIE = 'inkwell_session';

export async function readBody(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw Object.assign(new Error('The request is too large.'), { status: 413 });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

export function createSessions() {
  const sessions = new Map();
  return {
    of(request) {
      const id = new RegExp(`(?:^|; )${COOKIE}=([A-Za-z0-9_-]{43})`).exec(request.headers.cookie ?? '')?.[1];
      return sessions.get(id) ?? null;
    },
    start(response, fields = {}) {
      const id = randomBytes(32).toString('base64url');
      const session = { id, csrf: randomBytes(16).toString('base64url'), ...fields };
      sessions.set(id, session);
      response.setHeader('set-cookie', `${COOKIE}=${id}; Path=/; HttpOnly; SameSite=Lax`);
      return session;
    },
    end(response, session) {
      sessions.delete(session?.id);
      response.setHeader('set-cookie', `${COOKIE}=; Path=/; Max-Age=0`);
    },
  };
}

export function checkCsrf(session, form) {
  const given = Buffer.from(form.get('csrf') ?? '');
  const wanted = Buffer.from(session.csrf);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    throw Object.assign(new Error('This form is no longer valid. Go back, reload the page and try again.'), { status: 403 });
  }
}

/* The idempotency key of a form as it was shown and filled in: of a button that is pressed twice, the same. */
export const formKey = ({ form }) => (form.get('once') ? createHash('sha256').update(form.toString()).digest('hex') : undefined);

export function sendPage(response, status, page, policy) {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'strict-origin-when-cross-origin',
  });
  response.end(textOf(page));
}

export function redirect(response, location) {
  response.writeHead(303, { location, 'cache-control': 'no-store' });
  response.end();
}

/* routes: [method, RegExp or path, handler(context)]; the first match wins. */
export function findRoute(routes, method, path) {
  for (const [verb, pattern, handler] of routes) {
    const match = pattern instanceof RegExp ? pattern.exec(path) : path === pattern && [path];
    if (match && verb === method) return { handler, params: match.slice(1) };
  }
  return null;
}
