import { type Infer, type RuleJoin, s, type Verdict } from '../../../api/index.ts';
import { type JoinRule, settingsOf } from './rule.ts';

export const sharesSettings = settingsOf(2, {
  files: s.int({ min: 0 }).default(1).describe('So many files at least.'),
  folders: s.int({ min: 0 }).default(0).describe('So many folders at least.'),
  grace: s
    .duration({ max: '90d' })
    .default('2d')
    .describe('Nobody is judged before they have been known here so long.'),
  verify: s
    .boolean()
    .default(true)
    .describe(
      "Asks for somebody's list before objecting: what the server says may be old, or nothing at all.",
    ),
});

export type SharesSettings = Infer<typeof sharesSettings>;

/** How much somebody shares. */
export interface Amount {
  readonly files: number;
  readonly folders: number;
}

/** Who shares less than the room asks for, after a grace. By the numbers of the server, which come when somebody joins. */
export const shares: JoinRule<SharesSettings> = {
  id: 'shares',
  on: 'join',
  summary: 'Shares less than this room asks for',
  version: '1',
  judge(join: RuleJoin, { firstSeen = join.at }, settings): Verdict | undefined {
    if (join.at - firstSeen < settings.grace) return undefined;
    return tooLittle(join.stats, settings);
  },
};

export function tooLittle(
  { files, folders }: Amount,
  settings: Pick<SharesSettings, 'files' | 'folders' | 'points'>,
): Verdict | undefined {
  if (files >= settings.files && folders >= settings.folders) return undefined;
  return {
    points: settings.points,
    reason: `shares ${amount({ files, folders })}; ${asked(settings)} are asked for`,
  };
}

/** What the room asks for, in words: "100 files in 5 folders". */
export function asked({ files, folders }: Amount): string {
  return [files > 0 ? counted(files, 'file') : '', folders > 0 ? counted(folders, 'folder') : '']
    .filter((part) => part !== '')
    .join(' in ');
}

export const amount = ({ files, folders }: Amount): string =>
  `${counted(files, 'file')} in ${counted(folders, 'folder')}`;

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
