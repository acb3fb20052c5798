import type { Sandbox } from '../../sandbox/index.ts';
import type { ChatLines } from '../terminal/chat-lines.ts';
import { demo } from './stage.ts';

/** Shows what happens: room lines, private lines to and from the bot, who comes and goes. The result ends it. */
export function show(sandbox: Sandbox, lines: ChatLines, print: (line: string) => void): () => void {
  const { server } = sandbox;
  const undo = [
    server.on('line', ({ at, room, user, text }) => print(lines.room(at, room, user, text))),
    server.on('request', ({ user, request, at }) => {
      if (request.type !== 'MessageUser') return;
      if (user === demo.bot || request.username === demo.bot)
        print(lines.private(at, user, request.username, request.message));
    }),
    server.on('response', ({ user, response, at }) => {
      // One copy of what everybody in the room is told: the bot is always there.
      if (user !== demo.bot) return;
      if (response.type === 'UserJoinedRoom' && response.username !== demo.bot)
        print(lines.note(at, `${response.username} enters ${response.room}`));
      else if (response.type === 'UserLeftRoom')
        print(lines.note(at, `${response.username} leaves ${response.room}`));
    }),
    server.on('ban', ({ at, user, minutes, why }) =>
      print(lines.note(at, `${user} is banned for ${minutes} minutes: ${why}`)),
    ),
  ];
  return () => {
    for (const one of undo) one();
  };
}
