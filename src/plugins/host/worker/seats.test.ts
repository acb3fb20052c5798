import { afterEach, describe, expect, it } from 'vitest';
import { commandSource, SeatDriver } from './seat-driver.test-support.ts';

const THREAD_ID = `import { threadId } from 'node:worker_threads';`;

let driver: SeatDriver;
const drive = (turnMs?: number, startMs?: number) => {
  driver = new SeatDriver(turnMs, startMs);
  return driver;
};
afterEach(() => driver.close());

describe('a plugin in a worker', () => {
  it('does what it does in-process, and takes no virtual time', async () => {
    const { clock } = drive();
    const began = clock.now();
    const plugin = await driver.start(
      'p',
      commandSource(`
        for (let i = 0; i < 20; i++) await bot.store.set('k' + i, i);
        await new Promise((resolve) => setImmediate(resolve));
        return 'from thread ' + threadId;`),
      undefined,
      THREAD_ID,
    );
    const answer = await plugin.command();
    expect(answer).toMatchObject({ t: 'result', value: { reply: [expect.stringMatching(/thread [1-9]/)] } });
    expect(plugin.received.filter(({ t }) => t === 'call')).toHaveLength(20);
    expect(clock.now()).toBe(began);
    expect(plugin.seat.memory()).toBeUndefined();
    await clock.advance(5_000);
    expect(plugin.seat.memory()).toMatchObject({
      heapBytes: expect.any(Number),
      externalBytes: expect.any(Number),
    });
    await clock.advance(3_600_000);
    expect(plugin.loss).toBeUndefined();
  });

  it.each([
    ['process.exit(3)', 'process.exit(3)'],
    ['process.abort()', 'process.abort()'],
    ['(process as any).reallyExit(1)', 'process.reallyExit(1)'],
    ['process.kill(process.pid)', `process.kill(${process.pid})`],
    ['process.kill(0, "SIGKILL")', 'process.kill(0, "SIGKILL")'],
  ])('%s ends its worker only', async (code, said) => {
    drive();
    const plugin = await driver.start('p', commandSource(`await bot.store.get('k'); ${code};`));
    expect(await plugin.command()).toBeUndefined();
    expect(plugin.loss).toEqual({ cause: 'exit', message: `it called ${said}`, call: 1 });
  });

  it('may still ask whether a process is there', async () => {
    drive();
    const plugin = await driver.start('p', commandSource('return String(process.kill(process.pid, 0));'));
    expect(await plugin.command()).toMatchObject({ value: { reply: ['true'] } });
  });

  it('that computes without end is ended, whatever it was doing', async () => {
    const { clock } = drive(100);
    const plugin = await driver.start(
      'p',
      commandSource(`await bot.store.get('k'); await null; for (;;);`) +
        commandSource('setTimeout(() => { for (;;); }, 1); await new Promise(() => {});', 'later'),
    );
    const began = clock.now();
    await plugin.command();
    expect(plugin.loss).toMatchObject({
      cause: 'hang',
      call: 1,
      message: expect.stringContaining('for 10 s'),
    });
    expect(clock.now() - began).toBeLessThanOrEqual(15_000);
  });

  it('that computes without end at its top level is ended too', async () => {
    const { clock } = drive(100, 3_000);
    const plugin = driver.open('p', '', { kind: 'worker' }, 'for (;;);');
    plugin.seat.channel.post({ t: 'load', limits: { valueBytes: 1, calls: 1, waits: 1 } });
    await clock.runUntil(() => plugin.loss !== undefined);
    expect(plugin.loss).toMatchObject({ cause: 'hang', where: 'its file, while it was loaded' });
  });

  it('that leaks is ended above its cap: the heap at once, buffers at the next heartbeat', async () => {
    drive();
    const runtime = { kind: 'worker', memoryMb: 32 } as const;
    const heap = await driver.start(
      'heap',
      commandSource('const kept: unknown[] = []; for (;;) kept.push(new Array(1000).fill(1));'),
      runtime,
    );
    await heap.command();
    expect(heap.loss).toEqual({
      cause: 'memory',
      message: 'its heap grew above the 32 MB that it may have',
      call: 1,
    });
    const buffers = await driver.start(
      'buffers',
      `const kept: unknown[] = []; ${commandSource('kept.push(Buffer.alloc(40_000_000, 1)); return "kept"')}`,
      runtime,
    );
    expect(await buffers.command()).toMatchObject({ t: 'result' });
    await driver.clock.advance(5_000);
    expect(buffers.loss).toMatchObject({
      cause: 'memory',
      message: expect.stringMatching(/^its heap and buffers took \d\d MB, and it may have 32 MB$/),
    });
  });

  it('survives what nobody awaits or catches', async () => {
    drive();
    const plugin = await driver.start(
      'p',
      commandSource(`
        void Promise.reject(new Error('nobody awaits this'));
        queueMicrotask(() => { throw new Error('nobody catches this'); });
        await new Promise((resolve) => setImmediate(resolve));
        return 'still here'`),
    );
    expect(await plugin.command()).toMatchObject({ value: { reply: ['still here'] } });
    expect(driver.unhandled.sort()).toEqual(['p: nobody awaits this', 'p: nobody catches this']);
    expect(plugin.loss).toBeUndefined();
  });

  it('prints into the log, so many lines', async () => {
    drive();
    const plugin = await driver.start(
      'p',
      commandSource(`
        console.log('one\\ntwo'); console.error('three'); process.stdout.write('no end');
        for (let i = 0; i < 10_000; i++) console.log('x'.repeat(5_000));`),
    );
    await plugin.command();
    expect(driver.printed.slice(0, 3)).toEqual(['p: one', 'p: two', 'p: three']);
    expect(driver.printed[3]).toHaveLength('p: '.length + 2_000);
    expect(driver.printed.length).toBeLessThan(300);
  });

  it('cannot flood the log', async () => {
    drive();
    const plugin = await driver.start(
      'p',
      commandSource(`for (let i = 0; i < 5_000; i++) bot.log.info('line ' + i); return 'done'`),
    );
    expect(await plugin.command()).toMatchObject({ value: { reply: ['done'] } });
    expect(plugin.received.filter(({ t }) => t === 'log')).toHaveLength(1_000);
    await driver.clock.advance(1_000);
    await plugin.command();
    const next = plugin.received.filter(({ t }) => t === 'log').slice(1_000, 1_002);
    expect(next).toMatchObject([{ level: 'warn', fields: { lost: 4_000 } }, { message: 'line 0' }]);
  });

  it('sends no more at a time than the host deals with, and loses nothing by that', async () => {
    drive();
    const plugin = await driver.start(
      'p',
      commandSource(`
        await Promise.all(Array.from({ length: 2_000 }, (_, i) => bot.store.set('k' + i, i)));
        for (let i = 0; i < 2_000; i++) bot.command({ name: 'c' + i, summary: 's', run() {} });
        return 'all'`),
    );
    expect(await plugin.command()).toMatchObject({ value: { reply: ['all'] } });
    expect(plugin.received.filter(({ t }) => t === 'call')).toHaveLength(2_000);
    expect(plugin.received.filter(({ t }) => t === 'reg')).toHaveLength(2_001);
  });

  it('is refused messages above the limit', async () => {
    drive();
    const plugin = await driver.start(
      'p',
      commandSource(
        `try { await bot.say('r', 'x'.repeat(1_100_000)); } catch (error: any) { return error.code; }`,
      ),
    );
    expect(await plugin.command()).toMatchObject({ value: { reply: ['too-large'] } });
  });

  it('ends when it is given up, and is not lost by that', async () => {
    drive();
    const plugin = await driver.start('p', 'setInterval(() => {}, 1000);');
    await plugin.seat.close();
    expect(plugin.loss).toBeUndefined();
    plugin.seat.channel.post({ t: 'dispose', reason: 'x' });
    expect(driver.clock.holding).toEqual([]);
    expect(driver.clock.pending).toBe(0);
  });
});

describe('plugins that share a worker', () => {
  const share = { kind: 'worker', share: 'small' } as const;
  const id = commandSource('return String(threadId)');

  it('live in one thread until the last has left', async () => {
    drive();
    const a = await driver.start('a', id, share, THREAD_ID);
    const b = await driver.start('b', id, share, THREAD_ID);
    const c = await driver.start('c', id, undefined, THREAD_ID);
    const [first, second, third] = [await a.command(), await b.command(), await c.command()];
    expect(second).toMatchObject({ value: { reply: (first as { value: { reply: unknown } }).value.reply } });
    expect(third).not.toMatchObject({
      value: { reply: (first as { value: { reply: unknown } }).value.reply },
    });
    await a.seat.close();
    expect(await b.command()).toMatchObject({ t: 'result' });
  });

  it('are charged only for what they did themselves, and start apart afterwards', async () => {
    const { seats } = drive();
    const a = await driver.start('a', id, share, THREAD_ID);
    const b = await driver.start('b', commandSource('process.exit(1)'), share);
    await b.command();
    await driver.clock.settle();
    expect(b.loss).toEqual({ cause: 'exit', message: 'it called process.exit(1)', call: 1 });
    expect(a.loss).toEqual({
      cause: 'neighbour',
      message: 'the worker "small", which it shares, ended because of "b": it called process.exit(1)',
    });
    const found = {
      from: '/x.ts',
      module: { file: '/x.ts', baseDir: '/' },
      load: () => Promise.reject(new Error()),
    };
    expect(seats.choose({ id: 'a', found, runtime: share })).toEqual({ kind: 'worker' });
    seats.together('a');
    expect(seats.choose({ id: 'a', found, runtime: share })).toEqual(share);
  });

  it('are known apart when one hangs in a timer of its own', async () => {
    drive(100);
    const a = await driver.start('a', id, share, THREAD_ID);
    const b = await driver.start('b', commandSource('setTimeout(() => { for (;;); }, 1);'), share);
    await b.command();
    await driver.clock.runUntil(() => b.loss !== undefined);
    expect([a.loss?.cause, b.loss]).toEqual([
      'neighbour',
      expect.objectContaining({ cause: 'hang', call: 1 }),
    ]);
  });
});
