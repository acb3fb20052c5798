import { beforeEach, expect, it } from 'vitest';
import { memoryLog } from '../../platform/memory-log.ts';
import type { PersonalKeys } from '../../plugins/api/personal.ts';
import { PersonalData } from './personal-data.ts';

const NOTHING = {
  lines: { count: 0 },
  moves: 0,
  waiting: 0,
  fingerprints: 0,
  outgoing: 0,
  receipts: 0,
  decisions: 0,
};

let declared: Map<string, readonly PersonalKeys[]>;
let keys: Map<string, unknown>;
let timers: Map<string, unknown>;
let data: PersonalData;

beforeEach(() => {
  declared = new Map([['old', [{ keys: 'u/{user}', what: 'old things' }]]]);
  keys = new Map<string, unknown>([
    ['old u/al', 1],
    ['old u/bo', 2],
    ['new q/al/1', 'x'.repeat(500)],
    ['new q/al/2', 4],
    ['new q/al*/2', 5],
  ]);
  timers = new Map([
    ['new remind al/1', 'tea'],
    ['new remind bo/1', 'cake'],
    ['new other al/1', 'no'],
  ]);
  const below = (from: Map<string, unknown>, start: string, cut: string) =>
    [...from].flatMap(([key, value]) =>
      key.startsWith(start) ? [{ key: key.slice(cut.length), value }] : [],
    );
  data = new PersonalData({
    log: memoryLog(),
    people: {
      declare: async (instance, list) => void declared.set(instance, list),
      declarations: async () => declared,
      record: async () => NOTHING,
      erase: async () => ({ lines: 0, moves: 0, receipts: 0, decisions: 0 }),
    },
    keyValues: {
      entries: async (instance, prefix) => below(keys, `${instance} ${prefix}`, `${instance} `),
      deleteWhere: async (instance, prefix, wanted) =>
        below(keys, `${instance} ${prefix}`, `${instance} `).filter(
          ({ key }) => wanted(key) && keys.delete(`${instance} ${key}`),
        ).length,
    },
    timers: {
      everyBelow: async ({ instance, id }, prefix) =>
        below(timers, `${instance} ${id} ${prefix}`, `${instance} ${id} `).map(({ key, value }) => ({
          run: `${instance} ${id} ${key}`,
          key,
          payload: value,
        })),
      forget: async (runs) => runs.filter((run) => timers.delete(run)).length,
    },
    dialogs: { countOf: async () => 0, forget: async () => 0 },
    flush: async () => {},
  });
});

const keysOfNew = [
  { keys: 'q/{user}/*', what: 'questions' },
  { keys: '{user}/*', what: 'reminders', timer: 'remind' },
];

it('shows keys, timers and what handlers say, short, also of plugins that only were there once', async () => {
  data.declare('new', keysOfNew);
  data.handle('asked', 'votes', async (act, user) => (act === 'show' ? { [user]: 'yes' } : 1));
  const { plugins } = await data.show('al');
  expect(plugins).toEqual([
    { plugin: 'asked', items: [{ what: 'votes', count: 1, samples: ['{"al":"yes"}'] }], problems: [] },
    {
      plugin: 'new',
      items: [
        {
          what: 'questions',
          count: 2,
          samples: [expect.stringMatching(/^q\/al\/1 = x{110}x*…$/), 'q/al/2 = 4'],
        },
        { what: 'reminders', count: 1, samples: ['al/1 = tea'] },
      ],
      problems: [],
    },
    { plugin: 'old', items: [{ what: 'old things', count: 1, samples: ['u/al = 1'] }], problems: [] },
  ]);
  expect((await data.show('nobody')).plugins).toEqual([
    { plugin: 'asked', items: [{ what: 'votes', count: 1, samples: ['{"nobody":"yes"}'] }], problems: [] },
  ]);
});

it('deletes them, those of the exact name only, whatever a handler does', async () => {
  const undo = data.declare('new', keysOfNew);
  const undoHandler = data.handle('new', 'votes', () => Promise.reject(new Error('broken')));
  // The plugin is unloaded: what it declared counts on.
  undo();
  const report = await data.forget('al');
  expect(report.plugins).toEqual([
    { plugin: 'new', deleted: 3, problems: ['votes: broken'] },
    { plugin: 'old', deleted: 1, problems: [] },
  ]);
  expect([...keys.keys()]).toEqual(['old u/bo', 'new q/al*/2']);
  expect([...timers.keys()]).toEqual(['new remind bo/1', 'new other al/1']);
  undoHandler();
  expect((await data.forget('al')).plugins).toEqual([]);
});

it('remembers what was declared, in order', async () => {
  data.declare('new', keysOfNew);
  data.declare('new', keysOfNew.slice(1));
  await data.show('al');
  expect(declared.get('new')).toEqual(keysOfNew.slice(1));
});
