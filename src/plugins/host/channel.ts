import { PluginError } from '../api/errors.ts';
import { checkPlain } from './plain.ts';

/**
 * One end of the connection between the host and a plugin's runner, wherever that runs. Messages are copied, arrive in
 * order, and never during `post`.
 */
export interface Channel {
  /**
   * Sends a copy. After either end was closed it does nothing.
   * @throws PluginError `not-plain` when the message cannot be copied.
   */
  post(message: unknown): void;
  /** Sets the receiver; it must not throw. What came before it was set is lost. */
  onMessage(receive: (message: unknown) => void): void;
  /** Ends both directions at once: what is under way is not delivered. */
  close(): void;
}

/** A channel inside this process. It copies like the one to a worker, so that plugins cannot tell the difference. */
export function inProcessChannel(): { readonly host: Channel; readonly plugin: Channel } {
  const state = { open: true };
  const host = new End(state);
  const plugin = new End(state);
  host.connect(plugin);
  plugin.connect(host);
  return { host, plugin };
}

class End implements Channel {
  readonly #state: { open: boolean };
  #other: End | undefined;
  #receive: ((message: unknown) => void) | undefined;

  constructor(state: { open: boolean }) {
    this.#state = state;
  }

  connect(other: End): void {
    this.#other = other;
  }

  post(message: unknown): void {
    if (!this.#state.open) return;
    const copy = copyOf(message);
    queueMicrotask(() => {
      if (this.#state.open) this.#other?.deliver(copy);
    });
  }

  deliver(message: unknown): void {
    this.#receive?.(message);
  }

  onMessage(receive: (message: unknown) => void): void {
    this.#receive = receive;
  }

  close(): void {
    this.#state.open = false;
  }
}

function copyOf(message: unknown): unknown {
  try {
    return structuredClone(message);
  } catch (cause) {
    throw notCopied(message, cause);
  }
}

/** The error for a message that could not be copied: says where in it, if it is one of the usual things. */
export function notCopied(message: unknown, cause: unknown): PluginError {
  try {
    checkPlain(message, 'message', Infinity, 'copy');
  } catch (error) {
    if (error instanceof PluginError) return error;
  }
  return new PluginError('not-plain', `A message could not be copied: ${String(cause)}`, { cause });
}
