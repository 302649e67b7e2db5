/* Goes on when every application's frame has loaded, or when one takes too long. Without a place to go it stays. */
'use strict';
(() => {
  const link = document.getElementById('continue');
  if (!link) return;
  let gone = false;
  const go = () => {
    if (!gone) window.location.replace(link.href);
    gone = true;
  };
  if (document.readyState === 'complete') go();
  else window.addEventListener('load', go);
  setTimeout(go, 3000);
})();
