/* What a bank sends: pain.002, camt.054 and camt.053 as text, written from ISO 20022 without any of the product's code. Amounts in minor units. */
import { randomUUID } from 'node:crypto';

const OURS = 'DE75512108001245126199';
const fresh = (letter) => letter + randomUUID().replaceAll('-', '').slice(0, 30);
const now = () => new Date().toISOString().slice(0, 19) + 'Z';
const decimal = (minor) => (Math.abs(minor) / 100).toFixed(2);
const side = (minor) => (minor < 0 ? 'DBIT' : 'CRDT');
const money = (minor, currency = 'EUR') => `<Amt Ccy="${currency}">${decimal(minor)}</Amt><CdtDbtInd>${side(minor)}</CdtDbtInd>`;
const optional = (name, text) => (text ? `<${name}>${text}</${name}>` : '');
const why = (code) => (code ? `<StsRsnInf><Rsn><Cd>${code}</Cd></Rsn></StsRsnInf>` : '');
const documentOf = (type, body) => `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:${type}">${body}</Document>\n`;

export const endToEnd = (payout) => payout.replace('_', '-');

/* status('STOA-…', { group: 'RJCT', reason: 'AM04' }) or status('STOA-…', { transfers: [{ payout, status: 'RJCT', reason: 'AC04' }] }) */
export function status(order, { group, reason, transfers = [] }) {
  const lines = transfers.map((one) => `<TxInfAndSts><OrgnlEndToEndId>${endToEnd(one.payout)}</OrgnlEndToEndId><TxSts>${one.status}</TxSts>${why(one.reason)}</TxInfAndSts>`).join('');
  return documentOf('pain.002.001.11', `<CstmrPmtStsRpt><GrpHdr><MsgId>${fresh('R')}</MsgId><CreDtTm>${now()}</CreDtTm></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>${order}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>${optional('GrpSts', group)}${why(reason)}</OrgnlGrpInfAndSts>
${lines ? `<OrgnlPmtInfAndSts><OrgnlPmtInfId>${order}</OrgnlPmtInfId>${lines}</OrgnlPmtInfAndSts>` : ''}</CstmrPmtStsRpt>`);
}

/* What somebody transferred: { for (structured), text, from, iban, own (the bank's name of this transfer) }. */
const paidBy = ({ from, iban }) => (from ? `<RltdPties><Dbtr><Pty><Nm>${from}</Nm></Pty></Dbtr>${iban ? `<DbtrAcct><Id><IBAN>${iban}</IBAN></Id></DbtrAcct>` : ''}</RltdPties>` : '');
const paidFor = ({ for: reference, text }) => `<RmtInf>${optional('Ustrd', text)}${reference ? `<Strd><CdtrRefInf><Ref>${reference}</Ref></CdtrRefInf></Strd>` : ''}</RmtInf>`;
const credit = (amount, one, currency) => `<TxDtls>${one.own ? `<Refs>${optional('AcctSvcrRef', one.own)}</Refs>` : ''}${money(amount, currency)}${paidBy(one)}${paidFor(one)}</TxDtls>`;

/* An entry: { amount (negative: it left), payout?, order?, reason? (it came back), reference? ('': none), number? (NtryRef), at? (a moment in place of the day),
 * credit?, reversal? }. */
function entry({ amount, payout, order, reason, reference = fresh('B'), number, at, credit: given, reversal = false, currency = 'EUR' }) {
  const details = given ? credit(amount, given, currency) : payout ? `<TxDtls><Refs><EndToEndId>${endToEnd(payout)}</EndToEndId></Refs>${money(amount, currency)}${reason ? `<RtrInf><Rsn><Cd>${reason}</Cd></Rsn></RtrInf>` : ''}</TxDtls>` : '';
  const batch = order ? `<Btch><MsgId>${order}</MsgId><PmtInfId>${order}</PmtInfId></Btch>` : '';
  return `<Ntry>${optional('NtryRef', number)}${money(amount, currency)}${reversal ? '<RvslInd>true</RvslInd>' : ''}<Sts><Cd>BOOK</Cd></Sts><BookgDt>${at ? `<DtTm>${at}</DtTm>` : `<Dt>${now().slice(0, 10)}</Dt>`}</BookgDt>${optional('AcctSvcrRef', reference)}
<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>${amount < 0 ? 'ICDT' : 'RCDT'}</Cd><SubFmlyCd>${reason ? 'RRTN' : 'ESCT'}</SubFmlyCd></Fmly></Domn></BkTxCd>
${details || batch ? `<NtryDtls>${batch}${details}</NtryDtls>` : ''}</Ntry>`;
}

/* number: of an account in roubles */
const account = (iban = OURS, number = null) => (number ? `<Acct><Id><Othr><Id>${number}</Id></Othr></Id><Ccy>RUB</Ccy></Acct>` : `<Acct><Id><IBAN>${iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>`);

export const notice = (entries, { id = fresh('N'), iban, number } = {}) => documentOf('camt.054.001.08',
  `<BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>${fresh('M')}</MsgId><CreDtTm>${now()}</CreDtTm></GrpHdr>
<Ntfctn><Id>${id}</Id><CreDtTm>${now()}</CreDtTm>${account(iban, number)}${entries.map(entry).join('')}</Ntfctn></BkToCstmrDbtCdtNtfctn>`);

const balance = (type, minor, day) => `<Bal><Tp><CdOrPrtry><Cd>${type}</Cd></CdOrPrtry></Tp>${money(minor)}<Dt><Dt>${day}</Dt></Dt></Bal>`;

/* closing: for a bank that cannot add; day: of its balances */
export function statement(entries, { sequence, opening, id = fresh('S'), day = now().slice(0, 10), closing = entries.reduce((sum, one) => sum + one.amount, opening) }) {
  return documentOf('camt.053.001.08', `<BkToCstmrStmt><GrpHdr><MsgId>${fresh('M')}</MsgId><CreDtTm>${now()}</CreDtTm></GrpHdr>
<Stmt><Id>${id}</Id><ElctrncSeqNb>${sequence}</ElctrncSeqNb><CreDtTm>${now()}</CreDtTm>${account()}${balance('OPBD', opening, day)}${balance('CLBD', closing, day)}${entries.map(entry).join('')}</Stmt></BkToCstmrStmt>`);
}

/* Takes up a statement that was imported and waits, because another test's stands before it in the chain. Resolves to its file. */
export async function released(s, id) {
  const [{ state, file }] = await s.psql(`select state, file_id as file from pay.bank_file where statement_id = '${id}'`);
  if (state === 'waiting') await s.operator('paysrv', 'bank', 'release', String(file), '--note', 'a test');
  return file;
}

/* ---- 1CClientBankExchange, a statement as Russian banks write it, in windows-1251 ---- */

const roubles = (minor) => (minor / 100).toFixed(2);
const windows1251 = (text) => Buffer.from([...text].map((c) => {
  const code = c.codePointAt(0);
  if (code < 0x80) return code;
  return code >= 0x410 && code <= 0x44f ? code - 0x350 : { Ё: 0xa8, ё: 0xb8, '№': 0xb9 }[c];
}));

/* documents: { number, day, amount (negative: a debit), other, purpose }; days as 24.11.2026. */
export function clientBank(documents, { account, first, last, opening }) {
  const sum = (some) => some.reduce((total, one) => total + Math.abs(one.amount), 0);
  const income = sum(documents.filter((one) => one.amount > 0)), outgo = sum(documents.filter((one) => one.amount < 0));
  const written = documents.map((one) => {
    const [payer, payee] = one.amount < 0 ? [account, one.other] : [one.other, account];
    return ['СекцияДокумент=Платежное поручение', `Номер=${one.number}`, `Дата=${one.written ?? one.day}`, `Сумма=${roubles(Math.abs(one.amount))}`,
      `ПлательщикСчет=${payer}`, `ДатаСписано=${one.amount < 0 ? one.day : ''}`, 'Плательщик1=Кто-то', `ПолучательСчет=${payee}`,
      `ДатаПоступило=${one.amount > 0 ? one.day : ''}`, `НазначениеПлатежа=${one.purpose}`, 'КонецДокумента'];
  });
  return windows1251(['1CClientBankExchange', 'ВерсияФормата=1.03', 'Кодировка=Windows', `ДатаНачала=${first}`, `ДатаКонца=${last}`,
    'СекцияРасчСчет', `ДатаНачала=${first}`, `ДатаКонца=${last}`, `РасчСчет=${account}`, `НачальныйОстаток=${roubles(opening)}`,
    `ВсегоПоступило=${roubles(income)}`, `ВсегоСписано=${roubles(outgo)}`, `КонечныйОстаток=${roubles(opening + income - outgo)}`, 'КонецРасчСчет',
    ...written.flat(), 'КонецФайла', ''].join('\r\n'));
}
