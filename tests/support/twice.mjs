/*
 * Every form of paysrv's pages that a test sends, and that did what it was sent for, is sent once more behind the first one, as by a second
 * press or a page that is loaded again, and has to be answered alike: whoever sees only the second answer is told of no mistake.
 */
import { AssertionError } from 'node:assert';

/* The forms of the server's own description (tests/api/pay_forms_twice.test.mjs holds them against it): alike, or why not. */
export const forms = {
  '/pay/{session}/start': 'alike',
  '/pay/{session}/return': 'alike',
  '/embed/checkout/{session}/start': 'alike',
  '/cards/{link}': 'alike',
  '/billing/{token}/subscriptions/{subscription}': 'alike',
  '/billing/{token}/link': 'alike',
  '/payouts/not-me/{token}': 'alike',
  '/confirm/{token}': 'alike',
  '/operator/logout': 'alike',
  '/operator/sellers/{user}/payouts': 'alike',
  '/operator/stores/{store}/state': 'alike',
  '/operator/requisites/{requisite}/release': 'alike',
  '/operator/payouts/{payout}/decision': 'alike',
  '/operator/payouts/{payout}/outcome': 'alike',
  '/operator/entries/{entry}/decision': 'alike',
  '/operator/disputes/{dispute}/accept': 'alike',
  '/operator/bank/breaks/{break}': 'alike', /* but for money that goes to a payment or back: it may have gone elsewhere, and the page says that it went */
  '/operator/reversals/{reversal}': 'alike',
  '/operator/anomalies/{anomaly}/close': 'alike',
  '/operator/anomalies/{anomaly}/resolve': 'alike',
  '/operator/webhooks/{endpoint}/replay': 'each press is a delivery, of which receivers take the second for what it is',
  '/operator/sellers/{user}/write_offs': 'what is owed is not what the page said any more, and the page shows the write-off',
  '/operator/write_offs/{write_off}/undo': 'it is undone once, and the page shows that it is',
};

const alike = Object.entries(forms).filter(([, how]) => how === 'alike').map(([path]) => new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`));
const goesOn = (body) => /(^|&)(as=(credit|send)|suggested=[^&]+)/.test(String(body ?? ''));
const origins = new Set();

async function again(fetch, target, options, first) {
  const second = await fetch(target, { ...options, redirect: 'manual' }).catch(() => null); /* the server is gone, as some tests want */
  await second?.body?.cancel();
  if (!second || second.status === 429 || second.status >= 502) return;
  const told = (answer) => `${answer.status} ${answer.headers.get('location') ?? ''}`;
  if (told(first) !== told(second)) throw new AssertionError({ message: `POST ${target}: ${told(first)}; sent once more: ${told(second)}` });
}

export function sendTwice(origin) {
  if (origins.size === 0) {
    const { fetch } = globalThis;
    globalThis.fetch = async (target, options) => {
      const answer = await fetch(target, options);
      const url = target instanceof Request ? null : new URL(target);
      if (url && options?.method === 'POST' && options.redirect === 'manual' && answer.status < 400 && origins.has(url.origin) && !goesOn(options.body) && alike.some((form) => form.test(url.pathname)))
        await again(fetch, url, options, answer);
      return answer;
    };
  }
  origins.add(origin);
}
