import type { Handlers } from './messages.ts';

export const accountHandlers = {
  /** Answered only when it worked. */
  ChangePassword(_context, session, { password }) {
    if (password === '') return;
    session.account!.password = password;
    session.send({ type: 'ChangePassword', password });
  },
} satisfies Partial<Handlers>;
