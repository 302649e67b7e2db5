/* What an operator's work is tested with: a partner of its own with a seller, the operator's token and browser, and an accountant. */
import { createAgent } from './agent.mjs';
import { newPartner } from './partner.mjs';
import { operatorLogIn } from './people.mjs';
import { addUser, operatorToken } from './relying_party.mjs';
import { newSeller } from './seller.mjs';

export async function newDesk(s) {
  const partner = await newPartner(s), agent = createAgent();
  await operatorLogIn(s.env, agent, s.env.admin);
  return {
    partner, agent,
    seller: await newSeller(s.env, { token: partner.token }),
    operator: await operatorToken(s),
    accountant: await addUser(s, ['--role', 'accountant']),
  };
}
