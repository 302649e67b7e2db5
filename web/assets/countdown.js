/*
 * Counts down to the end of the payment, by the server's time: what was left when it answered, less what has gone by
 * since. The buyer's clock is not asked what time it is, only whether it jumped: then the computer slept, and the server
 * is asked again; so it is at the end, and a moment later, since the server then gives up what waits. What is over is
 * not counted any more, so it is asked once.
 */
'use strict';
(() => {
  const shown = document.querySelector('[data-stoa-left]');
  if (!shown) return;
  const SOON = 15 * 60, MARKS = [10 * 60, 5 * 60, 60], JUMP_MS = 5000, LATE_MS = 3000;
  const label = shown.firstElementChild.textContent;
  const timer = shown.querySelector('[role="timer"]'), told = document.querySelector('[data-stoa-told]');
  const answered = performance.getEntriesByType('navigation')[0]?.responseStart ?? 0;
  const offset = () => Date.now() - performance.now(), began = offset();
  const left = () => Math.max(0, Math.ceil(Number(shown.dataset.stoaLeft) - (performance.now() - answered) / 1000));
  let before = Infinity;

  /* Without what was posted, and when there is a way there. */
  const ask = () => {
    if (navigator.onLine) window.location.replace(shown.querySelector('a').href);
    else window.addEventListener('online', ask, { once: true });
  };
  /* Read aloud at a few moments, not each second. */
  const tell = (seconds) => {
    const minutes = new Intl.NumberFormat(document.documentElement.lang, { style: 'unit', unit: 'minute', unitDisplay: 'long' });
    const mark = MARKS.find((each) => seconds <= each && before > each && before !== Infinity);
    if (mark) told.textContent = `${label}: ${minutes.format(Math.ceil(seconds / 60))}`;
    before = seconds;
  };
  const count = () => {
    const seconds = left();
    if (Math.abs(offset() - began) > JUMP_MS) return ask();
    if (seconds <= SOON) {
      shown.hidden = false;
      shown.classList.toggle('late', seconds <= 60);
      timer.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
      tell(seconds);
    }
    if (seconds === 0) setTimeout(ask, LATE_MS);
    else setTimeout(count, seconds > SOON + 60 ? 30000 : 500);
  };
  count();
  window.addEventListener('pageshow', (event) => event.persisted && ask());
})();
