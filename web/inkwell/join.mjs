/*
 * Joining Inkwell with an e-mail address: Stoa mails the code, the reader types it here, and nobody leaves the site (OAuth 2.0 for
 * First-Party Applications). Members are known by Stoa's name for them, never by the address.
 */
import * as pages from './pages.mjs';
import { checkCsrf, redirect, sendPage } from './web.mjs';

const SAY = {
  wrong: (left) => (left > 0 ? `This code is not right, or too old. ${left} more ${left === 1 ? 'try' : 'tries'}.` : 'This code is dead. Ask for another one.'),
  over: () => 'That took too long, or a newer code was sent. Start again.',
  wait: (seconds) => (seconds < 120 ? `Another code can be sent in ${seconds} seconds.` : 'This address had enough codes for now. Try again in an hour.'),
  address: () => 'This is not an e-mail address.',
};

export function createJoin({ state, stoa, sessions, policy }) {
  const show = (context, status, page, fields) => sendPage(context.response, status, page(context, fields), policy);
  const own = (context) => context.session ?? (context.session = sessions.start(context.response));

  /* The session of before may have been somebody else's idea. */
  function welcome({ response, session }, person) {
    const { to } = session.join;
    state.data.members[person.id] = { ...person, role: 'reader' };
    state.save();
    sessions.end(response, session);
    sessions.start(response, { accountId: person.id });
    redirect(response, to ? `/articles/${to}` : '/');
  }

  async function answered(context, outcome) {
    const { join } = context.session;
    if (outcome.person) return welcome(context, outcome.person);
    if (outcome.webUrl) {
      join.web = outcome.flow;
      return redirect(context.response, outcome.webUrl);
    }
    if (outcome.say === 'over') return show(context, 400, pages.joinPage, { email: join.email, problem: SAY.over() });
    return show(context, outcome.say === 'wait' ? 429 : 400, pages.joinCodePage, { email: join.email, problem: SAY[outcome.say](outcome.left) });
  }

  const pending = (handler) => (context) => {
    if (!context.session?.join?.flow) return redirect(context.response, '/join');
    if (context.form) checkCsrf(context.session, context.form);
    return handler(context, context.session.join);
  };

  return {
    members: { byId: (id) => state.data.members[id] },

    ask(context, to) {
      own(context).join = { to };
      return show(context, 200, pages.joinPage, {});
    },
    async begin(context) {
      const { session, form } = context;
      if (!session) return redirect(context.response, '/join');
      checkCsrf(session, form);
      const email = (form.get('email') ?? '').trim();
      const started = await stoa.startJoin({ email, name: (form.get('name') ?? '').trim() });
      if (started.say) return show(context, started.say === 'wait' ? 429 : 400, pages.joinPage, { email, problem: SAY[started.say](started.left) });
      session.join = { ...session.join, email, flow: started.flow };
      return redirect(context.response, '/join/code');
    },
    code: pending((context, join) => show(context, 200, pages.joinCodePage, { email: join.email })),
    confirm: pending(async (context, join) => answered(context, await stoa.finishJoin(join.flow, context.form.get('code') ?? ''))),
    again: pending(async (context, join) => {
      const outcome = await stoa.resendJoin(join.flow);
      if (outcome.say) return answered(context, outcome);
      return show(context, 200, pages.joinCodePage, { email: join.email, notice: 'Another code is on its way. The one before does not work any more.' });
    }),
    /* Who had to come by Stoa's own page. */
    awaits: (session) => Boolean(session?.join?.web),
    async returned(context) {
      const { web } = context.session.join;
      context.session.join.web = undefined;
      return welcome(context, await stoa.returnedJoin(web, context.url));
    },
  };
}
