import type { WishFilter, WishWords } from '../../../plugins/api/wishlist.ts';
import { wordLine } from '../content/fold.ts';
import type { Condition, Subject } from './condition.ts';

/** The conditions on words, of the whole path and of the file's name. */
export const wordConditions = ({ path, name }: WishFilter): readonly Condition[] => [
  ...conditionsOf('path', path, (subject) => subject.path),
  ...conditionsOf('name', name, (subject) => subject.name),
];

function conditionsOf(
  where: 'path' | 'name',
  { must = [], any = [], not = [] }: WishWords = {},
  lineOf: (subject: Subject) => string,
): readonly Condition[] {
  const conditions: Condition[] = [];
  const [all, some, none] = [must, any, not].map(readEntries) as [Entries, Entries, Entries];
  if (not.length > 0) {
    conditions.push({
      filter: `${where}.not`,
      failure(subject) {
        const line = lineOf(subject);
        const found = none.find((entry) => line.includes(entry.line));
        return found && `${quoted(found.text)} stands in the ${where}`;
      },
    });
  }
  if (must.length > 0) {
    conditions.push({
      filter: `${where}.must`,
      failure(subject) {
        const line = lineOf(subject);
        const missing = all.find((entry) => !line.includes(entry.line));
        return missing && `${quoted(missing.text)} is not in the ${where}`;
      },
    });
  }
  if (any.length > 0) {
    conditions.push({
      filter: `${where}.any`,
      failure(subject) {
        const line = lineOf(subject);
        if (some.some((entry) => line.includes(entry.line))) return undefined;
        return `none of ${some.map(({ text }) => quoted(text)).join(', ')} is in the ${where}`;
      },
    });
  }
  return conditions;
}

/** What is looked for, as it was given and as a line of words. */
type Entries = readonly { readonly text: string; readonly line: string }[];

const readEntries = (texts: readonly string[]): Entries =>
  texts.map((text) => ({ text, line: wordLine(text) }));

const quoted = (text: string): string => JSON.stringify(text);
