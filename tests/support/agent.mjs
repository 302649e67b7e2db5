/*
 * A browser without a screen: keeps cookies as browsers do (by host, not port), follows redirects and meta refreshes, fills and sends forms.
 * It stops before a URL that `until` accepts, so that a test can play the client behind a redirect URI.
 */

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'", '#34': '"' };
const decode = (text) => text.replace(/&(amp|lt|gt|quot|#39|#x27|#34);/g, (all, name) => ENTITIES[name]);

function attributesOf(tag) {
  const found = {};
  for (const [, name, value] of tag.matchAll(/([a-z-]+)(?:="([^"]*)")?/gi)) found[name.toLowerCase()] ??= decode(value ?? '');
  return found;
}

function formOf(head, inside) {
  const inputs = [...inside.matchAll(/<input\b([^>]*)>/gi)].map(([, tag]) => attributesOf(tag));
  const buttons = [...inside.matchAll(/<button\b([^>]*)>([\s\S]*?)<\/button>/gi)].map(([, tag, label]) => ({ ...attributesOf(tag), label: label.trim() }));
  const sends = ({ type }) => type?.toLowerCase() === 'submit';
  return {
    ...attributesOf(head),
    fields: inputs.filter((one) => !sends(one)),
    buttons: [...buttons, ...inputs.filter(sends).map((one) => ({ ...one, label: one.value ?? '' }))],
  };
}

export const formsOf = (html) => [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)].map(([, head, inside]) => formOf(head, inside));

/* With a mark of UTF-8, if there is one. */
const asItIs = new TextDecoder('utf-8', { ignoreBOM: true });

/* more: headers of every request, e.g. the address that a trusted proxy would write. */
export function createAgent({ headers: more = {} } = {}) {
  const jar = new Map();

  function remember(url, answer) {
    for (const line of answer.headers.getSetCookie()) {
      const [pair, ...rest] = line.split(';');
      const [name, ...value] = pair.split('=');
      const key = `${url.hostname} ${name.trim()}`;
      if (rest.some((part) => /^\s*max-age=(0|-\d+)\s*$/i.test(part))) jar.delete(key);
      else jar.set(key, value.join('='));
    }
  }

  const cookiesFor = (url) => [...jar].filter(([key]) => key.startsWith(`${url.hostname} `))
    .map(([key, value]) => `${key.split(' ')[1]}=${value}`).join('; ');

  async function once(url, { method = 'GET', body, from } = {}) {
    const cookies = cookiesFor(url);
    const answer = await fetch(url, {
      method,
      redirect: 'manual',
      headers: {
        ...more,
        ...(cookies && { cookie: cookies }),
        ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...(from && method === 'POST' && { origin: from.origin, 'sec-fetch-site': from.origin === url.origin ? 'same-origin' : 'cross-site' }),
      },
      body,
    });
    remember(url, answer);
    return answer;
  }

  /* Resolves to { url, status, text, headers }; a URL that `until` accepts is returned unvisited, with status 0. */
  async function open(target, { until = () => false, ...request } = {}) {
    let url = new URL(target);
    let next = request;
    for (let hops = 0; hops < 25; hops += 1) {
      if (until(url)) return { url, status: 0, text: '' };
      const answer = await once(url, next);
      const location = answer.headers.get('location');
      const text = location ? (await answer.body?.cancel(), '') : asItIs.decode(await answer.arrayBuffer());
      const refresh = /<meta http-equiv="refresh" content="0; ?url=([^"]*)"/i.exec(text);
      if (!location && !refresh) return { url, status: answer.status, text, headers: answer.headers };
      url = new URL(location ?? decode(refresh[1]), url);
      next = {};
    }
    throw new Error(`too many redirects, last to ${url}`);
  }

  /* Sends the page's form that has the button (by label or value) or, without one, its first form, with the given fields filled. */
  async function submit(page, values = {}, { button, until } = {}) {
    const forms = formsOf(page.text);
    const fits = (one) => one.value === button || one.label.includes(button);
    const form = button ? forms.find((one) => one.buttons.some(fits)) : forms.find((one) => Object.keys(values).every((name) => one.fields.some((f) => f.name === name)));
    if (!form) throw new Error(`no such form on ${page.url} (status ${page.status}): ${page.text.slice(0, 500)}`);
    const body = new URLSearchParams();
    for (const field of form.fields) {
      const ticked = !['checkbox', 'radio'].includes(field.type) || 'checked' in field;
      if (field.name && (ticked || field.name in values)) body.set(field.name, values[field.name] ?? field.value ?? '');
    }
    const pressed = button && form.buttons.find(fits);
    if (pressed?.name) body.set(pressed.name, pressed.value ?? '');
    const action = new URL(form.action || page.url, page.url);
    return open(action, { method: (form.method ?? 'get').toUpperCase(), body: body.toString(), from: page.url, until });
  }

  return { open, submit, jar };
}
