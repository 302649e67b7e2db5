/*
 * Answers "client_id session_state" of the application's page around us with unchanged, changed or error. The same hash
 * as in authsrv's flow/session/session_state.c: base64url(SHA-256(client_id SP origin SP state SP salt)) "." salt.
 */
'use strict';
(() => {
  const browserState = () => document.cookie.split('; ').find((one) => one.startsWith('__Host-stoa_state='))?.split('=')[1] ?? '';

  async function hashOf(client, origin, salt) {
    const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${client} ${origin} ${browserState()} ${salt}`));
    return btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  }

  async function answer(message, origin) {
    const [, client, hash, salt] = /^([^ ]+) ([\w-]{43})\.([\w-]+)$/.exec(message) ?? [];
    if (!client) return 'error';
    return await hashOf(client, origin, salt) === hash ? 'unchanged' : 'changed';
  }

  window.addEventListener('message', async ({ data, origin, source }) => {
    if (source && typeof data === 'string' && source !== window) source.postMessage(await answer(data, origin), origin);
  });
})();
