/*
 * What was mailed, as the sink keeps it: a Maildir, of which each file is read once.
 *
 *   const box = mailbox('/.../mail');
 *   box.to('ada@stoa.example')      -> [{ id, subject, text, html, from, to, messageId }], in the order in which they came
 *   box.count()                     -> how many there are to whomever, without reading any
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import PostalMime from 'postal-mime';

async function read(path, id) {
  const mail = await PostalMime.parse(readFileSync(path));
  const sent = mail.headers.find(({ key }) => key === 'x-rcptto')?.value; /* of the envelope, by the sink */
  const to = sent ? sent.split(',').map((one) => one.trim()) : (mail.to ?? []).map(({ address }) => address);
  return { id, at: statSync(path, { bigint: true }).mtimeNs, from: mail.from?.address, to, subject: mail.subject, text: mail.text, html: mail.html, messageId: mail.messageId };
}

/* Two that came in one tick of the file system's clock are told apart by the number that their name holds. */
const number = ({ id }) => Number(/Q(\d+)/.exec(id)?.[1]);
const earlier = (a, b) => (a.at === b.at ? number(a) - number(b) : a.at < b.at ? -1 : 1);

export function mailbox(directory) {
  const fresh = join(directory, 'new'), known = new Map();
  return {
    count: () => readdirSync(fresh).length,
    async to(address) {
      for (const id of readdirSync(fresh)) if (!known.has(id)) known.set(id, await read(join(fresh, id), id));
      return [...known.values()].filter(({ to }) => to.some((one) => one.toLowerCase() === address.toLowerCase()))
        .sort(earlier);
    },
  };
}
