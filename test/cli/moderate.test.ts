import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../src/bot/store/store.ts';
import { nullLog } from '../../src/platform/null-log.ts';
import { RealClock } from '../../src/platform/real/real-clock.ts';
import { CliFolder } from './cli-process.ts';

let folder: CliFolder;
beforeEach(() => {
  folder = new CliFolder();
});
afterEach(() => folder.dispose());

const text = (name: string) => readFileSync(join(folder.path, name), 'utf8');
const config = (more = '') =>
  folder.write(
    'config.yaml',
    `bot: { user: keeper, password: { env: SOULSEEK_PASSWORD } }\nrooms: [indie]\nroles: { mod: [meg] }\nplugins: { moderation: {} }\n${more}`,
  );

describe('seekeeper moderate list', () => {
  it('makes keys, signs a draft and previews what it signed', async () => {
    config();
    const made = await folder.run(['moderate', 'list', 'key', 'secret.key']);
    const key = /ed25519:\S+/.exec(made.stdout)![0];
    expect([made.code, (statSync(join(folder.path, 'secret.key')).mode & 0o777).toString(8)]).toEqual([
      0,
      '600',
    ]);
    expect((await folder.run(['moderate', 'list', 'key', 'secret.key'])).stdout).toContain(key);
    const now = Date.now();
    const draft = {
      'seekeeper-list': 1,
      name: 'friends of the long lost tapes',
      issued: new Date(now).toISOString(),
      expires: new Date(now + 86_400_000).toISOString(),
      entries: [{ user: 'spammer', reason: 'sells followers' }],
    };
    folder.write('draft.json', JSON.stringify(draft));
    const sign = ['moderate', 'list', 'sign', 'draft.json', '--key', 'secret.key', '--out', 'list.json'];
    expect((await folder.run(sign)).code).toBe(0);
    const preview = (name: string, by = key) =>
      folder.run(['moderate', 'list', 'preview', name, '--key', by, '--no-rooms']);
    const shown = await preview('list.json');
    expect([shown.code, shown.stdout]).toEqual([0, expect.stringContaining('tapes: 1 name')]);
    expect(shown.stdout).toContain('      friends-of-the-long-lost-ta: {');
    const wrong = await folder.run([
      'moderate',
      'list',
      'preview',
      'list.json',
      '--key',
      key,
      '--at-most',
      'wran',
    ]);
    expect([wrong.code, wrong.stderr]).toEqual([
      1,
      expect.stringMatching(/--at-most wran: .*did you mean warn/),
    ]);
    folder.write('forged.json', text('list.json').replace('spammer', 'somebody'));
    expect(await preview('forged.json')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('it was changed after it was signed') as string,
    });
    expect((await preview('draft.json')).stderr).toContain('it is not signed');
    expect((await preview('list.json', 'ed25519:no')).stderr).toContain('--key takes the public key');
  });
});

describe('seekeeper moderate nicotine', () => {
  it('makes a draft of its lists, and names the line that it cannot read', async () => {
    folder.write('nicotine', "[server]\nbanlist = ['ann']\nignorelist = ['ann', 'bob']\n");
    const { code, stdout } = await folder.run(['moderate', 'nicotine', 'import', 'nicotine']);
    const { entries } = JSON.parse(stdout) as { entries: { user: string; points: number }[] };
    expect([code, entries.map(({ user, points }) => `${user} ${points}`)]).toEqual([0, ['ann 3', 'bob 1']]);
    const out = ['moderate', 'nicotine', 'import', 'nicotine', '--out', 'draft.json'];
    expect((await folder.run(out)).code).toBe(0);
    expect(await folder.run(out)).toMatchObject({
      code: 1,
      stderr: 'seekeeper: draft.json exists already; name a new file\n',
    });
    folder.write('broken', '[server]\nbanlist = [ann]\n');
    expect((await folder.run(['moderate', 'nicotine', 'import', 'broken'])).stderr).toContain(
      'broken, line 2:',
    );
  });
});

describe('seekeeper moderate test', () => {
  /** Somebody says the same thing six times in a minute; so does a mod. */
  async function journal(): Promise<void> {
    const clock = new RealClock();
    const store = await openStore({ path: join(folder.path, 'seekeeper.db'), clock, log: nullLog });
    const begun = clock.now() - 3_600_000;
    store.journal.record({ at: begun, kind: 'room.entered', room: 'indie', detail: { private: false } });
    for (let i = 0; i < 6; i++) {
      for (const user of ['promo', 'meg']) {
        store.journal.record({
          at: begun + i * 8_000,
          kind: 'room.line',
          room: 'indie',
          user,
          text: 'join my great new room everybody',
        });
      }
    }
    await store.close();
  }

  it('says what the rules would have done, and to whom nothing would have happened', async () => {
    config();
    await journal();
    const { code, stdout } = await folder.run(['moderate', 'test', '--since', '2h']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/moderation\/repeats would have made 1 case of 1 person, objected .* to staff/);
    expect(stdout).toContain('<promo> join my great new room everybody');
    expect(stdout).toContain('moderation/caps would never have acted');
  });

  it('takes other rules from a file, and says what is wrong with it', async () => {
    config();
    await journal();
    folder.write(
      'rules.yaml',
      'plugins: { moderation: { config: { rules: { repeats: { enabled: false } } } } }\n',
    );
    const other = await folder.run(['moderate', 'test', '--rules', 'rules.yaml']);
    expect([other.code, other.stdout.includes('repeats')]).toEqual([0, false]);
    for (const [rules, complaint] of [
      ['rooms: [indie]\n', 'unknown key "rooms"'],
      ['moderation: { ladder: {} }\n', 'the ladder has no steps'],
      ['moderation: {\n', 'rules.yaml'],
      [
        'plugins: { moderation: { config: { rules: { words: { lists: { bad: { words: [] } } } } } } }\n',
        'words',
      ],
      ['plugins: { moderation: { config: { rules: { patterns: { list: ["(a)\\\\1"] } } } } }\n', ''],
    ] as const) {
      folder.write('rules.yaml', rules);
      const { code, stderr } = await folder.run(['moderate', 'test', '--rules', 'rules.yaml']);
      expect([code === 0, stderr]).toEqual([false, expect.stringContaining(complaint)]);
    }
  });

  it('says that there is nothing to look at', async () => {
    config();
    const { code, stderr } = await folder.run(['moderate', 'test']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('no bot has run with it yet')]);
  });
});
