import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RoomOutcome } from '../../../plugins/api/rooms.ts';
import type { StoredInvitation } from '../../store/members-rows.ts';
import { type InvitationEvent, isOpen, needsTelling, stepInvitation } from './invitation-steps.ts';

const NOW = 1_000_000;
const HOUR = 3_600_000;

const fresh = (more: Partial<StoredInvitation> = {}): StoredInvitation => ({
  room: 'den',
  user: 'bob',
  by: 'meg',
  at: NOW,
  expires: NOW + 30 * 24 * HOUR,
  state: 'waiting',
  why: 'command',
  operator: false,
  phase: 'member',
  tries: 0,
  nextAt: NOW,
  owes: true,
  ...more,
});
type Phase = StoredInvitation['phase'];
const answer = (outcome: RoomOutcome, asked: Phase): InvitationEvent => ({ kind: 'outcome', asked, outcome });
const refused = (code: string, asked: Phase = 'member'): InvitationEvent =>
  answer({ state: 'refused', code, reason: `because ${code}` }, asked);
const confirmed = (asked: Phase = 'member') => answer({ state: 'confirmed' }, asked);
const unknown = (asked: Phase = 'member') => answer({ state: 'unknown', reason: 'no answer' }, asked);
const following = (of: StoredInvitation, ...events: readonly InvitationEvent[]) =>
  events.reduce((step, event) => stepInvitation(step, event, NOW), of);

describe('an invitation', () => {
  it.each([
    ['confirmed', confirmed(), { state: 'done', settledAt: NOW }],
    ['a member already', refused('already-member'), { state: 'done', settledAt: NOW }],
    ['the owner', refused('is-owner'), { state: 'refused', detail: 'because is-owner' }],
    ['a public room', refused('public-room'), { state: 'refused', detail: 'because public-room' }],
    ['offline', refused('offline'), { state: 'waiting', nextAt: NOW + HOUR }],
    ['invitations off', refused('invitations-off'), { state: 'blocked', nextAt: NOW + HOUR / 6, tries: 1 }],
    ['no power', refused('no-power'), { state: 'waiting', nextAt: NOW + HOUR, detail: 'because no-power' }],
    ['not sent', refused('dropped'), { state: 'waiting', nextAt: NOW + 60_000 }],
    ['no answer', unknown(), { state: 'waiting', nextAt: NOW + 60_000, tries: 1, detail: 'no answer' }],
  ] as const)('%s', (_name, event, expected) => {
    expect(following(fresh(), { kind: 'begin' }, event)).toMatchObject(expected);
  });

  it('is a matter of two steps for somebody who was an operator', () => {
    const member = following(fresh({ operator: true }), { kind: 'begin' }, confirmed());
    expect(member).toMatchObject({ state: 'waiting', phase: 'operator', nextAt: NOW });
    expect(following(member, { kind: 'begin' }, confirmed('operator'))).toMatchObject({ state: 'done' });
    // The answer to the first question comes after what it is about was seen.
    expect(following(member, confirmed())).toBe(member);
    expect(following(member, { kind: 'begin' }, refused('already-operator', 'operator'))).toMatchObject({
      state: 'done',
    });
    expect(following(member, { kind: 'begin' }, refused('not-member', 'operator'))).toMatchObject({
      state: 'waiting',
      phase: 'member',
    });
    expect(following(member, { kind: 'begin' }, refused('no-power', 'operator'))).toMatchObject({
      state: 'done',
      detail: expect.stringContaining('only the owner'),
    });
    expect(following(fresh({ operator: true }), { kind: 'seen', as: 'operator' })).toMatchObject({
      state: 'done',
    });
  });

  it('waits longer each time, and starts over soon when they log in', () => {
    let of = fresh();
    const pauses = [];
    for (let n = 0; n < 7; n++) {
      of = following(of, { kind: 'begin' }, refused('invitations-off'));
      pauses.push((of.nextAt! - NOW) / HOUR);
    }
    expect(pauses).toEqual([1 / 6, 1, 3, 12, 24, 24, 24]);
    expect(following(of, { kind: 'online' }).nextAt).toBe(NOW + 15_000);
  });

  it('asks again after a restart, since nobody knows how far it got', () => {
    expect(following(fresh(), { kind: 'begin' }, { kind: 'restarted' })).toMatchObject({
      state: 'waiting',
      nextAt: NOW,
    });
  });

  it('says at its end why it never came about', () => {
    expect(following(fresh(), refused('invitations-off'), { kind: 'expired' })).toMatchObject({
      state: 'expired',
      detail: expect.stringContaining('do not accept'),
    });
  });
});

describe('whatever happens to an invitation', () => {
  const codes = [
    'offline',
    'invitations-off',
    'already-member',
    'not-member',
    'is-owner',
    'already-operator',
    'not-operator',
    'public-room',
    'no-power',
    'not-joined',
    'self',
    'dropped',
    'banned',
    'something new',
  ];
  const phase = fc.constantFrom<Phase>('member', 'operator');
  const event = fc.oneof<fc.Arbitrary<InvitationEvent>[]>(
    fc.constant({ kind: 'begin' }),
    phase.map(confirmed),
    phase.map(unknown),
    fc.tuple(fc.constantFrom(...codes), phase).map(([code, asked]) => refused(code, asked)),
    phase.map((as) => ({ kind: 'seen', as })),
    fc.constantFrom<InvitationEvent>(
      { kind: 'offline', detail: 'gone' },
      { kind: 'online' },
      { kind: 'told' },
      { kind: 'restarted' },
      { kind: 'expired' },
      { kind: 'withdrawn', by: 'meg' },
      { kind: 'banned', reason: 'banned' },
    ),
  );

  it('settles once, never forgets to go on, and ends well only when they are what they were to be', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.array(fc.tuple(event, fc.nat(HOUR)), { maxLength: 60 }),
        (operator, events) => {
          let of = fresh({ operator });
          let now = NOW;
          let told = 0;
          const reached = { member: false, operator: false };
          for (const [next, later] of events) {
            now += later;
            const before = of;
            if (next.kind === 'told') {
              if (needsTelling(of)) told++;
              else continue;
            }
            of = stepInvitation(of, next, now);
            if (!isOpen(before)) {
              expect(of).toBe(before);
              continue;
            }
            note(before, next, reached);
            if (isOpen(of)) {
              // It is tried again by itself, within the longest pause: nothing waits for ever.
              expect(of.nextAt).toBeLessThanOrEqual(now + 24 * HOUR);
              // Or the same question would be asked over and over at once.
              if (next.kind === 'outcome' && next.asked === before.phase) expect(of.state).not.toBe('asked');
              expect(['waiting', 'blocked', 'asked']).toContain(of.state);
            } else {
              expect(of.nextAt).toBeUndefined();
              expect(of.settledAt).toBe(now);
              if (of.state === 'done') expect(reached.member || reached.operator).toBe(true);
              if (of.state === 'done' && operator && of.detail === undefined)
                expect(reached.operator).toBe(true);
            }
          }
          expect(told).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 500 },
    );
  });

  /** A model of what has been seen of the person. */
  function note(
    before: StoredInvitation,
    event: InvitationEvent,
    reached: { member: boolean; operator: boolean },
  ): void {
    if (event.kind === 'seen') {
      reached.member = true;
      if (event.as === 'operator') reached.operator = true;
    }
    if (event.kind !== 'outcome' || event.asked !== before.phase) return;
    const code = event.outcome.state === 'refused' ? event.outcome.code : event.outcome.state;
    if (code === 'already-member') reached.member = true;
    if (code === 'already-operator') reached.operator = true;
    if (code === 'no-power' && before.phase === 'operator') reached.member = true;
    if (code === 'confirmed') reached[before.phase] = true;
  }
});
