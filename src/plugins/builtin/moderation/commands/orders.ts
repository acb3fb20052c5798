import { type Dialog, type DialogPartner, s } from '../../../api/index.ts';
import { ACTS, type Order } from './acts.ts';
import { overreach } from './overreach.ts';
import { nameProblem } from './people.ts';
import {
  answered,
  infoOf,
  type Moderation,
  mayModerate,
  powerOf,
  Refusal,
  sentence,
  type Who,
} from './rooms.ts';

/** More lines than this are no answer. */
const MOST = 20;

const YES = /^(y|yes|yep|ok|okay|do it|sure|ja|si|oui)[.!]?$/i;
const AS_TYPED = /^as typed[.!]?$/i;

interface Asked {
  readonly question: string;
  /** What happens on yes. */
  readonly yes: readonly Order[];
  /** What happens on "as typed". */
  readonly typed: readonly Order[];
  /** A snapshot to restore on yes. */
  readonly restore?: Restore;
}

interface Restore {
  readonly room: string;
  readonly id: number;
  readonly actor: string;
  readonly source: Who['source'];
}

/** Carries out what staff order, and asks back where that is wiser. */
export class Orders {
  readonly #bot: Moderation;
  readonly #dialog: Dialog<{ readonly asked: string }>;

  constructor(bot: Moderation) {
    this.#bot = bot;
    this.#dialog = bot.dialog({
      id: 'confirm',
      timeout: '2m',
      state: s.object({ asked: s.string() }),
      onTimeout: 'No answer: nothing was done.',
      cancel: ['no', 'cancel', 'stop'],
      onCancel: 'Nothing was done.',
      steps: {
        start: ({ state }) => ({ say: read(state.asked).question, to: 'answer' }),
        answer: async ({ text, state }) => {
          const { yes, typed, restore } = read(state.asked);
          const orders = YES.test(text.trim()) ? yes : AS_TYPED.test(text.trim()) ? typed : undefined;
          if (orders === undefined || (orders === typed && typed.length === 0)) return 'Nothing was done.';
          if (restore !== undefined) return answered(() => this.#restore(restore));
          return { say: await this.perform(orders) };
        },
      },
    });
  }

  /** Does it, or says why not, or asks. @returns nothing when a question was asked. */
  async order(
    orders: readonly Order[],
    partner: DialogPartner,
  ): Promise<readonly string[] | string | undefined> {
    const [first] = orders;
    if (first === undefined) return undefined;
    const { act, room } = first;
    const refusal = ACTS[act].needsPower ? await this.#powerless(act, room, first.user) : undefined;
    if (refusal !== undefined) return refusal;
    if (orders.length > 1) {
      await this.#ask(partner, {
        question: `${orders.length} people: ${ACTS[act].words(first)} ${orders.map(({ user }) => user).join(', ')}? Say yes, or no.`,
        yes: orders,
        typed: [],
      });
      return undefined;
    }
    const problem = await nameProblem(
      this.#bot,
      await infoOf(this.#bot, room),
      room,
      first.user,
      ACTS[act].name,
    );
    if (problem === undefined) return this.perform(orders);
    const asTyped = problem.mayGoOn && act === 'ban';
    if (problem.near === undefined && !asTyped) return problem.text;
    const choices =
      problem.near === undefined
        ? `Should I ban them all the same, so that nobody lets them in? Say yes, or no.`
        : `Say yes for ${problem.near}, ${asTyped ? `"as typed" for ${first.user}, ` : ''}or no.`;
    await this.#ask(partner, {
      question: `${problem.text} ${choices}`,
      yes: [problem.near === undefined ? first : { ...first, user: problem.near }],
      typed: asTyped && problem.near !== undefined ? [first] : [],
    });
    return undefined;
  }

  /** Asks before a restore. */
  async askRestore(restore: Restore, question: string, partner: DialogPartner): Promise<void> {
    await this.#ask(partner, { question, yes: [], typed: [], restore });
  }

  /** Does it without asking. Somebody may have lost the right to it while the question stood. */
  async perform(orders: readonly Order[]): Promise<readonly string[]> {
    const lines: string[] = [];
    for (const order of orders.slice(0, MOST)) {
      lines.push(
        await answered(async () => {
          const { actor, source, room } = order;
          if (!(await mayModerate(this.#bot, { user: actor, source }, room)))
            throw new Refusal(`You do not moderate ${room} any more.`);
          const problem = await overreach(this.#bot, order);
          if (problem !== undefined) throw new Refusal(problem);
          return ACTS[order.act].perform(this.#bot, order);
        }),
      );
    }
    return lines;
  }

  async #restore({ room, id, actor, source }: Restore): Promise<string> {
    if (!(await mayModerate(this.#bot, { user: actor, source }, room)))
      throw new Refusal(`You do not moderate ${room} any more.`);
    const count = await this.#bot.members.restore(room, id, actor);
    return count === 0
      ? `Everybody of snapshot ${id} is a member of ${room} already.`
      : `${count} invitations to ${room} are on their way, one after the other; !pending shows how it goes.`;
  }

  /** Why members cannot be changed there, and what can be done instead. */
  async #powerless(act: string, room: string, user: string): Promise<string | undefined> {
    const power = await powerOf(this.#bot, room);
    if (power === undefined) return `I have nothing to do with ${room}.`;
    if (power.power === 'private-owner') return undefined;
    if (power.power === 'private-operator')
      return act === 'op' || act === 'deop'
        ? `I am an operator of ${room}; only its owner makes operators.`
        : undefined;
    const instead =
      act === 'timeout' || act === 'ban' || act === 'remove'
        ? ` I can warn ${user} (!warn), or stop answering them (!ignore).`
        : '';
    return `${sentence(power.summary)}${instead}`;
  }

  async #ask(partner: DialogPartner, asked: Asked): Promise<void> {
    await this.#dialog.start(partner, { asked: JSON.stringify(asked) });
  }
}

const read = (asked: string): Asked => JSON.parse(asked) as Asked;
