import type { Context } from './context.ts';
import type { StoredMessage } from './mailbox.ts';
import { type Handlers, isDeliverable, markOf, textOf, type WireText } from './messages.ts';
import type { Session } from './session.ts';

/** Sends what is waiting for a user, the oldest first, marked as not new. */
export function deliverStored(context: Context, session: Session): void {
  for (const message of context.mailbox.waitingFor(session.name)) deliver(context, session, message, false);
}

function deliver(context: Context, session: Session, message: StoredMessage, isNew: boolean): void {
  message.deliveredAt.push(context.clock.now());
  session.send({
    type: 'MessageUser',
    id: message.id,
    timestamp: Math.floor(message.sentAt / 1000),
    username: message.from,
    message: message.text.text,
    isNew,
    ...markOf('message', message.text),
  });
}

function post(context: Context, from: string, to: string, text: WireText): void {
  const message = context.mailbox.store(from, to, text, context.clock.now());
  const session = context.sessions.get(to);
  if (session) deliver(context, session, message, true);
}

export const privateMessageHandlers = {
  /** Stored for offline users; unknown receivers, line breaks and overlong text: dropped without a word. */
  MessageUser(context, session, request) {
    const text = textOf(request, 'message');
    if (!isDeliverable(text) || !context.accounts.get(request.username)) return;
    const fault = context.flood?.privateLines(session.name, [request.username], text.text);
    if (fault) context.banForFlooding(session, fault);
    else post(context, session.name, request.username, text);
  },

  MessageUsers(context, session, request) {
    const text = textOf(request, 'message');
    if (!isDeliverable(text)) return;
    const fault = context.flood?.privateLines(session.name, request.usernames, text.text);
    if (fault) {
      context.banForFlooding(session, fault);
      return;
    }
    for (const user of new Set(request.usernames)) {
      const receiver = context.sessions.get(user);
      if (!receiver) continue;
      if (context.rules.messageUsersNeedsWatch && !receiver.watching.has(session.name)) continue;
      post(context, session.name, user, text);
    }
  },

  MessageAcked(context, session, { id }) {
    context.mailbox.acknowledge(session.name, id, context.clock.now());
  },
} satisfies Partial<Handlers>;
