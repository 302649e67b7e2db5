/* Inkwell's pages. */
import { randomUUID } from 'node:crypto';
import { html, moment, money } from './html.mjs';

/* What Stoa's states are called here. */
const SALE_STATES = { succeeded: 'paid', refunded: 'refunded', partly_refunded: 'partly refunded', disputed: 'taken back by the reader’s bank' };
/* "partly refunded: 4.00 EUR"; of a sale of which both happened, both. */
const saleState = ({ status, amount, refunded, disputed, currency }) => {
  const parts = [disputed > 0 && [SALE_STATES.disputed, disputed], refunded > 0 && [refunded === amount ? SALE_STATES.refunded : SALE_STATES.partly_refunded, refunded]].filter(Boolean);
  return parts.length ? parts.map(([what, minor]) => `${what}: ${money(minor, currency)}`).join('; ') : SALE_STATES[status] ?? status;
};
const PAYOUT_STATES = {
  awaiting_code: 'waiting for your code',
  confirmed: 'confirmed, goes out with the next bank run',
  awaiting_approval: 'confirmed, under review',
  sent: 'sent to the bank',
  unknown: 'sent to the bank, which has not answered yet',
  returned: 'sent back by your bank; the money went back to your balance',
  rejected: 'refused; the money went back to your balance',
  failed: 'not possible; the money went back to your balance',
  paid: 'paid out',
  canceled: 'canceled',
  expired: 'expired, nothing was paid out',
};
/* What banks' codes mean; others are shown as they are. */
const BANK_REASONS = {
  AC01: 'there is no such account', AC03: 'there is no such account', AC04: 'the account is closed', AC06: 'the account is blocked', AC07: 'the account is closed',
  AC14: 'the account does not take such payments', AG01: 'the account does not take such payments', BE01: 'the name is not that of the account holder',
  RC01: 'the code of the bank is wrong', RC04: 'the code of the bank is wrong',
};
const becauseOf = (code) => code && html`: ${BANK_REASONS[code] && `${BANK_REASONS[code]} `}(<code>${code}</code>)`;

const minutesUntil = (iso) => Math.max(1, Math.ceil((new Date(iso) - Date.now()) / 60_000));
const count = (n, one) => `${n} ${one}${n === 1 ? '' : 's'}`;

export function layout(context, title, content) {
  const { account, session } = context;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Inkwell</title>
<link rel="stylesheet" href="/assets/main.css">
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header>
  <a class="name" href="/">Inkwell</a>
  ${account && account.role === 'writer' && html`<a href="/studio">Studio</a>`}
  ${account && account.role === 'staff' && html`<a href="/desk">Desk</a>`}
  ${account
    ? html`<span class="soft">${account.name}</span>
  <form method="post" action="/logout"><input type="hidden" name="csrf" value="${session.csrf}"><button class="plain">Log out</button></form>`
    : html`<a href="/login">Log in</a>`}
</header>
<main id="content">${content}</main>
<footer>Inkwell is a demonstration of a partner site. Payments by Stoa; test cards only.</footer>
</body>
</html>`;
}

/* And which showing of the form it is: sent twice, it does its work once (formKey in web.mjs). */
export const csrfField = (session) => html`<input type="hidden" name="csrf" value="${session.csrf}"><input type="hidden" name="once" value="${randomUUID()}">`;

export const homePage = (context, articles) => layout(context, 'Articles', html`
<h1>Articles</h1>
${articles.length === 0 && html`<p class="soft">Nothing is published yet. Writers publish from their studio.</p>`}
${articles.map((a) => html`<article class="card">
  <h2><a href="/articles/${a.id}">${a.title}</a></h2>
  <p class="soft">by ${a.authorName} · ${money(a.price, a.currency)}</p>
</article>`)}`);

/* The field that was wrong has the focus, and says why. */
const DESCRIBED = html` aria-describedby="problem" aria-invalid="true" autofocus`;

export const loginPage = (context, { failed, email, action, hint, join }) => layout(context, 'Log in', html`
<h1>Log in to Inkwell</h1>
${hint && html`<p class="notice">${hint}</p>`}
${failed && html`<p class="notice bad" role="alert" id="problem">This e-mail and password do not belong together.</p>`}
<form method="post" action="${action}">
  <label for="email">E-mail</label><input id="email" name="email" type="email" autocomplete="username" value="${email}" required>
  <label for="password">Password</label><input id="password" name="password" type="password" autocomplete="current-password" required${failed && DESCRIBED}>
  <div><button>Log in</button></div>
</form>
${join && html`<p>New here? <a href="${join}">Join with your e-mail</a></p>`}`);

export const joinPage = (context, { email, problem }) => layout(context, 'Join', html`
<h1>Join Inkwell with your e-mail</h1>
<p>We send you a code, you type it here. No password.</p>
${problem && html`<p class="notice bad" role="alert" id="problem">${problem}</p>`}
<form method="post" action="/join">${csrfField(context.session)}
  <label for="name">Your name, if you like</label><input id="name" name="name" maxlength="60" autocomplete="name">
  <label for="email">E-mail</label><input id="email" name="email" type="email" autocomplete="email" value="${email}" maxlength="254" required${problem && DESCRIBED}>
  <div><button>Send me a code</button></div>
</form>
<p class="soft">The code comes from Stoa, which keeps your account for Inkwell.</p>`);

export const joinCodePage = (context, { email, problem, notice }) => layout(context, 'Type the code', html`
<h1>Type the code</h1>
<p>If <bdi>${email}</bdi> is yours, there is a mail from Stoa with eight digits.</p>
${notice && html`<p class="notice good" role="status">${notice}</p>`}
${problem && html`<p class="notice bad" role="alert" id="problem">${problem}</p>`}
<form method="post" action="/join/code">${csrfField(context.session)}
  <label for="code">Code from the mail</label><input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="32" spellcheck="false" dir="ltr" required${problem && DESCRIBED}>
  <div><button>Join Inkwell</button></div>
</form>
<form method="post" action="/join/resend">${csrfField(context.session)}<p>No mail? <button class="plain">Send another code</button> or <a href="/join">use another address</a>.</p></form>`);

export const articlePage = (context, article, owned) => layout(context, article.title, html`
<h1>${article.title}</h1>
<p class="soft">by ${article.authorName}</p>
<p>${article.teaser}</p>
${owned
    ? html`<div id="full-text">${article.body.split(/\n{2,}/).map((p) => html`<p>${p}</p>`)}</div>`
    : html`<div class="card"><p>The rest of this article costs <strong>${money(article.price, article.currency)}</strong>.</p>
${context.account
        ? html`<form method="post" action="/articles/${article.id}/buy">${csrfField(context.session)}<button>Buy this article</button></form>`
        : html`<p><a class="button" href="/login?to=${article.id}">Log in to buy</a></p>`}</div>`}`);

export const orderPage = (context, order, article, payApi) => layout(context, 'Checkout', html`
<h1>${article.title}</h1>
<p>${money(order.amount, order.currency)} · <span id="order-status">${order.status === 'paid' ? 'paid' : 'waiting for payment'}</span></p>
${order.status === 'paid'
    ? html`<p class="notice good" role="status">Thank you. The article is yours.</p><p><a class="button" href="/articles/${article.id}">Read it</a></p>`
    : html`<stoa-checkout session="${order.session}" embed-url="${order.embedUrl}" label="Checkout for ${article.title}" data-back="/articles/${article.id}">
  <a class="button" href="${order.url}">Pay on a separate page</a>
</stoa-checkout>
<script type="module" src="${payApi}/js/v1.js"></script>
<script type="module" src="/assets/checkout.js"></script>`}`);

const connectPart = html`
<section class="card"><h2>Get paid for your articles</h2>
<p>Connect payments once. You log in with your Inkwell account, say what Inkwell may do for you, and come back here.</p>
<p><a class="button" href="/connect">Connect payments</a></p></section>`;

/* What the writer had stays with Stoa: it is seen again with the consent. */
export const reconnectPage = (context, error) => layout(context, 'Studio', html`
<h1>Your studio</h1>
${error && html`<p class="notice bad" role="alert" tabindex="-1" autofocus>${error}</p>`}
<section class="card" id="reconnect"><h2>Payments are not connected any more</h2>
<p>What Inkwell may do for you at Stoa was withdrawn, or has ended. Your store and your money are as they were; connect again to see them here, to withdraw, and to publish.</p>
<p><a class="button" href="/connect">Connect payments again</a></p></section>`);

const storePart = ({ session }, typed) => html`
<section class="card"><h2>Open your store</h2>
<form method="post" action="/studio/store">${csrfField(session)}
  <label for="store-name">Name of the store</label><input id="store-name" name="name" maxlength="60" value="${typed('name')}" required>
  <div><button>Open the store</button></div>
</form></section>`;

const publishPart = ({ session }, typed) => html`
<section><h2>Publish an article</h2>
<form method="post" action="/studio/articles">${csrfField(session)}
  <label for="title">Title</label><input id="title" name="title" maxlength="120" value="${typed('title')}" required>
  <label for="teaser">First paragraph, free to read</label><textarea id="teaser" name="teaser" rows="3" required>${typed('teaser')}</textarea>
  <label for="body">The rest</label><textarea id="body" name="body" rows="6" required>${typed('body')}</textarea>
  <label for="price">Price in EUR</label><input id="price" name="price" inputmode="decimal" placeholder="10.00" value="${typed('price')}" required>
  <div><button>Publish</button></div>
</form></section>`;

const PARTIES = { platform: 'Stoa', partner: 'Inkwell', seller: 'Writer' };

export function salesTable(sales, party) {
  return html`<div class="scroll" role="group" aria-label="Sales" tabindex="0"><table class="cards"><thead><tr><th>Sale</th><th>State</th><th class="amount">Price</th>${Object.values(PARTIES).map((label) => html`<th class="amount">${label}</th>`)}</tr></thead>
<tbody>${sales.map((sale) => html`<tr data-payment="${sale.id}"><td>${sale.title}</td><td data-status="${sale.status}" data-label="State">${saleState(sale)}</td><td class="amount" data-label="Price">${money(sale.amount, sale.currency)}</td>
${Object.entries(PARTIES).map(([name, label]) => html`<td class="amount ${name === party && 'good'}" data-share="${name}" data-label="${label}">${money(sale.shares[name] ?? 0, sale.currency)}</td>`)}</tr>`)}</tbody></table></div>
${sales.some(({ refunded, disputed }) => refunded + disputed > 0) && html`<p class="soft">Shares are those of the sale. What went back is taken off the balances.</p>`}`;
}

/* While payouts are stopped, what the bank does not have yet stays. */
const BEFORE_THE_BANK = ['confirmed', 'awaiting_approval'];
export const isStopped = (payout, areStopped) => payout.waits_for === 'owner_stopped' || (areStopped && BEFORE_THE_BANK.includes(payout.status));
const WAITS = {
  review: 'The payment service has had this payout under review',
  account_check: 'The bank has been asked whose this account is',
};
const stateOf = (payout, areStopped) => {
  if (isStopped(payout, areStopped)) return 'stopped';
  return payout.waits_for === 'account_check' ? 'confirmed, its account is being checked' : PAYOUT_STATES[payout.status] ?? payout.status;
};
const waitNotice = (payout) => payout.waits_for && html`<p class="notice" id="waits">${WAITS[payout.waits_for] ?? 'It has been looked at'} since ${moment(payout.waiting_since)}. You need not do anything; should it not go out, the money goes back to your balance.</p>`;

const payoutList = (payouts, areStopped) => html`<div class="scroll" role="group" aria-label="Payouts" tabindex="0"><table id="payouts" class="cards"><thead><tr><th>Payout</th><th>Requested</th><th>To</th><th>State</th><th class="amount">Amount</th></tr></thead>
<tbody>${payouts.map((p) => html`<tr><td><a href="/studio/payouts/${p.id}">${p.label ?? p.id}</a></td><td data-label="Requested">${moment(p.created_at)}</td><td data-label="To"><bdi>${p.destination}</bdi></td><td data-status="${p.status}" data-label="State">${stateOf(p, areStopped)}</td><td class="amount" data-label="Amount">${money(p.amount, p.currency)}</td></tr>`)}</tbody></table></div>`;

const accountName = ({ destination, holder_name: holder }) => [destination, holder].filter(Boolean).join(', ');

const requisiteForm = ({ session }, typed) => html`<form method="post" action="/studio/requisites">${csrfField(session)}
  <label for="holder">Account holder</label><input id="holder" name="holder_name" autocomplete="name" value="${typed('holder_name')}" required>
  <label for="iban">IBAN</label><input id="iban" name="iban" autocomplete="off" spellcheck="false" value="${typed('iban')}" required>
  <label for="street">Street and number</label><input id="street" name="street" autocomplete="address-line1" value="${typed('street')}">
  <label for="postcode">Postcode</label><input id="postcode" name="postcode" autocomplete="postal-code" value="${typed('postcode')}">
  <label for="town">Town</label><input id="town" name="town" autocomplete="address-level2" value="${typed('town')}" required>
  <label for="country">Country (two letters)</label><input id="country" name="country" maxlength="2" autocomplete="country" value="${typed('country')}" required>
  <div><button>Save the bank account</button></div>
</form>`;

const requisiteChoice = (accounts) => (accounts.length === 1
  ? html`<p>To <bdi>${accountName(accounts[0])}</bdi></p><input type="hidden" name="requisite" value="${accounts[0].id}">`
  : html`<label for="requisite">To</label><select id="requisite" name="requisite">${accounts.map((one) => html`<option value="${one.id}">${accountName(one)}</option>`)}</select>`);

const payoutForm = ({ session }, { accounts }, typed) => html`<h2>Withdraw</h2>
<form method="post" action="/studio/payouts">${csrfField(session)}
  ${requisiteChoice(accounts)}
  <label for="amount">Amount in EUR</label><input id="amount" name="amount" inputmode="decimal" value="${typed('amount')}" required>
  <div><button>Request the payout</button></div>
</form>`;

/* A changed account waits, so that its owner, who was told by mail, can object. One that the bank cannot reach is gone, and says so until there is another.
   What came back may have been taken since, by another payout or a refund. */
const accountsPart = (context, { accounts, cooling, dead, available }, typed) => html`${accounts.length + cooling.length === 0 && dead && html`<p class="notice bad" id="account-ended">Your bank says that <bdi>${accountName(dead)}</bdi> cannot be paid to. The money went back to your balance: enter another bank account${available > 0 ? ', and request the payout once more' : ' before you request another payout'}.</p>`}
${cooling.map((one) => html`<p class="soft"><bdi>${accountName(one)}</bdi> can be paid out to from ${moment(one.usable_from)} on. Was this not you? The mail about it has a link that stops all payouts.</p>`)}
${accounts.length + cooling.length > 0
    ? html`<details${typed('iban') && html` open`}><summary>Another bank account</summary>${requisiteForm(context, typed)}</details>`
    : html`<h2>Your bank account</h2>${requisiteForm(context, typed)}`}`;

const EVERY = { day: 'Every bank day', week: 'Every Monday', month: 'Every last day of a month' };
const scheduleText = ({ every, at, zone, destination }) => html`${EVERY[every]}, ${at} (${zone}), all that is available, to <bdi>${destination}</bdi>`;

const schedulePart = ({ session }, { schedule, accounts }) => html`<h2>By itself</h2>
${schedule
    ? html`<p id="schedule" data-status="${schedule.status}">${scheduleText(schedule)}.${schedule.status === 'active' && html` Next: ${moment(schedule.next_at)}.`}</p>
${schedule.status === 'awaiting_code'
      ? html`<p><a href="/studio/schedules/${schedule.id}">It waits for your code</a>.</p>`
      : html`${schedule.status === 'paused' && html`<p>It is paused${schedule.reason && html` (${schedule.reason.replaceAll('_', ' ')})`}.</p>`}
<form method="post" action="/studio/schedules/${schedule.id}">${csrfField(session)}
  ${schedule.status === 'active' ? html`<button class="plain" name="act" value="pause">Pause</button>` : html`<button class="plain" name="act" value="resume">Go on</button>`}
  <button class="plain" name="act" value="end">End it</button>
</form>`}`
    : html`<form method="post" action="/studio/schedules">${csrfField(session)}
  <p>To <bdi>${accountName(accounts[0])}</bdi></p><input type="hidden" name="requisite" value="${accounts[0].id}">
  <label for="every">When</label><select id="every" name="every">${Object.entries(EVERY).map(([every, text]) => html`<option value="${every}">${text}</option>`)}</select>
  <div><button>Pay me out by itself</button></div>
</form>`}`;

export function studioPage(context, { connected, month, store, waiting, articles, sales, money: funds, error, typed }) {
  return layout(context, 'Studio', html`
<h1>Your studio</h1>
${error && html`<p class="notice bad" role="alert" tabindex="-1" autofocus>${error}</p>`}
${!connected && connectPart}
${connected && !store && storePart(context, typed)}
${store?.waits && html`<p>Your store <strong>${store.name}</strong> ${waiting ? html`<a href="/studio/confirmations/${waiting.id}">waits for your code</a>` : 'waits for your code'}.</p>`}
${store && !store.waits && html`<p>Your store: <strong>${store.name}</strong></p>
<section class="card"><h2>Balance</h2><p><strong id="balance">${money(Math.abs(funds.available), 'EUR')}</strong> ${funds.available < 0 ? 'below zero' : 'available'}${funds.inTransit > 0 && html`, ${money(funds.inTransit, 'EUR')} on its way to you`}${funds.stopped > 0 && html`, ${money(funds.stopped, 'EUR')} confirmed and stopped`} · <a href="/studio/statements/${month}">What came and went</a></p>
${funds.available < 0 && html`<p class="notice bad" id="below-zero">More went back to readers than there was. Your next sales fill it, and until then nothing can be withdrawn.</p>`}
${funds.areStopped && html`<p class="notice bad" id="stopped">Your payouts are stopped, as somebody asked by the link in a mail about them. Nothing goes out until the payment service has spoken with you: please write to it.</p>`}
${funds.payoutsFrom && html`<p class="notice" id="payouts-from">Your e-mail address has changed. To be safe nothing is paid out before ${moment(funds.payoutsFrom)}. Was this not you? The mail about it, to both addresses, has a link that stops all payouts.</p>`}
${funds.waiting && html`<p>Your bank account ${funds.waiting.summary.account} <a href="/studio/confirmations/${funds.waiting.id}">waits for your code</a>.</p>`}
${funds.accounts.length > 0 && !funds.areStopped && !funds.payoutsFrom && funds.available >= 0 && payoutForm(context, funds, typed)}
${accountsPart(context, funds, typed)}
${(funds.schedule || (funds.accounts.length > 0 && !funds.areStopped)) && schedulePart(context, funds)}</section>
<section><h2>Sales</h2>${sales.length ? salesTable(sales, 'seller') : html`<p class="soft">Your first sale appears here.</p>`}</section>
<section><h2>Payouts</h2>${funds.payouts.length ? payoutList(funds.payouts, funds.areStopped) : html`<p class="soft">None yet.</p>`}</section>
<section><h2>Your articles</h2>${articles.map((a) => html`<p><a href="/articles/${a.id}">${a.title}</a> <span class="soft">${money(a.price, a.currency)}</span></p>`)}</section>
${publishPart(context, typed)}`}`);
}

/* What waits for a mailed code, and where it is typed. */
const codeForms = ({ session }, path, waiting, details, button, { canResend = true, isWrong = false } = {}) => html`<section class="card">
<p>A code was mailed to you. The mail names request <strong>${waiting.label}</strong>, ${details}; if it does not, do not type it.</p>
<form method="post" action="${path}/confirm">${csrfField(session)}
  <p class="soft" id="code-limits">Valid for ${count(minutesUntil(waiting.expires_at), 'more minute')}, until ${moment(waiting.expires_at)}. ${count(waiting.attempts_left, 'attempt')} left.</p>
  <label for="code">Code from the mail</label><input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" aria-describedby="${isWrong ? 'code-error ' : ''}code-limits" required${isWrong && html` aria-invalid="true" autofocus`}>
  <div><button>${button}</button></div>
</form>
${canResend && html`<form method="post" action="${path}/resend">${csrfField(session)}<button class="plain">Send a new code</button></form>`}
</section>`;

function codeNotice({ error, left, sent }) {
  if (error) return html`<p class="notice bad" role="alert" id="code-error">${error}${left !== undefined && html` ${count(left, 'attempt')} left.`}</p>`;
  return sent && html`<p class="notice good" role="status">A new code was mailed to you. The one before is worth nothing now.</p>`;
}

const CONFIRMATIONS = { requisite: 'Your bank account', store: 'Your store', user_email: 'Your e-mail address' };
const CONFIRMATION_STATES = { confirmed: 'confirmed', canceled: 'canceled', expired: 'expired; enter it again' };
const undelivered = ({ reason }) => reason === 'code_undeliverable'
  && html`<p class="notice bad" role="alert">Your e-mail address did not take the mail with the code, so this came to nothing. Check the address, then try again.</p>`;

export const confirmationPage = (context, confirmation, notice) => layout(context, 'Confirm', html`
<h1>${CONFIRMATIONS[confirmation.operation] ?? 'Confirm'}</h1>
<p><bdi>${Object.values(confirmation.summary).join(', ')}</bdi></p>
${codeNotice(notice)}
${confirmation.status === 'awaiting_code'
    ? codeForms(context, `/studio/confirmations/${confirmation.id}`, confirmation, 'and just these details', 'Confirm', { isWrong: notice.left !== undefined })
    : html`<p>State: <strong data-status="${confirmation.status}">${CONFIRMATION_STATES[confirmation.status]}</strong></p>${undelivered(confirmation)}`}
<p><a href="/studio">Back to the studio</a></p>`);

export const payoutPage = (context, payout, notice) => layout(context, 'Payout', html`
<h1>Payout ${payout.label}</h1>
<p><strong>${money(payout.amount, payout.currency)}</strong> to <bdi>${payout.destination}</bdi></p>
<p>State: <strong id="payout-status" data-status="${payout.status}">${stateOf(payout, notice.areStopped)}</strong></p>
${isStopped(payout, notice.areStopped) && html`<p class="notice bad">It does not go out while your payouts are stopped.</p>`}
${!isStopped(payout, notice.areStopped) && waitNotice(payout)}
${payout.status === 'returned' && html`<p class="notice bad" id="returned">Your bank sent it back on ${moment(payout.returned_at)}${becauseOf(payout.reason)}. The <a href="/studio">studio</a> says whether another account is needed.</p>`}
${undelivered(payout)}${codeNotice(notice)}
${payout.status === 'awaiting_code' && codeForms(context, `/studio/payouts/${payout.id}`, payout, 'this amount and this account', 'Confirm the payout', { isWrong: notice.left !== undefined })}
${payout.status === 'awaiting_code' && html`<form method="post" action="/studio/payouts/${payout.id}/cancel">${csrfField(context.session)}<button class="plain">Cancel this payout</button></form>`}
<p><a href="/studio">Back to the studio</a></p>`);

export const schedulePage = (context, schedule, notice) => layout(context, 'Payouts by themselves', html`
<h1>Payouts by themselves</h1>
<p>${scheduleText(schedule)}</p>
${codeNotice(notice)}
${schedule.status === 'awaiting_code' && codeForms(context, `/studio/schedules/${schedule.id}`, schedule, 'this account and these times', 'Agree', { canResend: false, isWrong: notice.left !== undefined })}
<p><a href="/studio">Back to the studio</a></p>`);

export const deskPage = (context, { available, sales }) => layout(context, 'Desk', html`
<h1>Inkwell's desk</h1>
<section class="card"><h2>Our share</h2><p><strong id="partner-balance">${money(available, 'EUR')}</strong> earned by Inkwell</p></section>
<section><h2>Sales of all writers</h2>${sales.length ? salesTable(sales, 'partner') : html`<p class="soft">No sales yet.</p>`}</section>`);

export const errorPage = (context, status, message) => layout(context, 'Something went wrong', html`
<h1>${status === 404 ? 'This page is not here' : 'That did not work'}</h1>
<p role="alert">${message}</p>
<p><a href="/">To the articles</a></p>`);
