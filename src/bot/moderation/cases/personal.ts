import { formatDuration } from '../../../plugins/api/duration.ts';
import { PluginError } from '../../../plugins/api/errors.ts';
import type { CaseBook } from '../../store/cases.ts';
import { timeText } from './case-texts.ts';

/** Cases that are shown of somebody. */
const MAX_SHOWN = 100;

/** `!mydata` and `!forgetme`: cases are kept as long as the config says, also of people who would rather be forgotten. */
export function casesPersonal(
  book: Pick<CaseBook, 'list' | 'countOf'>,
  keepMs: number,
): (act: 'show' | 'forget', user: string) => Promise<unknown> {
  return async (act, user) => {
    if (act === 'show') {
      const cases = await book.list({ user, limit: MAX_SHOWN });
      return cases.map(
        ({ id, room, at, reason, state }) => `${id}: ${room}, ${timeText(at)}, ${reason} (${state})`,
      );
    }
    const kept = await book.countOf(user);
    if (kept === 0) return 0;
    const count = kept === 1 ? '1 case is' : `${kept} cases are`;
    throw new PluginError('failed', `${count} kept for ${formatDuration(keepMs)}, and then deleted`);
  };
}
