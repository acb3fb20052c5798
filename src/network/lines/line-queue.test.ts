import { beforeEach, describe, expect, it } from 'vitest';
import { Emitter } from '../../platform/emitter.ts';
import { nullLog } from '../../platform/null-log.ts';
import { SeededRandom } from '../../platform/virtual/seeded-random.ts';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import { decodeServerRequest } from '../../protocol/index.ts';
import type { ClientEvents } from '../events.ts';
import { Governor } from '../governor/governor.ts';
import type { LineState, Outbox, OutboxLine, StatePort } from '../ports.ts';
import { LineQueue, type LineQueueOptions } from './line-queue.ts';
import type { Receipt } from './receipts.ts';

/** What survives the process. */
class Disk {
  readonly documents = new Map<string, string>();
  readonly lines = new Map<string, { line: OutboxLine; state: LineState; detail?: string }>();
  /** Writes until the process dies; it dies before the write (`early`) or right after it. */
  writesLeft = Number.POSITIVE_INFINITY;
  early = false;
  dead = false;
  onDeath: () => void = () => {};

  /** Never returns once the process is dead. */
  async write(what: () => void): Promise<void> {
    await Promise.resolve();
    if (!this.dead && --this.writesLeft < 0) {
      this.dead = true;
      if (!this.early) what();
      this.onDeath();
    }
    if (this.dead) return new Promise(() => {});
    what();
  }

  get state(): StatePort {
    return {
      load: async (name) => this.documents.get(name),
      save: (name, value) => this.write(() => void this.documents.set(name, value)),
    };
  }

  get outbox(): Outbox {
    return {
      append: (line) => this.write(() => void this.lines.set(line.id, { line, state: 'queued' })),
      mark: (id, state, detail) =>
        this.write(() => {
          const known = this.lines.get(id);
          if (known) this.lines.set(id, { line: known.line, state, ...(detail !== undefined && { detail }) });
        }),
      recover: async () => {
        for (const known of this.lines.values()) if (known.state === 'sending') known.state = 'unknown';
        return [...this.lines.values()].filter(({ state }) => state === 'queued').map(({ line }) => line);
      },
    };
  }
}

interface Said {
  readonly to: string;
  readonly text: string;
}

class Process {
  readonly clock: VirtualClock;
  readonly governor: Governor;
  readonly lines: LineQueue;
  readonly events: ClientEvents['line'][] = [];
  readonly joined = new Set(['indie', 'jazz']);
  readonly said: Said[];

  constructor(clock: VirtualClock, disk: Disk, said: Said[], options: Partial<LineQueueOptions> = {}) {
    this.clock = clock;
    this.said = said;
    const random = new SeededRandom(`${disk.lines.size} ${clock.now()}`);
    const emitter = new Emitter<ClientEvents>((error) => {
      throw error;
    });
    emitter.on('line', (event) => void this.events.push(event));
    this.governor = new Governor({ clock, random, log: nullLog, state: disk.state });
    this.lines = new LineQueue({
      clock,
      random,
      log: nullLog,
      emitter,
      governor: this.governor,
      outbox: disk.outbox,
      isJoined: (room) => this.joined.has(room),
      ...options,
    });
  }

  async start(): Promise<void> {
    await this.governor.load();
    await this.lines.recover();
    this.connect();
  }

  connect(): void {
    this.governor.open({
      write: (bytes) => {
        const decoded = decodeServerRequest(bytes.subarray(4));
        if (!decoded.ok) throw decoded.error;
        const { message } = decoded;
        if (message.type === 'SayChatroom') this.said.push({ to: message.room, text: message.message });
        else if (message.type === 'MessageUser')
          this.said.push({ to: message.username, text: message.message });
        return true;
      },
    });
  }

  say(text: string, to = 'indie') {
    return this.lines.queue({ kind: 'room', to, text });
  }

  state(id: string): string | undefined {
    return this.lines.receipt(id)?.state;
  }
}

let clock: VirtualClock;
let disk: Disk;
let said: Said[];
let bot: Process;
const texts = () => said.map(({ text }) => text);

beforeEach(async () => {
  clock = new VirtualClock();
  disk = new Disk();
  said = [];
  bot = new Process(clock, disk, said);
  await bot.start();
});

describe('LineQueue', () => {
  it('takes up what an earlier run left, and once what this run queued before that', async () => {
    bot.governor.close('offline', 'lost');
    await clock.run(bot.say('left'));
    const next = new Process(clock, disk, said);
    await next.governor.load();
    const early = next.say('early');
    const recovered = next.lines.recover();
    const late = next.say('late');
    await clock.run(Promise.all([early, recovered, late]));
    expect(next.lines.waiting).toBe(3);
    next.connect();
    await clock.advance(30_000);
    expect(texts().sort()).toEqual(['early', 'late', 'left']);
    // Taken up twice, the second would have been dropped as a repetition of the first.
    const told = next.events.map(({ state }) => state);
    expect(told.filter((state) => state === 'dropped')).toEqual([]);
    expect(next.lines.receipt((await early).id)?.parts).toHaveLength(1);
  });

  it('resolves when the line is durable, then tells its way to seen', async () => {
    bot.governor.close('offline', 'lost');
    const { id, state } = await clock.run(bot.say('hello'));
    expect(state).toBe('queued');
    expect(disk.lines.get(id)).toMatchObject({
      state: 'queued',
      line: { text: 'hello', to: 'indie', origin: 'core' },
    });
    bot.connect();
    await clock.settle();
    expect(texts()).toEqual(['hello']);
    expect(disk.lines.get(id)?.state).toBe('sent');
    bot.lines.echoed('indie', 'hello');
    await clock.settle();
    expect(disk.lines.get(id)?.state).toBe('seen');
    expect(bot.events.map((event) => event.state)).toEqual(['sending', 'sent', 'seen']);
    expect(bot.lines.receipt(id)).toMatchObject({ state: 'seen', final: true });
  });

  it('marks a line as being sent before it is written', async () => {
    const states: (LineState | undefined)[] = [];
    const { id } = await clock.run(bot.say('warm up'));
    await clock.settle();
    bot.governor.close('offline', 'x');
    const second = await clock.run(bot.say('hello'));
    bot.governor.open({
      write: () => {
        states.push(disk.lines.get(second.id)?.state);
        return true;
      },
    });
    await clock.settle();
    expect(states).toEqual(['sending']);
    expect(id).not.toBe(second.id);
  });

  it('makes one receipt of a long text, in its order', async () => {
    const long = Array.from({ length: 3 }, (_, i) => `${i}`.repeat(400)).join(' ');
    const { id } = await clock.run(bot.say(`${long}\nend`));
    await clock.advance(20_000);
    expect(texts()).toEqual(['0'.repeat(400), '1'.repeat(400), '2'.repeat(400), 'end']);
    expect(bot.lines.receipt(id)).toMatchObject({ state: 'sent', final: false });
    expect(bot.lines.receipt(id)!.parts.map((part) => part.id)).toEqual(
      [1, 2, 3, 4].map((n) => `${id}.${n}`),
    );
    expect(bot.lines.receipt(`${id}.2`)).toBe(bot.lines.receipt(id));
    for (const text of texts()) bot.lines.echoed('indie', text);
    expect(bot.state(id)).toBe('seen');
  });

  it('keeps the order in which lines were asked for, without waiting in between', async () => {
    const all = ['a', 'b', 'c', 'd', 'e'];
    await clock.run(Promise.all(all.map((text) => bot.say(text))));
    await clock.advance(60_000);
    expect(texts()).toEqual(all);
  });

  it('refuses at once what would be dropped', async () => {
    const run = async (text: string, to = 'indie') => clock.run(bot.say(text, to));
    expect(await run(' \r\n ')).toMatchObject({ state: 'dropped', code: 'empty' });
    expect(await run('x', '')).toMatchObject({ state: 'dropped', code: 'empty' });
    expect(await run(Array.from({ length: 21 }, (_, i) => `${i}`).join('\n'))).toMatchObject({
      code: 'too-long',
    });
    await run('twice');
    const again = await run('twice');
    expect(again).toMatchObject({ state: 'dropped', code: 'duplicate' });
    expect(bot.lines.receipt(again.id)).toMatchObject({ state: 'dropped', final: true });
    bot.governor.close('offline', 'lost');
    await run('waiting');
    expect(await run('waiting')).toMatchObject({ state: 'dropped', code: 'duplicate' });
    expect(disk.lines.size).toBe(2);
  });

  it('sends every part of a text whose parts are the same', async () => {
    const long = 'word '.repeat(400);
    await clock.run(bot.say('same\nsame\nsame\nother'));
    expect(await clock.run(bot.say('same\nsame\nsame\nother'))).toMatchObject({ code: 'duplicate' });
    await clock.run(bot.say(long, 'jazz'));
    await clock.advance(60_000);
    const inRoom = (room: string) => said.filter(({ to }) => to === room).map(({ text }) => text);
    expect(inRoom('indie')).toEqual(['same', 'same (2/4)', 'same (3/4)', 'other']);
    expect(inRoom('jazz').join(' ').match(/word/g)).toHaveLength(400);
  });

  it('addresses an answer that was given already, once', async () => {
    const answer = (text: string, addressee: string) =>
      clock.run(bot.lines.queue({ kind: 'room', to: 'indie', text }, { addressee }));
    expect(await answer('three\nhere', 'al')).toMatchObject({ state: 'queued' });
    expect(await answer('three\nhere', 'bob')).toMatchObject({ state: 'queued' });
    expect(await answer('three\nhere', 'bob')).toMatchObject({ state: 'dropped', code: 'duplicate' });
    await clock.advance(60_000);
    expect(texts()).toEqual(['three', 'here', 'bob: three', 'bob: here']);
  });

  it('waits for its room to be joined', async () => {
    bot.joined.delete('indie');
    const { id } = await clock.run(bot.say('hello'));
    await clock.advance(60_000);
    expect(bot.state(id)).toBe('queued');
    bot.joined.add('indie');
    bot.lines.roomsChanged();
    await clock.settle();
    expect(texts()).toEqual(['hello']);
  });

  it('lets a line expire whose room is not joined in time, and says why', async () => {
    bot.joined.delete('indie');
    const { id } = await clock.run(bot.say('hello'));
    await clock.advance(600_000);
    expect(bot.lines.receipt(id)).toMatchObject({
      state: 'expired',
      detail: 'the room was not joined in time',
    });
    expect(disk.lines.get(id)).toMatchObject({ state: 'expired' });
  });

  it('does not wait for ever for its echo', async () => {
    const { id } = await clock.run(bot.say('hello'));
    await clock.advance(30_000);
    expect(bot.lines.receipt(id)).toMatchObject({
      state: 'sent',
      final: true,
      detail: expect.stringContaining('30 s'),
    });
    // Somebody else's bot with our name, much later.
    bot.lines.echoed('indie', 'hello');
    expect(bot.state(id)).toBe('sent');
  });

  it('matches echoes by room and text, first come first served', async () => {
    const first = await clock.run(bot.say('a', 'indie'));
    const second = await clock.run(bot.say('a', 'jazz'));
    await clock.settle();
    bot.lines.echoed('jazz', 'a');
    expect([bot.state(first.id), bot.state(second.id)]).toEqual(['sent', 'seen']);
  });

  it('is content with sent for a private line', async () => {
    const { id } = await clock.run(bot.lines.queue({ kind: 'private', to: 'ann', text: 'hi' }));
    await clock.settle();
    expect(said).toEqual([{ to: 'ann', text: 'hi' }]);
    expect(bot.lines.receipt(id)).toMatchObject({ state: 'sent', final: true });
  });

  it('keeps lines over a lost session, and gives up on echoes', async () => {
    const sent = await clock.run(bot.say('sent'));
    await clock.settle();
    bot.governor.close('offline', 'lost');
    bot.lines.lost();
    const kept = await clock.run(bot.say('kept'));
    expect(bot.lines.receipt(sent.id)).toMatchObject({ state: 'sent', final: true });
    await clock.advance(30_000);
    bot.connect();
    await clock.settle();
    expect(texts()).toEqual(['sent', 'kept']);
    expect(bot.state(kept.id)).toBe('sent');
  });

  it('sends a line whose session was lost between being prepared and being written', async () => {
    const { outbox } = disk;
    let closed = 0;
    bot = new Process(clock, disk, said, {
      outbox: {
        ...outbox,
        mark: async (id, state, detail) => {
          await outbox.mark(id, state, detail);
          if (state !== 'sending' || closed++ > 0) return;
          bot.governor.close('offline', 'lost');
          bot.connect();
        },
      },
    });
    await bot.start();
    const { id } = await clock.run(bot.say('hello'));
    await clock.advance(10_000);
    expect(texts()).toEqual(['hello']);
    expect(bot.events.map((event) => event.state)).toEqual(['sending', 'queued', 'sending', 'sent']);
    expect(disk.lines.get(id)?.state).toBe('sent');
  });

  it('follows a receipt to its end', async () => {
    const { id } = await clock.run(bot.say('hello'));
    const seen: Receipt['state'][] = [];
    const done = (async () => {
      for await (const receipt of bot.lines.follow(id)) seen.push(receipt.state);
    })();
    await clock.settle();
    bot.lines.echoed('indie', 'hello');
    await clock.run(done);
    expect(seen.at(-1)).toBe('seen');
    const late: string[] = [];
    for await (const receipt of bot.lines.follow(id)) late.push(receipt.state);
    expect(late).toEqual(['seen']);
    const nobody = await clock.run(bot.lines.follow('nobody').next());
    expect(nobody.done).toBe(true);
  });

  it('forgets old receipts', async () => {
    bot.lines.close();
    const { id: first } = await clock.run(bot.say('x'));
    for (let i = 0; i < 1000; i++) await bot.say('x');
    expect(bot.lines.receipt(first)).toBeUndefined();
  });

  it('drains what may leave in time, takes nothing new, and leaves the rest for the next run', async () => {
    for (const text of ['1', '2', '3', '4', '5', '6']) await clock.run(bot.say(text));
    bot.lines.close();
    await expect(bot.say('7')).resolves.toMatchObject({ state: 'dropped', code: 'shutdown' });
    await expect(clock.run(bot.lines.drain(7000))).resolves.toBe(1);
    expect(texts()).toEqual(['1', '2', '3', '4', '5']);
    bot.governor.stop();
    await clock.advance(1000);
    const next = new Process(clock, disk, said);
    await next.start();
    await clock.advance(10_000);
    expect(texts()).toEqual(['1', '2', '3', '4', '5', '6']);
  });

  it('rejects when the outbox cannot store, and sends nothing of it', async () => {
    let full = true;
    const { outbox } = disk;
    bot = new Process(clock, disk, said, {
      outbox: {
        ...outbox,
        append: (line) => (full ? Promise.reject(new Error('ENOSPC')) : outbox.append(line)),
      },
    });
    await bot.start();
    await expect(clock.run(bot.say('lost'))).rejects.toThrow('ENOSPC');
    full = false;
    await clock.run(bot.say('kept'));
    await clock.advance(10_000);
    expect(texts()).toEqual(['kept']);
  });

  it('waits while a line cannot be marked as being sent', async () => {
    let full = true;
    const { outbox } = disk;
    bot = new Process(clock, disk, said, {
      outbox: {
        ...outbox,
        mark: (id, state, detail) =>
          full ? Promise.reject(new Error('ENOSPC')) : outbox.mark(id, state, detail),
      },
    });
    await bot.start();
    await clock.run(bot.say('hello'));
    await clock.advance(20_000);
    expect(texts()).toEqual([]);
    full = false;
    await clock.advance(20_000);
    expect(texts()).toEqual(['hello']);
  });

  it('rejects a limit of bytes out of range', () => {
    for (const maxBytes of [0, 31, 2049, 100.5]) {
      expect(() => new Process(clock, disk, said, { maxBytes })).toThrow(RangeError);
    }
  });
});

describe('LineQueue, killed between any two writes', () => {
  const wanted = ['one', 'two', 'three words in several lines '.repeat(30).trim(), 'four'];

  async function live(writes: number, early: boolean) {
    const time = new VirtualClock();
    const store = new Disk();
    const out: Said[] = [];
    const run = async (writesLeft: number, work: (process: Process) => Promise<unknown>) => {
      store.dead = false;
      store.writesLeft = writesLeft;
      store.early = early;
      const process = new Process(time, store, out);
      store.onDeath = () => process.governor.stop();
      void process.start().then(() => work(process));
      // Whoever dies is started again at once.
      for (let s = 0; s < 120 && !store.dead; s++) await time.advance(1000);
      process.governor.stop();
    };
    const accepted: string[] = [];
    await run(writes, async (process) => {
      for (const text of wanted) {
        const { id } = await process.say(text);
        accepted.push(id);
      }
    });
    const died = store.dead;
    await run(Number.POSITIVE_INFINITY, async () => {});
    return { died, store, accepted, out };
  }

  it('says no line twice, loses none that was accepted, and calls unknown what it cannot know', async () => {
    let deaths = 0;
    for (const early of [true, false]) {
      for (let writes = 1; writes < 60; writes++) {
        const { died, store, accepted, out } = await live(writes, early);
        if (!died) continue;
        deaths += 1;
        const heard = out.map(({ text }) => text);
        expect(new Set(heard).size, `a line twice after ${writes} writes`).toBe(heard.length);
        for (const id of accepted) {
          const parts = [...store.lines.values()].filter(({ line }) => line.id.split('.')[0] === id);
          for (const { line, state } of parts) {
            if (state === 'unknown') continue;
            expect(state, `after ${writes} writes`).toBe('sent');
            expect(heard).toContain(line.text);
          }
        }
        // At most what was being written when it died is unknown.
        expect(
          [...store.lines.values()].filter(({ state }) => state === 'unknown').length,
        ).toBeLessThanOrEqual(3);
      }
    }
    expect(deaths).toBeGreaterThan(30);
  });
});
