/* Escaping by construction: every value put into html`` is escaped unless it is itself made by html``. */
class Markup {
  constructor(text) {
    this.text = text;
  }
}

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const render = (value) => {
  if (value === undefined || value === null || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(render).join('');
  return String(value).replace(/[&<>"']/g, (c) => ENTITIES[c]);
};

export const html = (parts, ...values) => new Markup(parts.reduce((text, part, i) => text + render(values[i - 1]) + part));
export const textOf = (markup) => markup.text;

/* Integer minor units to text; every currency that Inkwell sells in has two decimals. */
export function money(minor, currency) {
  const sign = minor < 0 ? '-' : '';
  const units = String(Math.trunc(Math.abs(minor) / 100));
  return `${sign}${units}.${String(Math.abs(minor) % 100).padStart(2, '0')} ${currency}`;
}

/* "23 Nov 2026, 20:50 UTC" */
export function moment(iso) {
  const at = new Date(iso);
  const text = at.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });
  return html`<time datetime="${at.toISOString()}">${text} UTC</time>`;
}

/* "12.50" to 1250; null when it is no amount. */
export function minorOf(text) {
  const match = /^(\d{1,9})(?:[.,](\d{2}))?$/.exec(String(text ?? '').trim());
  return match ? Number(match[1]) * 100 + Number(match[2] ?? 0) : null;
}
