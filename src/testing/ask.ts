import type { SandboxPeer } from '../sandbox/index.ts';

/** Whom somebody asks: everybody, the bot, or a room that the bot is in. */
export type TestSearchScope = 'network' | 'bot' | { readonly room: string };

/** Somebody searches. The token tells the answers. */
export function ask(
  peer: SandboxPeer,
  bot: string,
  token: number,
  query: string,
  scope: TestSearchScope,
): void {
  if (scope === 'network') peer.send({ type: 'FileSearch', token, query });
  else if (scope === 'bot') peer.send({ type: 'UserSearch', username: bot, token, query });
  else peer.send({ type: 'RoomSearch', room: scope.room, token, query });
}

/** Paths of the files with which the bot answered. */
export function answersOf(peer: SandboxPeer, bot: string, token: number): string[] {
  return peer.words.flatMap(({ message }) =>
    message.type === 'FileSearchResponse' && message.token === token && message.username === bot
      ? [...message.results, ...(message.privateResults ?? [])].map(({ filename }) => filename)
      : [],
  );
}
