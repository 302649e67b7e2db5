/* When the embedded checkout says it is complete, ask our own server: it looks the payment up and decides. Who gives up goes back to what was to be bought. */
const checkout = document.querySelector('stoa-checkout');
checkout?.addEventListener('complete', () => location.reload());
checkout?.addEventListener('cancel', () => location.assign(checkout.dataset.back));
