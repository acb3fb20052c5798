import type { ServerRequest, ServerRequestOf } from '../../protocol/index.ts';
import type { Context } from './context.ts';
import type { Session } from './session.ts';

/** What the server does on each request of a logged-in user. A request that is missing here would not compile. */
export type Handlers = {
  readonly [T in Exclude<ServerRequest['type'], 'Login'>]: (
    context: Context,
    session: Session,
    request: ServerRequestOf<T>,
  ) => void;
};

/** Text as it came, so that bytes which are no UTF-8 leave the server as the same bytes. */
export interface WireText {
  readonly text: string;
  readonly latin1: boolean;
}

/** The text in field `field` of a request. */
export function textOf<F extends string>(
  request: { readonly [_ in F]: string } & { readonly latin1?: readonly string[] },
  field: F,
): WireText {
  return { text: request[field], latin1: request.latin1?.includes(field) === true };
}

/** The mark to spread into a message or struct whose field `field` carries `text`. */
export function markOf(field: string, text: WireText): { readonly latin1?: readonly string[] } {
  return text.latin1 ? { latin1: [field] } : {};
}

/** Length on the wire. */
export function bytesOf(text: WireText): number {
  return text.latin1 ? text.text.length : Buffer.byteLength(text.text);
}

/** Longest room or private line in bytes [soulfind]. */
const MAX_LINE_BYTES = 2048;

/** Whether a room or private line is delivered; others are dropped without a word [soulfind, observed]. An empty line is. */
export function isDeliverable(text: WireText): boolean {
  return bytesOf(text) <= MAX_LINE_BYTES && !/[\r\n]/.test(text.text);
}
