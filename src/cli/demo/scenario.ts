import type { Clock } from '../../platform/clock.ts';
import { after } from '../../platform/time.ts';
import type { SandboxPerson } from '../../sandbox/index.ts';
import { demo } from './stage.ts';

/** The people of the scenario. */
export interface Cast {
  readonly person: (name: string) => SandboxPerson;
  readonly clock: Clock;
}

/** Something that the bot has to do, and how to see that it did. Rejects when it did not. */
export interface Part {
  readonly what: string;
  readonly play: (cast: Cast) => Promise<unknown>;
}

const { bot, room, club, mod } = demo;

/** How long the bot may take for one thing, in milliseconds: its own pacing of one line in three seconds included. */
const PATIENCE_MS = 8_000;

/** Pauses as people make them, in milliseconds. */
const BREATH_MS = 1_500;

async function enter({ person, clock }: Cast, name: string): Promise<SandboxPerson> {
  const somebody = person(name);
  await somebody.login();
  await somebody.join(room);
  await after(clock, 300);
  return somebody;
}

/** What is played where nobody can type: about twenty seconds. */
export const scenario: readonly Part[] = [
  {
    what: 'welcomes alice, who comes into the room',
    async play(cast) {
      const alice = await enter(cast, mod);
      await alice.untilLine(room, /^Welcome alice/, PATIENCE_MS);
    },
  },
  {
    what: 'welcomes bob too',
    async play(cast) {
      const bob = await enter(cast, 'bob');
      await bob.untilLine(room, /^Welcome bob/, PATIENCE_MS);
      bob.say(room, 'evening all, anyone here into tape loops?');
      await after(cast.clock, BREATH_MS);
    },
  },
  {
    what: 'answers a command in the room',
    async play({ person }) {
      const alice = person(mod);
      const answer = alice.untilLine(room, /^bob: .* ago in lobby$/, PATIENCE_MS);
      alice.say(room, '!seen bob');
      await answer;
    },
  },
  {
    what: 'answers a command in private',
    async play({ person }) {
      const bob = person('bob');
      const answer = bob.untilPm(bot, /^I am seekeeper, a bot\./, PATIENCE_MS);
      bob.pm(bot, '!about');
      await answer;
    },
  },
  {
    what: 'lists what bob may ask of it, in private',
    async play({ person, clock }) {
      const bob = person('bob');
      await after(clock, BREATH_MS);
      const answer = bob.untilPm(bot, /!seen/, PATIENCE_MS);
      bob.pm(bot, '!help');
      const { message } = await answer;
      if (/!forget\b/.test(message)) throw new Error('it offers bob a command that he may not run');
    },
  },
  {
    what: 'says what is wrong with a command',
    async play({ person }) {
      const bob = person('bob');
      const answer = bob.untilLine(room, /usage: !seen/, PATIENCE_MS);
      bob.say(room, '!seen');
      await answer;
    },
  },
  {
    what: 'refuses a command that is for mods',
    async play({ person }) {
      const bob = person('bob');
      const answer = bob.untilPm(bot, /need mod or owner/, PATIENCE_MS);
      bob.pm(bot, '!forget alice');
      await answer;
    },
  },
  {
    what: 'answers a question nobody asked it by name',
    async play({ person, clock }) {
      const bob = person('bob');
      const answer = bob.untilLine(room, /^bob: be kind/, PATIENCE_MS);
      await after(clock, BREATH_MS);
      bob.say(room, 'what are the rules here?');
      await answer;
    },
  },
  {
    what: 'lets bob into the private room when a mod says so',
    async play({ person }) {
      const answer = person(mod).untilPm(bot, `bob is now a member of ${club}.`, PATIENCE_MS);
      person(mod).pm(bot, `!add bob ${club}`);
      await answer;
      await person('bob').join(club);
    },
  },
  {
    what: 'puts him out again',
    async play({ person, clock }) {
      await after(clock, BREATH_MS);
      const answer = person(mod).untilPm(bot, `bob is no longer a member of ${club}.`, PATIENCE_MS);
      const out = person('bob').next('RoomMembershipRevoked', ({ room }) => room === club, PATIENCE_MS);
      person(mod).pm(bot, `!remove bob ${club}`);
      await Promise.all([answer, out]);
    },
  },
  {
    what: 'does not welcome somebody twice',
    async play({ person, clock }) {
      const alice = person(mod);
      person('bob').leave(room);
      await after(clock, BREATH_MS);
      const again = alice.next('SayChatroom', ({ message }) => message.startsWith('Welcome bob'), 2_500);
      await person('bob').join(room);
      const welcomed = await again.then(
        () => true,
        () => false,
      );
      if (welcomed) throw new Error('it did');
    },
  },
  {
    what: 'forgets bob when a mod asks for it',
    async play({ person }) {
      const answer = person(mod).untilPm(bot, 'Forgot bob.', PATIENCE_MS);
      person(mod).pm(bot, '!forget bob');
      await answer;
    },
  },
  {
    what: 'is not made to repeat itself',
    async play({ person, clock }) {
      const alice = person(mod);
      const lines = () => alice.all('SayChatroom').filter(({ username }) => username === bot);
      const before = lines().length;
      for (let i = 0; i < 4; i += 1) {
        person('bob').say(room, 'tell me the rules');
        await after(clock, 500);
      }
      await after(clock, BREATH_MS);
      const said = lines()
        .slice(before)
        .map(({ message }) => message);
      if (new Set(said).size < said.length) throw new Error(`it said: ${said.join(' | ')}`);
    },
  },
];
