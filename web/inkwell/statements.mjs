/* What a writer's account had, what came and went: a month to read, and the same to keep, on paper or as a sheet. All of it is Stoa's word. */
import { html, moment, money } from './html.mjs';
import { layout } from './pages.mjs';
import { sendPage } from './web.mjs';

const SHOWN = 100;
const TYPES = { pdf: 'application/pdf', csv: 'text/csv; charset=utf-8' };
const KINDS = {
  charge: 'Your part of a sale',
  capture: 'Your part of a sale',
  refund: 'Given back to a reader',
  refund_returned: 'Refund that the reader’s bank sent back',
  dispute_hold: 'Taken back by the reader’s bank, with its fee',
  dispute_return: 'Won back from the reader’s bank',
  cover: 'Borne by Inkwell',
  write_off: 'Written off, you do not owe it any more',
  recovery: 'Given back to who had borne it',
  payout_hold: 'Payout to you',
  payout_canceled: 'Payout canceled',
  payout_returned: 'Payout that your bank sent back',
  fee_payout: 'Fee of a payout',
  fee_payout_back: 'Fee of a payout, given back',
};

const monthOf = (date) => date.toISOString().slice(0, 7);
const monthsLater = (month, n) => {
  const [year, number] = month.split('-').map(Number);
  return monthOf(new Date(Date.UTC(year, number - 1 + n, 1)));
};
const nameOf = (month) => new Date(`${month}-01T00:00:00Z`).toLocaleString('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });
const link = (month) => html`<a href="/studio/statements/${month}">${nameOf(month)}</a>`;

export const thisMonth = () => monthOf(new Date());

const linesTable = (lines, currency) => html`<div class="scroll" role="group" aria-label="Entries" tabindex="0"><table id="entries" class="cards"><thead><tr><th>What</th><th>When</th><th class="amount">Amount</th><th class="amount">Balance</th></tr></thead>
<tbody>${lines.map((line) => html`<tr data-kind="${line.kind}"><td>${KINDS[line.kind] ?? line.kind.replaceAll('_', ' ')}${line.description && html`: ${line.description}`}</td><td data-label="When">${moment(line.created_at)}</td><td class="amount" data-label="Amount">${money(line.amount, currency)}</td><td class="amount" data-label="Balance">${money(line.balance, currency)}</td></tr>`)}</tbody></table></div>`;

/* The newest first, as on the studio's page. */
const statementPage = (context, month, { opening, came, went, closing, currency, entries }, lines) => layout(context, `Statement, ${nameOf(month)}`, html`
<h1>Statement, ${nameOf(month)}</h1>
<dl class="sums"><dt>At the beginning</dt><dd>${money(opening, currency)}</dd><dt>Came</dt><dd>${money(came, currency)}</dd><dt>Went</dt><dd>${money(went, currency)}</dd><dt>${month === thisMonth() ? 'Now' : 'At the end'}</dt><dd id="closing">${money(closing, currency)}</dd></dl>
<p><a href="/studio/statements/${month}.pdf">As PDF</a> · <a href="/studio/statements/${month}.csv">As CSV</a></p>
${entries === 0 ? html`<p class="soft">Nothing came or went.</p>` : linesTable(lines.slice(-SHOWN).reverse(), currency)}
${entries > SHOWN && html`<p class="soft">These are the newest ${SHOWN} of ${entries}; the files have all.</p>`}
<p>${link(monthsLater(month, -1))}${month < thisMonth() && html` · ${link(monthsLater(month, 1))}`}</p>
<p><a href="/studio">Back to the studio</a></p>`);

export function createStatements({ stoa, policy }) {
  const read = (account, month, format) => stoa.writer(account.id).statement.read({ currency: 'EUR', from: `${month}-01`, to: `${monthsLater(month, 1)}-01`, format });

  return {
    async show(context, month) {
      const text = await (await read(context.account, month, 'jsonl')).text();
      const [sums, ...lines] = text.trimEnd().split('\n').map((line) => JSON.parse(line));
      sendPage(context.response, 200, statementPage(context, month, sums, lines), policy);
    },

    async file(context, month, format) {
      const body = Buffer.from(await (await read(context.account, month, format)).arrayBuffer());
      context.response.writeHead(200, { 'content-type': TYPES[format], 'cache-control': 'no-store', 'content-disposition': `attachment; filename="inkwell-${month}.${format}"` });
      context.response.end(body);
    },
  };
}
