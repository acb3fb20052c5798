import type { SessionState } from './session/state.ts';

/** `online()` has no point any more: the session is in a state that it does not leave by itself soon. */
export class NotOnlineError extends Error {
  override readonly name = 'NotOnlineError';
  readonly state: SessionState;

  constructor(state: SessionState) {
    super(describe(state));
    this.state = state;
  }
}

function describe(state: SessionState): string {
  switch (state.name) {
    case 'banned':
      return `the server has banned us until ${new Date(state.until).toISOString()}: ${state.text}`;
    case 'replaced':
      return 'somebody else logged in with this account';
    case 'refused':
      return `the server refused the login: ${state.reason}${state.detail === undefined ? '' : ` (${state.detail})`}`;
    case 'offline':
      return `not connected${state.reason === undefined ? '' : `: ${state.reason}`}`;
    default:
      return `the session is ${state.name}`;
  }
}
