/* What the demo needs on its first start: our webhook endpoint and one store with one article, made through the public API like everything else. */
import { writeFileSync } from 'node:fs';

const DEMO_ARTICLE = {
  id: 'welcome',
  title: 'How a story finds its price',
  teaser: 'Every story has a price that nobody has said aloud yet.',
  body: 'You ask a reader who has just finished.\n\nThey look at the last line again, and then they tell you.',
  price: 1000,
  currency: 'EUR',
};

/* The secret is shown once. When that answer was lost, the one to the second try has none, and another secret is asked for. */
export async function registerWebhook(state, stoa, publicUrl) {
  const endpoints = stoa.partner.webhookEndpoints;
  const { id, secret } = await endpoints.create({ url: `${publicUrl}/webhooks/stoa` });
  state.data.webhook = { id, secret: secret ?? (await endpoints.rotateSecret(id, { expire_old_in: 0 })).secret };
  state.save();
}

async function openDemoStore(state, stoa) {
  const user = await stoa.partner.users.create(
    { external_id: 'inkwell-house', name: 'Inkwell House', email: 'house@inkwell.example', country: 'DE' }, { key: 'demo-user' });
  const store = await stoa.partner.stores.create(
    { name: 'Inkwell House', user: user.id, currency: 'EUR', external_id: 'inkwell-house' }, { key: 'demo-store' });
  state.data.demoStore = store.id;
  state.data.articles.push({ ...DEMO_ARTICLE, author: 'inkwell-house', authorName: 'the house', store: store.id });
  state.save();
}

export async function prepareDemo({ state, stoa, publicUrl, file }) {
  if (!state.data.webhook) await registerWebhook(state, stoa, publicUrl);
  if (!state.data.demoStore) await openDemoStore(state, stoa);
  writeFileSync(file, `${JSON.stringify({ store_id: state.data.demoStore })}\n`, { mode: 0o600 });
}
