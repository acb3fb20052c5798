import type { ServerRequest, ServerResponse } from '../../protocol/index.ts';

/** What can be watched from outside. `at` is milliseconds since the epoch. */
export interface SandboxServerEvents {
  login: { readonly user: string; readonly at: number };
  logout: { readonly user: string; readonly why: string; readonly at: number };
  /** Everything that a logged-in user asked, and each Login with a readable name. */
  request: { readonly user: string; readonly request: ServerRequest; readonly at: number };
  /** Everything that was sent to a logged-in user. */
  response: { readonly user: string; readonly response: ServerResponse; readonly at: number };
  /** A line that the server accepted for a room. */
  line: { readonly room: string; readonly user: string; readonly text: string; readonly at: number };
  ban: { readonly user: string; readonly why: string; readonly minutes: number; readonly at: number };
}
