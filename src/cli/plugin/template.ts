/** A first plugin: a command, an event, a setting, and something remembered. */
export function pluginText(name: string): string {
  return `/*
 * Greets with !${name}, and counts how often.
 *
 *   plugins:
 *     ./plugins/${name}.ts:
 *       config: { greeting: Hello }
 */
import { definePlugin, s } from 'seekeeper';

export default definePlugin({
  name: '${name}',
  // What it may do beyond answering: room.read, room.say, pm.send, search.run, …
  needs: [],
  config: s.object({
    greeting: s.string({ min: 1 }).default('Hello').describe('How to greet.'),
  }),
  // What it keeps about people, so that !mydata shows and !forgetme deletes it.
  personal: [{ keys: 'greeted/{user}', what: 'how often I greeted you' }],
  setup(bot) {
    bot.command({
      name: '${name}',
      summary: 'Greets you',
      cooldown: '5s',
      async run({ user }) {
        const times = await bot.store.update<number>(\`greeted/\${user}\`, (old = 0) => old + 1);
        return \`\${bot.config.greeting} \${user}! Greetings so far: \${times}.\`;
      },
    });
  },
});
`;
}

/** Its test. It names no mode: `seekeeper plugin test` runs it in each. */
export function testText(name: string): string {
  return `import { testBot } from 'seekeeper/testing';
import { expect, it } from 'vitest';
import * as plugin from './${name}.ts';

// seekeeper plugin test runs it twice: in the bot's process, and in a worker, which loads the file itself.
const file = new URL('./${name}.ts', import.meta.url);

it('greets, and remembers over a restart', async () => {
  await using t = await testBot(plugin, file, { config: { greeting: 'Hi' } });
  await t.say('al', 'indie', '!${name}');
  await t.downtime('1h');
  await t.say('al', 'indie', '!${name}');
  expect(t.text('indie')).toEqual(['Hi al! Greetings so far: 1.', 'Hi al! Greetings so far: 2.']);
});
`;
}
