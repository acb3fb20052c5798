import type { RecordedDecision } from '../../bot/why/decision-log.ts';
import { decisionLine } from '../../bot/why/why-texts.ts';
import { RealClock } from '../../platform/real/real-clock.ts';
import { printable } from '../terminal/printable.ts';
import { askBot } from './ask-bot.ts';

export interface WhyQuestion {
  readonly id?: string;
  readonly user?: string;
  readonly room?: string;
  readonly plugin?: string;
  /** How far back, in milliseconds. */
  readonly sinceMs?: number;
  readonly limit?: number;
}

/** Prints decisions of the running bot, the newest last. */
export async function showWhy(configPath: string, question: WhyQuestion, json: boolean): Promise<boolean> {
  const { sinceMs, ...query } = question;
  const now = new RealClock().now();
  const args = { ...query, ...(sinceMs !== undefined && { since: now - sinceMs }) };
  const found = await askBot(configPath, 'why', args);
  if (found === undefined) return false;
  process.stdout.write(
    `${(json ? [JSON.stringify(found, undefined, 2)] : whyText(found, now)).join('\n')}\n`,
  );
  return found.length > 0 || question.id === undefined;
}

/** Decisions in the order in which they were made, a line each. */
export function whyText(found: readonly RecordedDecision[], now: number): string[] {
  if (found.length === 0) return ['Nothing found. What the bot did do is not listed here.'];
  return [...found].reverse().map((decision) => printable(decisionLine(decision, now)));
}
