/*
 * A room's memory: quotes (!addquote, !quote) and facts (!learn tea = hot water with leaves, !what tea).
 *
 *   plugins:
 *     ./plugins-examples/quotes.ts: {}
 */
import { arg, definePlugin, s } from 'seekeeper';

interface Quote {
  text: string;
  by: string;
  at: number;
}

interface Fact {
  text: string;
  by: string;
}

export default definePlugin({
  name: 'quotes',
  config: s.object({ max: s.int({ min: 1, max: 10_000 }).default(1_000) }),
  setup(bot) {
    const { max } = bot.config;
    const factKey = (name: string) => `fact/${name.toLowerCase()}`;

    // Numbers are never used again, so that !quote 7 is the same one for ever.
    const quoteKey = (number: number) => `quote/${String(number).padStart(9, '0')}`;
    const numberOf = (key: string) => Number(key.slice('quote/'.length));
    const shown = (key: string, { text }: Quote) => `#${numberOf(key)}: ${text}`;

    // Who said it is part of a quote, so it is data about whoever added it only.
    bot.personal({
      what: 'quotes and facts that you added',
      show: async (user) => {
        const quotes = await bot.store.entries<Quote>('quote/');
        const facts = await bot.store.entries<Fact>('fact/');
        return [...quotes, ...facts].filter(({ value }) => value.by === user).map(({ value }) => value.text);
      },
      forget: async (user) => {
        let count = 0;
        for (const prefix of ['quote/', 'fact/']) {
          for (const { key, value } of await bot.store.entries<Quote | Fact>(prefix)) {
            if (value.by !== user) continue;
            await bot.store.set(key, { ...value, by: '' });
            count += 1;
          }
        }
        return count;
      },
    });

    bot.command({
      name: 'addquote',
      summary: 'Remember something that was said',
      in: 'room',
      args: { text: arg.text({ max: 400 }) },
      allow: ['trusted', 'room.member', 'room.operator', 'room.owner'],
      cooldown: { user: '30s' },
      async run({ args, user, at }) {
        if ((await bot.store.keys('quote/')).length >= max) return 'My book of quotes is full.';
        const number = await bot.store.update<number>('last', (last = 0) => last + 1);
        await bot.store.set(quoteKey(number ?? 1), { text: args.text, by: user, at } satisfies Quote);
        return `That is quote #${number}.`;
      },
    });

    bot.command({
      name: 'quote',
      summary: 'A quote: any, by its number, or with a word',
      args: { which: arg.optional(arg.text()) },
      cooldown: { user: '10s', room: '5s' },
      examples: ['quote', 'quote 7', 'quote tea'],
      async run({ args: { which }, refundCooldown }) {
        const all = await bot.store.entries<Quote>('quote/');
        const wanted = which?.toLowerCase();
        const fitting = all.filter(({ key, value }) => {
          if (wanted === undefined) return true;
          return /^#?\d+$/.test(wanted)
            ? numberOf(key) === Number(wanted.replace('#', ''))
            : value.text.toLowerCase().includes(wanted);
        });
        const one = fitting[Math.floor(bot.random() * fitting.length)];
        if (one !== undefined) return shown(one.key, one.value);
        refundCooldown();
        return all.length === 0 ? 'I know no quotes yet.' : 'I know no such quote.';
      },
    });

    bot.command({
      name: 'delquote',
      summary: 'Forget a quote',
      args: { number: arg.int({ min: 1 }) },
      allow: ['mod', 'room.owner'],
      run: async ({ args }) =>
        (await bot.store.delete(quoteKey(args.number))) ? 'Forgotten.' : 'I know no such quote.',
    });

    bot.command({
      name: 'learn',
      summary: 'Learn a fact: !learn tea = hot water with leaves',
      args: { fact: arg.text({ max: 400 }) },
      allow: ['trusted', 'room.operator', 'room.owner'],
      async run({ args, user }) {
        const [, name, text] = /^(.{1,60}?)\s*=\s*(.+)$/.exec(args.fact) ?? [];
        if (name === undefined || text === undefined)
          return 'Say it like this: !learn tea = hot water with leaves';
        await bot.store.set(factKey(name), { text, by: user } satisfies Fact);
        return `I know what ${name} is.`;
      },
    });

    bot.command({
      name: 'what',
      aliases: ['whatis'],
      summary: 'What something is',
      args: { name: arg.text({ max: 60 }) },
      cooldown: { user: '5s', room: '3s' },
      async run({ args, refundCooldown }) {
        const fact = await bot.store.get<Fact>(factKey(args.name));
        if (fact !== undefined) return `${args.name}: ${fact.text}`;
        refundCooldown();
        return `I do not know what ${args.name} is.`;
      },
    });
  },
});
