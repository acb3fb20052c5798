import { testBot } from 'seekeeper/testing';
import { describe, expect, it } from 'vitest';
import * as demand from './demand-board.ts';

const file = new URL('./demand-board.ts', import.meta.url);

describe.each(['inproc', 'worker'] as const)('demand-board, %s', (mode) => {
  it('counts people, not searches, and keeps no name', async () => {
    await using t = await testBot(demand, file, { mode, config: { share: 1 } });
    await t.say('al', 'indie', '!demand');
    await t.search('al', 'quiet harbour');
    await t.search('bo', 'Harbour quiet -live');
    await t.search('bo', 'lantern');
    await t.advance('30s');
    await t.say('al', 'indie', '!demand');
    await t.advance('30s');
    await t.say('al', 'indie', '!demand LANT');
    expect(t.text('indie')).toEqual([
      'Nobody looked for that lately.',
      'quiet harbour (2) | lantern (1)',
      'lantern (1)',
    ]);
    const kept = JSON.stringify(await Promise.all((await t.store.keys()).map((key) => t.store.get(key))));
    expect(kept).not.toMatch(/"(?:al|bo)"/);
  });

  it('tells the top of the day, and forgets it after', async () => {
    const config = { share: 1, room: 'indie' };
    await using t = await testBot(demand, file, { mode, config, at: '2026-01-01T19:00:00Z' });
    await t.search('al', 'quiet harbour');
    await t.advance('90m');
    expect(t.text('indie')).toEqual(['Most wanted today: quiet harbour (1)']);
    await t.advance('2d');
    t.expectQuiet();
  });
});
