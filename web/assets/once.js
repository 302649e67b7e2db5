/*
 * Who presses a button twice means it once: while the answer to a form is on its way, the form is not sent again. After
 * some seconds it may be, since an answer can be lost, and so may one that the back button brings again. The servers
 * take a form that comes twice all the same: this only spares people the answer to the second one.
 */
'use strict';
(() => {
  const WAIT_MS = 5000;
  let sent = new Map();
  document.addEventListener('submit', (event) => {
    if (event.defaultPrevented) return;
    const before = sent.get(event.target);
    if (before !== undefined && event.timeStamp - before < WAIT_MS) event.preventDefault();
    else sent.set(event.target, event.timeStamp);
  });
  window.addEventListener('pageshow', () => { sent = new Map(); });
})();
