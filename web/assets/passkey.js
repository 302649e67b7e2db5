/*
 * Passkeys: asks the browser for one and posts its answer with the form. data-use="create" adds one; "get" signs in, by
 * the button, or by the browser's own offer in the e-mail field (conditional mediation). Without this script, or in a
 * browser without passkeys, the form stays hidden and the other ways remain.
 */
'use strict';
(() => {
  const form = document.getElementById('passkey');
  if (!form || !window.PublicKeyCredential) return;
  const failed = document.getElementById('passkey-failed');
  const taken = document.getElementById('passkey-known');
  const none = document.getElementById('passkey-none');
  const { use, site, challenge, user, userName, displayName, known } = form.dataset;

  const toBytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
  const toText = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

  const put = (name, value) => {
    const field = document.createElement('input');
    field.type = 'hidden';
    field.name = name;
    field.value = value;
    form.append(field);
  };

  const send = (credential) => {
    const { response } = credential;
    put('id', toText(credential.rawId));
    put('client_data', toText(response.clientDataJSON));
    put('authenticator_data', toText(use === 'create' ? response.getAuthenticatorData() : response.authenticatorData));
    if (use === 'get') {
      put('signature', toText(response.signature));
      put('user_handle', toText(response.userHandle ?? new ArrayBuffer(0)));
    }
    form.submit();
  };

  const create = () => navigator.credentials.create({
    publicKey: {
      rp: { id: site, name: document.querySelector('.top').textContent.trim() },
      user: { id: toBytes(user), name: userName, displayName },
      challenge: toBytes(challenge),
      pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: 'public-key', alg })),
      authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
      excludeCredentials: known.split(' ').filter(Boolean).map((id) => ({ type: 'public-key', id: toBytes(id) })),
      attestation: 'none',
    },
  });

  let asking = false; /* a browser asks one thing at a time, and refuses the second */
  let waiting = null;
  const get = (mediation) => {
    waiting?.abort();
    waiting = new AbortController();
    return navigator.credentials.get({
      mediation,
      signal: waiting.signal,
      publicKey: { rpId: site, challenge: toBytes(challenge), userVerification: 'required', allowCredentials: [] },
    });
  };

  /* The browser's own offer in the e-mail field; after a prompt that was closed it is there again. */
  const offer = () => {
    if (use !== 'get' || !PublicKeyCredential.isConditionalMediationAvailable) return;
    PublicKeyCredential.isConditionalMediationAvailable()
      .then((can) => (can ? get('conditional').then(send) : undefined))
      .catch(() => {});
  };

  /* A key that is here already is no mistake of the person's, and trying again would not help. */
  const refuse = (error) => {
    asking = false;
    (taken && error.name === 'InvalidStateError' ? taken : failed).hidden = false;
    offer();
  };

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (asking) return;
    asking = true;
    failed.hidden = true;
    if (taken) taken.hidden = true;
    (use === 'create' ? create() : get('optional')).then(send, refuse);
  });
  window.addEventListener('pageshow', () => { asking = false; });
  form.hidden = false;
  if (none) none.hidden = true;
  offer();
})();
