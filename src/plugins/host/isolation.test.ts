import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { definePlugin } from '../api/index.ts';
import { commandCall, privateMessage, roomMessage } from './testing/fake-events.ts';
import { fakeHost } from './testing/fake-services.ts';
import type { RuntimeChoice } from './types.ts';

let folder: string;
let made: ReturnType<typeof fakeHost>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'seekeeper-isolation-'));
});
afterEach(async () => {
  await made.clock.run(made.host.close('test over'));
  rmSync(folder, { recursive: true });
});

/** A plugin that runs `body` for every room message; `e` is the event. */
const source = (body: string) => `import { definePlugin } from 'seekeeper';
export default definePlugin({
  name: 'bad',
  needs: ['room.read', 'room.say', 'pm.read'],
  setup(bot: any) {
    bot.on('room.message', async (e: any) => { ${body} });
    bot.on('private.message', async (e: any) => { if (e.text === 'bad') process.exit(1); await bot.store.set(e.text, 1); });
    bot.command({ name: bot.self.id + '-ask', summary: 's', run: () => 'answer' });
  },
});
`;

/** A host with a healthy plugin in-process, which notes what it hears. */
async function host(turnMs = 3_000) {
  made = fakeHost({ baseDir: folder, holds: { startMs: 9_000, turnMs } });
  const heard: string[] = [];
  await made.load(
    definePlugin({
      name: 'healthy',
      needs: ['room.read'],
      setup: (bot) => void bot.on('room.message', (e) => void heard.push(e.text)),
    }),
    'healthy',
  );
  const write = (id: string, text: string) => writeFileSync(join(folder, `${id}.ts`), text);
  const load = async (id: string, body: string, runtime?: RuntimeChoice) => {
    write(id, source(body));
    const request = { id, use: { path: `./${id}.ts` }, ...(runtime === undefined ? {} : { runtime }) };
    return made.clock.run(made.host.load(request));
  };
  const say = (text: string) => made.host.dispatch(roomMessage('indie', 'al', text));
  const infoOf = (id: string) => made.host.list().find((info) => info.id === id);
  const reports = () =>
    made.services.problems.map(({ instance, kind, where, message }) => ({ instance, kind, where, message }));
  return { ...made, heard, write, load, say, infoOf, reports };
}

const NOTE = `await bot.store.set(e.text, 1);`;

describe('a plugin that ends its worker', () => {
  it.each([
    ['computes without end', 'for (;;);', 'it has not answered for 10 s'],
    [
      'leaks',
      'const kept = []; for (;;) kept.push(new Array(1000).fill(1));',
      'its heap grew above the 32 MB',
    ],
    ['exits', 'await bot.store.get("k"); process.exit(1);', 'it called process.exit(1)'],
    ['kills', 'process.kill(process.pid, "SIGKILL");', 'it called process.kill('],
  ])('because it %s is named, and the others go on', async (_what, code, message) => {
    const { clock, say, heard, load, infoOf, reports, services } = await host(200);
    await load('bad', `if (e.text === 'bad') { ${code} } ${NOTE}`, { kind: 'worker', memoryMb: 32 });
    const outcome = say('bad');
    void say('meanwhile');
    expect(await clock.run(outcome)).toEqual({ handled: 1, failed: 0, dropped: 0, unfinished: 1 });
    expect(heard).toEqual(['bad', 'meanwhile']);
    expect(reports()).toEqual([
      {
        instance: 'bad',
        kind: 'worker',
        where: 'room.message handler 1',
        message: expect.stringContaining(message),
      },
    ]);
    expect(infoOf('bad')).toMatchObject({ state: 'restarting', problem: expect.stringContaining(message) });
    await clock.run(say('afterwards'));
    expect(infoOf('bad')).toMatchObject({ state: 'running', restarts: 1, reloads: 0, runtime: 'worker' });
    expect([...services.data.keys()]).toEqual(['bad/meanwhile', 'bad/afterwards']);
  });

  it('gets afterwards what came meanwhile, in order; what it was doing is not done', async () => {
    const { clock, host: plugins, load, say, services } = await host();
    await load('bad', NOTE);
    const cut = plugins.dispatch(privateMessage('al', 'bad'));
    const next = plugins.dispatch(privateMessage('al', 'next'));
    expect(await clock.run(cut)).toMatchObject({ unfinished: 1 });
    const later = [say('one'), plugins.dispatch(privateMessage('al', 'two')), say('three')];
    const command = plugins.invokeCommand('bad', 'bad-ask', commandCall('bad-ask', 'al', {}, 'indie'));
    expect(await clock.run(Promise.all([next, ...later]))).toMatchObject([
      { handled: 1, unfinished: 0 },
      { handled: 2 },
      { handled: 1 },
      { handled: 2 },
    ]);
    expect(await command).toMatchObject({ state: 'done', reply: ['answer'] });
    expect([...services.data.keys()].sort()).toEqual(['bad/next', 'bad/one', 'bad/three', 'bad/two']);
  });

  it('keeps its commands meanwhile, loses them in quarantine, and has them again after its release', async () => {
    const { clock, host: plugins, load, write, say, infoOf, reports, services } = await host();
    const commands = () => [...services.registered.keys()];
    await load('bad', `if (e.text === 'bad') process.exit(1); ${NOTE}`);
    for (const end of ['restarting', 'restarting', 'quarantined']) {
      await clock.run(say('bad'));
      expect([infoOf('bad')?.state, commands()]).toEqual([end, end === 'restarting' ? ['bad/bad-ask'] : []]);
      if (end === 'restarting') await clock.runUntil(() => infoOf('bad')?.state === 'running');
    }
    expect(reports().at(-1)).toMatchObject({ instance: 'bad', kind: 'quarantine' });
    await clock.advance(3_600_000);
    expect(await clock.run(say('nobody there'))).toEqual({
      handled: 1,
      failed: 0,
      dropped: 0,
      unfinished: 0,
    });
    write('bad', 'let a = ;');
    await expect(clock.run(plugins.release('bad'))).rejects.toThrow(/bad\.ts:1/);
    expect(infoOf('bad')).toMatchObject({ state: 'quarantined', problem: expect.stringContaining('bad.ts') });
    write('bad', source(NOTE));
    expect(await clock.run(plugins.release('bad'))).toMatchObject({ state: 'running', restarts: 3 });
    expect(commands()).toEqual(['bad/bad-ask']);
    expect(await clock.run(say('again'))).toMatchObject({ handled: 2 });
    expect(await plugins.release('nobody')).toBeUndefined();
  });

  it('can be unloaded or replaced while it waits to be started again', async () => {
    const { clock, host: plugins, load, write, say, infoOf, services } = await host();
    await load('bad', `process.exit(1)`);
    await clock.run(say('bad'));
    write('bad', source(NOTE));
    await clock.run(plugins.reload({ id: 'bad', use: { path: './bad.ts' } }));
    expect(infoOf('bad')).toMatchObject({ state: 'running', restarts: 0 });
    await clock.advance(60_000);
    expect(infoOf('bad')).toMatchObject({ state: 'running', restarts: 0 });
    await clock.run(plugins.dispatch(privateMessage('al', 'bad')));
    const waiting = say('waits');
    await clock.run(plugins.unload('bad', 'test'));
    expect(await waiting).toMatchObject({ handled: 1, unfinished: 1 });
    await clock.advance(60_000);
    expect([infoOf('bad'), [...services.registered.keys()]]).toEqual([undefined, []]);
  });

  it('is started again though it was lost while the version before was still being ended', async () => {
    const { clock, host: plugins, load, write, say, infoOf, services } = await host();
    await load('bad', `if (e.text === 'slow') await new Promise(() => {}); ${NOTE}`);
    void say('slow');
    await clock.settle();
    write('bad', source(`if (e.text === 'bad') process.exit(1); ${NOTE}`));
    const reloading = plugins.reload({ id: 'bad', use: { path: './bad.ts' } });
    await clock.settle();
    void say('bad');
    await clock.run(reloading);
    await clock.runUntil(() => infoOf('bad')?.state === 'running');
    expect(infoOf('bad')).toMatchObject({ restarts: 1 });
    expect(await clock.run(say('after'))).toMatchObject({ handled: 2, unfinished: 0 });
    expect([...services.data.keys()]).toEqual(['bad/after']);
  });

  it('lets nothing wait for it when a reload cannot end its quarantine', async () => {
    const { clock, host: plugins, load, write, say, infoOf, services } = await host();
    await load('bad', `if (e.text === 'bad') process.exit(1); ${NOTE}`);
    for (const end of ['restarting', 'restarting', 'quarantined']) {
      await clock.run(say('bad'));
      if (end === 'restarting') await clock.runUntil(() => infoOf('bad')?.state === 'running');
    }
    // Found out only when it is to take over.
    services.coreCommands.add('bad-ask');
    write('bad', source(NOTE));
    await expect(clock.run(plugins.reload({ id: 'bad', use: { path: './bad.ts' } }))).rejects.toThrow(
      /a command of the bot itself/,
    );
    expect(infoOf('bad')).toMatchObject({ state: 'quarantined', queued: 0 });
    expect(await clock.run(say('nobody there'))).toMatchObject({ handled: 1, unfinished: 0 });
  });

  it('takes no neighbour with it: they start again apart, and miss nothing', async () => {
    const { clock, load, say, infoOf, services, reports } = await host();
    const share = { kind: 'worker', share: 'small' } as const;
    await load('good', NOTE, share);
    await load('bad', `if (e.text === 'bad') { await bot.store.get('k'); process.exit(1); }`, share);
    expect([infoOf('good')?.share, infoOf('bad')?.share]).toEqual(['small', 'small']);
    await clock.run(say('bad'));
    await clock.run(say('after'));
    expect([infoOf('good')?.share, infoOf('bad')?.share]).toEqual([undefined, undefined]);
    expect([...services.data.keys()].sort()).toEqual(['good/after', 'good/bad']);
    expect(reports().map(({ instance, where }) => [instance, where])).toEqual([
      ['good', 'its worker'],
      ['bad', 'room.message handler 1'],
    ]);
  });
});

describe('a plugin that cannot start', () => {
  it.each([
    [
      'process.exit(2);',
      /^Plugin "bad" \(.*bad\.ts\): cannot be loaded: its worker ended: it called process\.exit\(2\)/,
    ],
    ['throw new Error("at the top");', /cannot be loaded: at the top/],
    ['const x: number = ;', /cannot be loaded: .*bad\.ts:1/],
    [
      'const all = []; for (;;) all.push(new Array(1000).fill(1));',
      /cannot be loaded: its worker ended: its heap grew .* \(during its file, while it was loaded\)/,
    ],
  ])('because of %s says so', async (top, message) => {
    const { clock, host: plugins, write, infoOf } = await host();
    write('bad', `${top}\n${source('')}`);
    await expect(clock.run(plugins.load({ id: 'bad', use: { path: './bad.ts' } }))).rejects.toThrow(message);
    expect(infoOf('bad')).toBeUndefined();
    expect(made.clock.pending).toBe(0);
  });

  it('because its setup never ends, in whichever way, says so', async () => {
    const { clock, host: plugins, write } = await host(200);
    const setup = (body: string) =>
      `import { definePlugin } from 'seekeeper';\nexport default definePlugin({ name: 'x', async setup(bot: any) { ${body} } });`;
    write('bad', setup('await new Promise(() => {});'));
    await expect(clock.run(plugins.load({ id: 'bad', use: { path: './bad.ts' } }))).rejects.toThrow(
      /it was not ready after 10000 ms: setup must only register things/,
    );
    write('bad', setup('for (;;);'));
    await expect(clock.run(plugins.load({ id: 'bad', use: { path: './bad.ts' } }))).rejects.toThrow(
      /it was not ready after 10000 ms/,
    );
    write(
      'bad',
      setup('for (let i = 0; i < 1_200; i++) bot.command({ name: "c" + i, summary: "s", run() {} });'),
    );
    await expect(clock.run(plugins.load({ id: 'bad', use: { path: './bad.ts' } }))).rejects.toThrow(
      /setup failed: .*1000/,
    );
  });

  it('cannot run in a worker when it is no file', async () => {
    const { host: plugins } = await host();
    const plugin = definePlugin({ name: 'x', setup() {} });
    await expect(plugins.load({ id: 'x', use: { plugin }, runtime: { kind: 'worker' } })).rejects.toThrow(
      'only a file or a package can run in a worker',
    );
  });
});

it('what nobody awaits in a worker is reported under its name', async () => {
  const { clock, load, say, reports, infoOf } = await host();
  await load('bad', `void Promise.reject(new Error('nobody awaits this')); console.log('printed');`);
  await clock.run(say('x'));
  expect(reports()).toEqual([
    {
      instance: 'bad',
      kind: 'unhandled',
      where: 'a promise or timer of its own',
      message: 'nobody awaits this',
    },
  ]);
  expect(made.services.logs).toEqual([
    { instance: 'bad', level: 'info', message: 'printed', fields: { printed: true } },
  ]);
  expect(infoOf('bad')).toMatchObject({ state: 'running', failures: 1 });
});
