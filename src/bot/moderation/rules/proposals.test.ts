import { expect, it } from 'vitest';
import { bad, ModerationBench } from '../bench.test-support.ts';

const DAY = 86_400_000;

it('after its time in shadow a rule is proposed to go live, once, with what it would have done; also over a restart', async () => {
  const moderation = { rules: { 'police/awake': { mode: 'live' } }, propose: '7d' };
  const rules = { bad, awake: bad, silent: { check: () => undefined } };
  let t = await ModerationBench.start({ moderation, rules });
  await t.clock.advance(DAY);
  await t.say('den', 'al', 'bad 3');
  await t.say('den', 'meg', 'bad 3');
  await t.clock.advance(5 * DAY);
  t = await t.restart({ moderation, rules });
  expect(t.notices.filter(({ key }) => key.includes('propose'))).toEqual([]);
  await t.clock.advance(DAY);
  await t.idle();
  const proposals = t.notices.filter(({ key }) => key.includes('propose'));
  expect(proposals.map(({ title }) => title)).toEqual([
    'In shadow for 1w: police/bad would have made 1 case of 1 person, objected once to staff, to whom nothing happens. To go live: moderation.rules."police/bad".mode: live',
    'In shadow for 1w: police/silent would never have acted. To go live: moderation.rules."police/silent".mode: live',
  ]);
  await t.clock.advance(30 * DAY);
  expect(t.notices.filter(({ key }) => key.includes('propose'))).toHaveLength(2);
  await t.stop();
});

it('another version is watched anew; what is not to be proposed is not', async () => {
  const t = await ModerationBench.start({ moderation: { propose: '2d' } });
  await t.clock.advance(DAY);
  t.addRule('bad', { version: '2' }, bad.check);
  await t.clock.advance(1.5 * DAY);
  expect(t.notices).toEqual([]);
  await t.clock.advance(DAY);
  await t.idle();
  expect(t.notices.map(({ key }) => key)).toEqual([expect.stringMatching(/propose-police\/bad-2-/)]);
  await t.stop();
  const never = await ModerationBench.start({ moderation: { propose: false } });
  await never.clock.advance(400 * DAY);
  expect(never.notices).toEqual([]);
  await never.stop();
});
