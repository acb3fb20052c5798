/**
 * Where the session is. `banned`, `replaced` and `refused` are latched: only a person, or for `banned` the
 * stated time, leaves them.
 */
export type SessionState =
  | { readonly name: 'offline'; readonly reason?: string; readonly retryAt?: number }
  | { readonly name: 'connecting'; readonly attempt: number }
  | { readonly name: 'logging-in'; readonly attempt: number }
  | {
      readonly name: 'online';
      readonly since: number;
      readonly greeting: string;
      readonly ip: string;
      readonly supporter: boolean;
    }
  /** The server banned us or seems to have: `evidence` says how we know. A login is tried again at `until` (ms since the epoch). */
  | {
      readonly name: 'banned';
      readonly until: number;
      readonly evidence: 'notice' | 'no-answer' | 'closed-before-reply';
      readonly text: string;
    }
  /** Somebody logged in with the same account (Relogged). */
  | { readonly name: 'replaced'; readonly at: number }
  /** The server refused the login. `reason` is the server's word (INVALIDPASS, …), `detail` its explanation. */
  | { readonly name: 'refused'; readonly reason: string; readonly detail?: string };

export type SessionStateName = SessionState['name'];
