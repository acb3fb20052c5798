import { describe, expect, it } from 'vitest';
import type { Infer } from '../../../api/index.ts';
import { repeats, repeatsSettings } from './repeats.ts';
import { context, line, run, settings } from './room.test-support.ts';

type Settings = Infer<typeof repeatsSettings>;
const usual = settings<Settings>(repeatsSettings);

describe('repeats', () => {
  it('sees the same line, and what was changed a little', () => {
    const lines = [
      'Visit my shop for cheap records!',
      'visit my shop for cheap records',
      'VISIT my shop, for CHEAP records :)',
      'V1sit my shop for cheap records!!!',
    ].map((text, i) => line(text, i * 20));
    expect(run(repeats, usual, lines)).toMatchObject([
      { index: 3, reason: 'the same line 4 times within 2m', evidence: 'V1sit my shop for cheap records!!!' },
    ]);
  });

  it('lets short things come again, and long ones after a while', () => {
    expect(
      run(
        repeats,
        usual,
        Array.from({ length: 20 }, (_, i) => line('lol', i * 5)),
      ),
    ).toEqual([]);
    expect(
      run(
        repeats,
        usual,
        Array.from({ length: 20 }, (_, i) => line('anybody got the new one?', i * 60)),
      ),
    ).toEqual([]);
  });

  it('sees one line from many who are new, once each', () => {
    const wave = ['a1', 'a2', 'a3', 'a4', 'a5', 'a4'].map((user, i) =>
      line('join our server for free downloads', i * 5, user),
    );
    expect(run(repeats, usual, wave)).toMatchObject([
      { index: 3, reason: 'the same line from 4 people within 2m' },
      { index: 4, reason: 'the same line from 5 people within 2m' },
    ]);
  });

  it('does not mind when people who are known here say the same', () => {
    const said = ['a1', 'a2', 'a3'].map((user, i) => line('happy birthday to our dear steve', i * 5, user));
    const known = context({ recent: said, linesBefore: 50 });
    expect(repeats.judge(line('happy birthday to our dear steve', 20, 'a4'), known, usual)).toBeUndefined();
    expect(
      repeats.judge(
        line('happy birthday to our dear steve', 20, 'a4'),
        context({ recent: said, linesBefore: 2 }),
        usual,
      ),
    ).toBeDefined();
  });
});
