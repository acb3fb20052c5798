import type { ServerRequest } from '../../protocol/index.ts';
import { accountHandlers } from './account-handlers.ts';
import type { Context } from './context.ts';
import { interestHandlers } from './interests.ts';
import type { Handlers } from './messages.ts';
import { obsoleteHandlers } from './obsolete.ts';
import { peerRelayHandlers } from './peer-relays.ts';
import { presenceHandlers } from './presence.ts';
import { privateMessageHandlers } from './private-messages.ts';
import { privilegeHandlers } from './privileges.ts';
import { roomListHandlers } from './room-list.ts';
import { roomPowerHandlers } from './room-powers.ts';
import { roomHandlers } from './rooms.ts';
import { searchHandlers } from './searches.ts';
import type { Session } from './session.ts';
import { tickerHandlers } from './tickers.ts';
import { treeHandlers } from './tree.ts';

const handlers: Handlers = {
  ...accountHandlers,
  ...interestHandlers,
  ...obsoleteHandlers,
  ...peerRelayHandlers,
  ...presenceHandlers,
  ...privateMessageHandlers,
  ...privilegeHandlers,
  ...roomHandlers,
  ...roomListHandlers,
  ...roomPowerHandlers,
  ...searchHandlers,
  ...tickerHandlers,
  ...treeHandlers,
};

/** Does what a logged-in user asks. A second Login on the same connection is ignored. */
export function handle(context: Context, session: Session, request: ServerRequest): void {
  if (request.type === 'Login') return;
  const handler = handlers[request.type] as (
    context: Context,
    session: Session,
    request: ServerRequest,
  ) => void;
  handler(context, session, request);
}
