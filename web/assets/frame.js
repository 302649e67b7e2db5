/* In the partner's frame: tells the partner's page what happens here. The origins come from our server; what is said is no secret. */
'use strict';
(() => {
  const { stoaState: state, stoaSession: session, stoaOrigins: origins = '' } = document.body.dataset;
  if (window.parent === window) return;
  const say = (type, more) => {
    for (const origin of origins.split(' ').filter(Boolean)) window.parent.postMessage({ stoa: 1, session, type, ...more }, origin);
  };
  say('ready', { state });
  let leaving = state === 'leaving';
  new ResizeObserver(() => leaving || say('resize', { height: Math.ceil(document.body.getBoundingClientRect().height) })).observe(document.body);
  if (state === 'complete') say('complete', {});
  if (state === 'error') say('error', { code: 'invalid_state_error' });
  /* The card page and the bank's page do not speak to us: leave them room, and do not take it back. */
  const leave = () => {
    leaving = true;
    say('leave', {});
  };
  document.addEventListener('submit', leave);
  if (leaving) leave();
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[href]');
    if (!link || link.target === '_blank' || link.hreflang) return;
    if (!link.dataset.stoaCancel) return leave();
    event.preventDefault();
    say('cancel', {});
  });
  /* Back from the tab in which it is paid. */
  const look = document.querySelector('a[data-stoa-look]');
  if (look) document.addEventListener('visibilitychange', () => document.hidden || window.location.replace(look.href));
})();
