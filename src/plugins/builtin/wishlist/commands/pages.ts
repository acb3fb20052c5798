import { Refusal } from './call.ts';

/** What one answer shows in private; more would take the bot minutes to say. */
const PAGE = 8;
/** A console takes any amount. */
const CONSOLE_PAGE = 10_000;

/**
 * A page of lines, with where it stands if there are more.
 * @param again how the next page is asked for, without its number
 * @throws Refusal for a page that there is not.
 */
export function page(
  head: readonly string[],
  lines: readonly string[],
  {
    number,
    console,
    again,
  }: { readonly number: string | undefined; readonly console: boolean; readonly again: string },
): readonly string[] {
  const size = console ? CONSOLE_PAGE : PAGE;
  const pages = Math.max(1, Math.ceil(lines.length / size));
  const wanted = number === undefined ? 1 : /^\d{1,6}$/.test(number) ? Number(number) : 0;
  if (wanted < 1 || wanted > pages)
    throw new Refusal(pages === 1 ? 'There is one page only.' : `There are pages 1 to ${pages}.`);
  const shown = lines.slice((wanted - 1) * size, wanted * size);
  const more = wanted < pages ? [`Page ${wanted} of ${pages}; ${again} ${wanted + 1} goes on.`] : [];
  return [...head, ...shown, ...more];
}
