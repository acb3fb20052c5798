import { arg, type Dialog, s } from '../../../api/index.ts';
import { openCommand } from '../commands/define.ts';
import { answered, type Moderation } from '../commands/rooms.ts';
import { isBackwards, pickWord } from './captcha.ts';
import { checkShares, gateOf, mayApply, received } from './gate.ts';

const TRIES = 3;
const MAX_ANSWER = 400;

const state = s.object({
  room: s.string(),
  word: s.string().default(''),
  tries: s.int({ min: 0 }).default(0),
  answers: s.array(s.string()).default([]),
});

interface State {
  readonly room: string;
  readonly word: string;
  readonly tries: number;
  readonly answers: readonly string[];
}

/** `join ROOM` in private: a word to write backwards, questions, and a place on the list. */
export function addApplication(bot: Moderation): void {
  const questions = (room: string) => bot.configIn(room).gate?.questions ?? [];

  const next = async (of: State, user: string) => {
    const list = questions(of.room);
    const question = list[of.answers.length];
    if (question !== undefined)
      return {
        say: `${list.length > 1 ? `${of.answers.length + 1}/${list.length}: ` : ''}${question}`,
        to: 'answer',
        state: of,
      } as const;
    return { say: await answered(() => finish(of, user)) };
  };

  const finish = async (of: State, user: string): Promise<string> => {
    const { room, gate } = await gateOf(bot, of.room);
    const answers = of.answers.map((answer, index) => ({ question: gate.questions[index] ?? '', answer }));
    return received(bot, room, gate, user, answers);
  };

  const dialog: Dialog<State> = bot.dialog({
    id: 'apply',
    timeout: '15m',
    state,
    onTimeout: 'That took too long. Write "join" and the name of the room to begin again.',
    onCancel: 'As you like.',
    steps: {
      start: async ({ state: of, user }) =>
        of.word === ''
          ? next(of, user)
          : {
              say: `So that I know that somebody is there: please write this word backwards: ${of.word}`,
              to: 'word',
            },
      word: async ({ text, state: of, user }) => {
        if (isBackwards(text, of.word)) return next(of, user);
        const tries = of.tries + 1;
        if (tries >= TRIES) return 'That was not it. Try again another day.';
        return { say: `Not quite. Please write backwards: ${of.word}`, to: 'word', state: { ...of, tries } };
      },
      answer: async ({ text, state: of, user }) => {
        const answer = Array.from(text.trim()).slice(0, MAX_ANSWER).join('');
        if (answer === '') return { say: 'Some words, please.', to: 'answer' };
        return next({ ...of, answers: [...of.answers, answer] }, user);
      },
    },
  });

  openCommand(bot, {
    name: 'join',
    summary: 'Asks to be let into a private room',
    in: 'private',
    args: { room: arg.text({ max: 60 }) },
    cooldown: { user: '20s' },
    examples: ['join den'],
    async run(call) {
      const { user, at } = call;
      const { room, gate } = await gateOf(bot, call.args.room.replace(/^["“”„]|["“”„]$/gu, '').trim());
      await mayApply(bot, room, gate, user, at);
      await checkShares(bot, room, gate, user);
      await dialog.start(
        { user },
        { room, word: gate.captcha ? pickWord(bot.random()) : '', tries: 0, answers: [] },
      );
      return undefined;
    },
  });
}
