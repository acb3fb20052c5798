import type { Handlers } from './messages.ts';

/** The server's part in bringing two peers together. */
export const peerRelayHandlers = {
  /** An address of zeros means offline or unknown; a port of zero means that it was not told yet. */
  GetPeerAddress(context, session, { username }) {
    const peer = context.sessions.get(username);
    session.send({
      type: 'GetPeerAddress',
      username,
      ip: peer?.remote.host ?? '0.0.0.0',
      port: peer?.port ?? 0,
      obfuscationType: peer?.obfuscationType ?? 0,
      obfuscatedPort: peer?.obfuscatedPort ?? 0,
    });
  },

  ConnectToPeer(context, session, { token, username, connectionType }) {
    const peer = context.sessions.get(username);
    if (!peer) {
      session.send({ type: 'CantConnectToPeer', token });
      return;
    }
    peer.send({
      type: 'ConnectToPeer',
      username: session.name,
      connectionType,
      ip: session.remote.host,
      port: session.port,
      token,
      privileged: context.accounts.isPrivileged(session.name, context.clock.now()),
      obfuscationType: session.obfuscationType,
      obfuscatedPort: session.obfuscatedPort,
    });
  },

  CantConnectToPeer(context, _session, { token, username }) {
    context.sessions.get(username)?.send({ type: 'CantConnectToPeer', token });
  },

  SendConnectToken(context, session, { username, token }) {
    context.sessions.get(username)?.send({ type: 'SendConnectToken', username: session.name, token });
  },
} satisfies Partial<Handlers>;
