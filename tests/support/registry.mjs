/* What an acquirer pays out, as the CSV of docs/protocol/acquirer.md, written without any of the product's code. Amounts in minor units. */
import { randomBytes } from 'node:crypto';

export const fresh = (prefix) => prefix + randomBytes(8).toString('hex').toUpperCase();
export const feeOf = (amount) => Math.floor((amount * 140 + 5000) / 10_000) + 25; /* as agreed: acquirer_fees = EUR 140 25 */

const COLUMNS = ['settlement', 'type', 'id', 'key', 'charge', 'currency', 'gross', 'fee', 'net', 'created'];
const cell = (value) => (/[",\r\n]/.test(value) ? `"${String(value).replaceAll('"', '""')}"` : value);
const row = (values) => `${COLUMNS.map((name) => cell(values[name] ?? '')).join(',')}\r\n`;

/* lines: [{ type, id, key?, gross, fee? }]; the payout that they come to is added. */
export function registry(lines, { id = fresh('ST'), currency = 'EUR', transfer = id } = {}) {
  const sum = (name) => lines.reduce((total, line) => total + (line[name] ?? 0), 0);
  const all = [...lines, { type: 'payout', id: transfer, gross: sum('gross'), fee: sum('fee') }];
  const text = COLUMNS.join(',') + '\r\n' + all.map((line) => row({ fee: 0, ...line, settlement: id, currency, net: line.gross - (line.fee ?? 0) })).join('');
  return { id, text, net: sum('gross') - sum('fee') };
}
