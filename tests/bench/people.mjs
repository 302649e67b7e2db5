/* People by the thousands for benchmarks, without a hash for each. */
import { randomBytes } from 'node:crypto';
import { addUser } from '../support/relying_party.mjs';

export const unknown = () => `u-${randomBytes(6).toString('hex')}@stoa.example`;

/* Many people: copies of one, with addresses of the form of unknown ones. Resolves to their addresses. */
export async function addPeople(stack, n) {
  const { email } = await addUser(stack);
  const names = Array.from({ length: n }, unknown);
  const list = names.map((name) => `'${name}'`).join(',');
  const columns = await stack.psql(`select column_name as name from information_schema.columns where table_schema = 'auth' and table_name = 'users'
    and column_name not in ('id', 'login', 'email') and is_generated = 'NEVER'`);
  const same = columns.map(({ name }) => name).join(', ');
  await stack.psql(`insert into auth.users (id, login, email, ${same})
    select 'usr_' || md5(x), x, x, ${same.split(', ').map((name) => `u.${name}`).join(', ')} from auth.users u, unnest(array[${list}]) x where u.login = '${email}'`);
  await stack.psql('analyze auth.users');
  return names;
}
