import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { loadConfig } from '../../bot/config/load-config.ts';
import { backTest } from '../../bot/moderation/back-test/back-test.ts';
import { collectRules } from '../../bot/moderation/back-test/collect-rules.ts';
import { reportText } from '../../bot/moderation/back-test/report-text.ts';
import { StoreError } from '../../bot/store/store-error.ts';
import { openStoredJournal } from '../../bot/store/stored-journal.ts';
import { nullLog } from '../../platform/null-log.ts';
import { RealClock } from '../../platform/real/real-clock.ts';
import { report } from '../check/report.ts';
import { RefusedError } from '../refused-error.ts';
import { printable } from '../terminal/printable.ts';
import { withRulesOf } from './rules-file.ts';

export interface TestSettings {
  readonly config: string;
  /** Milliseconds. */
  readonly since: number;
  /** Whose plugins and moderation are used instead. */
  readonly rules?: string;
  /** Lines that are shown of each rule. */
  readonly lines: number;
  readonly json: boolean;
}

/**
 * Runs rules over what the bot has written down. Nothing is done, and nothing is written.
 * @throws RefusedError when the config, the rules or the store cannot be used, which has been said
 */
export async function testRules(settings: TestSettings): Promise<boolean> {
  const config = configOf(settings);
  const clock = new RealClock();
  const baseDir = dirname(resolve(settings.config));
  const stored = journalOf(config.store.path, clock);
  const collected = await collectRules({ self: config.bot.user, plugins: config.plugins, baseDir, clock });
  try {
    for (const { plugin, reason } of collected.problems)
      process.stderr.write(`seekeeper: the rules of ${plugin} cannot be tested: ${printable(reason)}\n`);
    if (collected.rules.length === 0) {
      process.stderr.write('seekeeper: no plugin of the config adds a rule\n');
      return false;
    }
    const result = await backTest({
      self: config.bot.user,
      config,
      entries: stored.journal.each({}),
      rules: collected.rules,
      actions: collected.actions,
      since: clock.now() - settings.since,
    });
    if (settings.json) process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
    else for (const line of reportText(result, settings.lines)) process.stdout.write(`${printable(line)}\n`);
    return collected.problems.length === 0;
  } finally {
    await collected.close();
    await stored.close();
  }
}

function configOf({ config: path, rules }: TestSettings) {
  let text: string | undefined;
  try {
    if (rules !== undefined) text = withRulesOf(readFileSync(path, 'utf8'), rules);
  } catch (error) {
    throw refusal((error as Error).message);
  }
  const loaded = loadConfig({
    path,
    env: process.env,
    withoutSecrets: true,
    ...(text !== undefined && { text }),
  });
  if (loaded.ok) return loaded.config;
  // In a text that was put together, lines and columns would mean nothing to anybody.
  report(
    rules === undefined
      ? loaded.diagnostics
      : loaded.diagnostics.map((each) => ({ ...each, file: rules, line: 0, column: 0 })),
  );
  throw new RefusedError();
}

function journalOf(path: string, clock: RealClock) {
  try {
    return openStoredJournal({ path, clock, log: nullLog });
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    throw refusal(error.message);
  }
}

function refusal(message: string): RefusedError {
  process.stderr.write(`seekeeper: ${message}\n`);
  return new RefusedError();
}
