import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnyEvent } from '../api/events.ts';
import type { AnyFilter, TextFilter } from '../api/filter.ts';
import { compileFilter, EVENT_NAMES, isEventName } from './event-filter.ts';
import { privateMessage, roomJoin, roomMessage } from './testing/fake-events.ts';

const passes = (filter: AnyFilter, event: AnyEvent) => compileFilter(event.type, filter)(event, 'bot');

/** The same rules, written again without compiling anything. */
function naive(filter: AnyFilter, event: AnyEvent): boolean {
  if (event.type !== 'room.message' && event.type !== 'private.message') throw new Error('only these here');
  const room = event.type === 'room.message' ? event.room : undefined;
  if (room && !filter.own && event.user === 'bot') return false;
  if (filter.rooms && !(room && filter.rooms.includes(room.name))) return false;
  if (filter.private !== undefined && room?.private !== filter.private) return false;
  if (filter.from && !filter.from.includes(event.user)) return false;
  if (filter.notFrom?.includes(event.user)) return false;
  if (event.type === 'private.message') {
    if (filter.replayed === 'only' && !event.replayed) return false;
    if (filter.replayed === 'exclude' && event.replayed) return false;
  }
  return filter.text === undefined || naiveText(filter.text, event.text);
}

function naiveText(filter: TextFilter, raw: string): boolean {
  const fold = (text: string) => (filter.caseSensitive ? text : text.toLowerCase());
  const list = (given: string | readonly string[] | undefined) =>
    (typeof given === 'string' ? [given] : given)?.map(fold);
  const text = fold(raw);
  return (
    (list(filter.includes)?.some((part) => text.includes(part)) ?? true) &&
    (list(filter.startsWith)?.some((part) => text.startsWith(part)) ?? true) &&
    (list(filter.equals)?.some((part) => text === part) ?? true) &&
    (filter.pattern === undefined || new RegExp(filter.pattern).test(raw))
  );
}

const user = fc.constantFrom('al', 'Al', 'bo', 'bot');
const word = fc.stringMatching(/^[abAB]{1,3}$/);
const oneOrMore = fc.oneof(word, fc.array(word, { minLength: 1, maxLength: 3 }));
const text = fc
  .record(
    {
      includes: oneOrMore,
      startsWith: oneOrMore,
      equals: oneOrMore,
      pattern: fc.constantFrom('^a', 'b+$', 'a.b', '[AB]'),
      caseSensitive: fc.boolean(),
    },
    { requiredKeys: [] },
  )
  .filter((t) => Object.keys(t).some((key) => key !== 'caseSensitive'));
const from = {
  from: fc.array(user, { minLength: 1, maxLength: 2 }),
  notFrom: fc.array(user, { maxLength: 2 }),
  text,
};
const roomFilter = fc.record(
  {
    ...from,
    rooms: fc.array(fc.constantFrom('indie', 'Indie', 'den'), { minLength: 1 }),
    private: fc.boolean(),
    own: fc.boolean(),
  },
  { requiredKeys: [] },
);
const privateFilter = fc.record(
  { ...from, replayed: fc.constantFrom('include' as const, 'exclude' as const, 'only' as const) },
  { requiredKeys: [] },
);
const line = fc.stringMatching(/^[abAB]{0,6}$/);

describe('compileFilter', () => {
  it('agrees with the plain reading of the rules, in rooms', () => {
    fc.assert(
      fc.property(
        roomFilter,
        user,
        fc.constantFrom('indie', 'Indie', 'den'),
        fc.boolean(),
        line,
        (f, who, where, hidden, said) => {
          const event = roomMessage(where, who, said, {
            room: { name: where, private: hidden, standing: 'visitor' },
          });
          expect(passes(f, event)).toBe(naive(f, event));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('agrees with the plain reading of the rules, in private', () => {
    fc.assert(
      fc.property(privateFilter, user, line, fc.boolean(), (f, who, said, replayed) => {
        const event = privateMessage(who, said, { replayed });
        expect(passes(f, event)).toBe(naive(f, event));
      }),
      { numRuns: 500 },
    );
  });

  it('takes only its own event', () => {
    expect(compileFilter('room.message', {})(roomJoin('indie', 'al'), 'bot')).toBe(false);
  });

  it('leaves out what the bot does itself, unless asked', () => {
    expect(passes({}, roomMessage('indie', 'bot', 'x'))).toBe(false);
    // The server echoed it under another name than the config says.
    expect(passes({}, roomMessage('indie', 'Bot', 'x', { own: true }))).toBe(false);
    expect(passes({ own: true }, roomMessage('indie', 'bot', 'x'))).toBe(true);
    expect(passes({}, roomJoin('indie', 'bot'))).toBe(false);
    expect(
      passes(
        {},
        {
          type: 'room.member',
          id: 'x',
          at: 0,
          room: { name: 'den', private: true, standing: 'member' },
          user: 'bot',
          change: 'added',
        },
      ),
    ).toBe(true);
  });

  it.each<[string, unknown, RegExp]>([
    ['room.message', { romos: [] }, /the filter of room\.message takes no "romos"; did you mean "rooms"\?/],
    ['room.join', { text: { includes: 'a' } }, /the filter of room\.join takes no "text"/],
    ['room.message', { rooms: [] }, /rooms is empty and would match nothing/],
    ['room.message', { rooms: 'indie' }, /rooms must be a list of texts/],
    ['room.message', { from: [] }, /from is empty/],
    ['room.message', { text: {} }, /text needs at least one of/],
    ['room.message', { text: { caseSensitive: true } }, /text needs at least one of/],
    [
      'room.message',
      { text: { includes: '' } },
      /text\.includes must not be empty: it would match everything/,
    ],
    ['room.message', { text: { includes: [] } }, /text\.includes is empty/],
    ['room.message', { text: { include: 'a' } }, /text takes no "include"; did you mean "includes"\?/],
    ['room.message', { text: { pattern: '' } }, /text\.pattern must be a text/],
    [
      'room.message',
      { text: { pattern: '(a' } },
      /text\.pattern "\(a" is not RE2 syntax: .*missing closing \)/,
    ],
    ['room.message', { text: { pattern: '(?=a)' } }, /is not RE2 syntax/],
    ['room.message', { text: { pattern: /a/ } }, /text\.pattern must be a text/],
    ['room.message', { own: 'yes' }, /own must be true or false/],
    [
      'private.message',
      { replayed: 'never' },
      /replayed must be "include", "exclude" or "only", not "never"/,
    ],
    ['connection', [], /the filter of connection must be an object/],
  ])('refuses for %s: %j', (event, filter, message) => {
    if (!isEventName(event)) throw new Error(event);
    expect(() => compileFilter(event, filter as AnyFilter)).toThrow(message);
  });

  it('an empty notFrom excludes nobody', () => {
    expect(passes({ notFrom: [] }, roomMessage('indie', 'al', 'x'))).toBe(true);
  });

  it('a pattern that would take for ever elsewhere takes no time', () => {
    const event = roomMessage('indie', 'al', 'a'.repeat(2_000));
    expect(passes({ text: { pattern: '(a+)+$b' } }, event)).toBe(false);
  });

  it('knows its events', () => {
    expect(EVENT_NAMES).toHaveLength(12);
    expect(isEventName('toString')).toBe(false);
  });
});
