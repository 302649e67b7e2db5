/*
 * Times of the page in the reader's own zone and, if the browser prefers a region of the page's language, in its manner. Without JavaScript they
 * stay as the server wrote them, in UTC.
 */
'use strict';
(() => {
  const { lang } = document.documentElement;
  const base = (tag) => tag.split('-')[0];
  const locale = navigator.languages.find((tag) => base(tag) === base(lang)) ?? lang;
  const format = new Intl.DateTimeFormat(locale, {
    numberingSystem: 'latn', year: 'numeric', month: 'long', day: 'numeric', hour: 'numeric', minute: '2-digit', timeZoneName: 'short',
  });
  for (const time of document.querySelectorAll('time[datetime]')) {
    const at = new Date(time.dateTime);
    if (!Number.isNaN(at.getTime())) (time.querySelector('bdi') ?? time).textContent = format.format(at);
  }
})();
