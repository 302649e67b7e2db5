/* When the embedded checkout says it is complete, ask our own server: it looks the payment up and decides. */
document.querySelector('stoa-checkout')?.addEventListener('complete', () => location.reload());
