/*
 * Fetched by login-v1.js for buttons with the attribute fedcm. The client's server says at url what to ask (GET: configURL, clientId, nonce, params),
 * takes what the browser got for it (POST), and says where to go on: { "href": ... }.
 */
export async function ask(url) {
  const json = async (options) => {
    const answer = await fetch(url, options);
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  };
  const provider = await json();
  const { token } = await navigator.credentials.get({ identity: { mode: 'active', context: 'continue', providers: [provider] } });
  return (await json({ method: 'POST', headers: { 'content-type': 'application/json' }, body: token })).href;
}
