/*
 * The calendar of subscriptions and what a part of a period costs, written from docs/protocol/pay-api.md ("Calendar", "Declines") and from nothing of
 * the server's. Zones are those of ICU. A `moment` is seconds of UTC, a `wall` what the clocks of the zone show then, as if it were UTC.
 */
const DAY = 86_400;
const formats = new Map();

function format(zone) {
  const parts = Object.fromEntries(['year', 'month', 'day', 'hour', 'minute', 'second'].map((part) => [part, 'numeric']));
  if (!formats.has(zone)) formats.set(zone, new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', ...parts }));
  return formats.get(zone);
}

export function wallOf(zone, moment) {
  const part = Object.fromEntries(format(zone).formatToParts(moment * 1000).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second) / 1000;
}

/* The first moment at which the clocks show it; of a time that they skip, the next one that there is. */
export function momentOf(zone, wall) {
  const offsets = [-2 * DAY, 2 * DAY].map((away) => wallOf(zone, wall + away) - (wall + away));
  const found = offsets.map((offset) => wall - offset).filter((moment) => wallOf(zone, moment) === wall);
  if (found.length) return Math.min(...found);
  let [before, after] = [wall - Math.max(...offsets), wall - Math.min(...offsets)];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (wallOf(zone, middle) > wall) after = middle; else before = middle;
  }
  return after;
}

/* Boundary n, counted from the first and never from the one before. */
export function boundary({ zone, first, interval, count }, n) {
  if (n === 0) return first;
  const anchor = wallOf(zone, first);
  const steps = n * count;
  if (interval === 'day' || interval === 'week') return momentOf(zone, anchor + steps * (interval === 'day' ? 1 : 7) * DAY);
  const day = new Date(anchor * 1000), months = day.getUTCMonth() + steps * (interval === 'year' ? 12 : 1);
  const [year, month] = [day.getUTCFullYear() + Math.floor(months / 12), ((months % 12) + 12) % 12];
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return momentOf(zone, Date.UTC(year, month, Math.min(day.getUTCDate(), last)) / 1000 + ((anchor % DAY) + DAY) % DAY);
}

/* The ten o'clock that is nearest to so many days after a decline; a day later on the eve of the 1st and of the 15th, but for the last. */
export function retryAt(zone, declined, days, isLast) {
  const near = wallOf(zone, declined + days * DAY), ten = Math.round((near - 10 * 3600) / DAY) * DAY + 10 * 3600;
  const tomorrow = new Date((ten + DAY) * 1000).getUTCDate();
  return momentOf(zone, !isLast && (tomorrow === 1 || tomorrow === 15) ? ten + DAY : ten);
}

/* What is used of a period until a moment: one floor from its start, so that parts come to the whole. */
export const used = (amount, start, end, moment) => Number(BigInt(amount) * BigInt(Math.min(moment, end) - start) / BigInt(end - start));
