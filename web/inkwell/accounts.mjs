/* Inkwell's accounts: who can log in here. Passwords come from the file that the operator gives, kept as scrypt hashes in memory. */
import { createHash, randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';

const hash = (password, salt) => scryptSync(password, salt, 32);

/* The file: [{ "email", "password", "name", "role": "writer" | "reader" | "staff" }] */
export function loadAccounts(file) {
  const list = JSON.parse(readFileSync(file, 'utf8')).map(({ email, password, name, role }) => {
    const salt = randomBytes(16);
    const id = createHash('sha256').update(`inkwell:${email}`).digest('hex').slice(0, 24);
    return { id, email, name, role, salt, hash: hash(password, salt) };
  });
  const nobody = { salt: randomBytes(16), hash: randomBytes(32) };
  return {
    byId: (id) => list.find((account) => account.id === id),
    login(email, password) {
      const account = list.find((one) => one.email === email.trim().toLowerCase());
      const { salt, hash: stored } = account ?? nobody;
      return timingSafeEqual(hash(password, salt), stored) && account ? account : null;
    },
  };
}
