/*
 * Members and operators of private rooms by command, for mods: !add, !remove, !op, !deop. In a room the command is about
 * that room; in private name it: !add alice den.
 *
 *   plugins:
 *     ./plugins-examples/members.ts: {}
 *
 * The bot must be the owner of the room, or an operator (then it can add and remove ordinary members).
 */
import { arg, definePlugin, type RoomOutcome } from 'seekeeper';

export default definePlugin({
  name: 'members',
  needs: ['moderate'],
  setup(bot) {
    const define = (
      name: string,
      summary: string,
      done: string,
      act: (room: string, user: string) => Promise<RoomOutcome>,
    ) => {
      bot.command({
        name,
        summary,
        args: { user: arg.user(), room: arg.optional(arg.room()) },
        allow: ['mod', 'owner', 'room.owner', 'room.operator'],
        examples: [`${name} alice`, `${name} "two words" den`],
        async run({ args, room }) {
          const where = args.room ?? room?.name;
          if (where === undefined) return `Which room? ${name} ${args.user} ROOM`;
          // Whoever has power in this room only has none in others.
          if (room !== undefined && where !== room.name)
            return `Here I change ${room.name} only; write to me in private.`;
          const outcome = await act(where, args.user);
          switch (outcome.state) {
            case 'confirmed':
              return `${args.user} ${done} ${where}.`;
            case 'refused':
              return `${args.user} not changed: ${outcome.reason.replace(/\.$/, '')}.`;
            case 'unknown':
              return `I cannot tell whether that worked: ${outcome.reason}.`;
          }
        },
      });
    };

    define('add', 'Let somebody into this private room', 'is now a member of', (room, user) =>
      bot.rooms.addMember(room, user),
    );
    define('remove', 'Put somebody out of this private room', 'is no longer a member of', (room, user) =>
      bot.rooms.removeMember(room, user),
    );
    define('op', 'Make a member an operator of this private room', 'is now an operator of', (room, user) =>
      bot.rooms.addOperator(room, user),
    );
    define('deop', 'Make an operator an ordinary member', 'is no longer an operator of', (room, user) =>
      bot.rooms.removeOperator(room, user),
    );
  },
});
