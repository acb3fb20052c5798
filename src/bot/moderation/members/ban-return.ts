import type { MembersConfig } from '../../config/moderation-config.ts';
import type { StoredBan } from '../../store/members-rows.ts';
import { banText } from './texts.ts';

/** So often within an hour somebody is put out again; then the bot leaves it to people. */
const MAX_ROUNDS = 3;
const ROUND_MS = 3_600_000;

/** What follows when somebody who is banned is a member again, and what is told to whoever banned them. */
export type BanReturn =
  | { readonly act: 'tell'; readonly report: string }
  | { readonly act: 'give up'; readonly report: string }
  | { readonly act: 'remove'; readonly report: string; readonly rounds: readonly number[] };

/** @param operator who added them, where that is known. @param now milliseconds since the epoch */
export function banReturn(
  ban: StoredBan,
  enforce: MembersConfig['enforce'],
  operator: string | undefined,
  now: number,
): BanReturn {
  const added = `${ban.user} was added to ${ban.room} again by ${operator ?? 'another operator'}`;
  if (enforce === 'tell') return { act: 'tell', report: `${added}, though ${banText(ban)}` };
  const rounds = ban.rounds.filter((at) => now - at < ROUND_MS);
  if (rounds.length < MAX_ROUNDS) {
    const report = `${added} and I put them out again: ${banText(ban)}`;
    return { act: 'remove', report, rounds: [...rounds, now] };
  }
  const time = `for the ${rounds.length + 1}th time within an hour`;
  return { act: 'give up', report: `${added} ${time}, though ${banText(ban)}; I leave it to you now` };
}

/** After a refusal of this code, asking again would change nothing. */
export const isFinal = (code: string): boolean =>
  ['no-power', 'is-owner', 'self', 'public-room', 'protected'].includes(code);
