/** What somebody answered to finds: `yes`, `get 2`, `get 3 2` (wish 3), each with `folder` behind it. */
export interface DownloadAnswer {
  /** Absent: the wish that was told last. */
  readonly wish?: string;
  /** Absent: the best that was told. */
  readonly number?: number;
  readonly folder: boolean;
}

/** What a line must look like to be looked at. */
export const ANSWER_PATTERN = '(?i)^\\s*(?:yes|yep|ja|get)\\b';

const YES = /^\s*(?:yes|yep|ja)(\s+folder)?[\s.!]*$/iu;
const GET = /^\s*get(?:\s+(\S+))??\s+(\d{1,9})(\s+folder)?\s*$/iu;

/** Undefined for what is no such answer. */
export function downloadAnswer(text: string): DownloadAnswer | undefined {
  const yes = YES.exec(text);
  if (yes !== null) return { folder: yes[1] !== undefined };
  const get = GET.exec(text);
  if (get === null) return undefined;
  const [, wish, number, folder] = get;
  return { ...(wish === undefined ? {} : { wish }), number: Number(number), folder: folder !== undefined };
}
