import { examine } from '../../bot/doctor/examine.ts';
import type { ControlCommands } from '../../bot/runtime/control-commands.ts';
import { jobsText } from '../control/jobs.ts';
import { whyText } from '../control/show-why.ts';
import { statusText } from '../control/status-text.ts';
import { findingLines } from '../doctor/finding-lines.ts';
import { pluginText } from '../plugin/list-plugins.ts';
import type { Paint } from '../terminal/paint.ts';
import { printable } from '../terminal/printable.ts';
import { dryRunText } from './dry-run-text.ts';
import type { LiveView } from './live-view.ts';
import { HELP, type Wish, wishOf } from './wish.ts';

/** Asks the running bot. @throws Error (as rejection) with a sentence for the person. */
export type AskBot = <C extends keyof ControlCommands>(
  command: C,
  args: ControlCommands[C]['args'],
  onData?: (data: unknown) => void,
) => Promise<ControlCommands[C]['result']>;

export interface ConsoleParts {
  readonly ask: AskBot;
  readonly view: LiveView;
  readonly print: (line: string) => void;
  readonly paint: Paint;
  readonly now: () => number;
}

/** Does what is typed at the console of a running bot. */
export class BotConsole {
  readonly #parts: ConsoleParts;

  constructor(parts: ConsoleParts) {
    this.#parts = parts;
  }

  /** One typed line. Never rejects. */
  async obey(typed: string): Promise<'go on' | 'quit' | 'failed'> {
    const wish = wishOf(typed);
    if (wish.kind === 'quit') return 'quit';
    try {
      return (await this.#do(wish)) ? 'go on' : 'failed';
    } catch (error) {
      this.#say([error instanceof Error ? error.message : String(error)]);
      return 'failed';
    }
  }

  async #do(wish: Exclude<Wish, { kind: 'quit' }>): Promise<boolean> {
    const { ask, view, paint, now, print } = this.#parts;
    switch (wish.kind) {
      case 'nothing':
        return true;
      case 'help':
        return this.#say(HELP);
      case 'quiet':
        return this.#say([view.toggleQuiet()]);
      case 'all':
        return this.#say([view.reset()]);
      case 'filter':
        return this.#say([view.filter(wish.key, wish.name)]);
      case 'status':
        return this.#say(statusText(await ask('status', undefined)));
      case 'plugins': {
        const { plugins } = await ask('status', undefined);
        return this.#say(plugins.length === 0 ? ['The bot runs no plugins.'] : plugins.flatMap(pluginText));
      }
      case 'jobs':
        return this.#jobs(await ask('jobs', { act: 'list' }));
      case 'doctor':
        // Printable already, and painted.
        for (const line of findingLines(examine(await ask('doctor', undefined)), paint)) print(line);
        return true;
      case 'why':
        return this.#say(whyText(await ask('why', wish.query), now()));
      case 'inject':
        return this.#say(dryRunText(wish.line, await ask('dry-run', wish.line)));
      case 'command': {
        const { ok, lines } = await ask('command', { line: wish.line }, (more) =>
          this.#say(more as readonly string[]),
        );
        this.#say(lines);
        return ok;
      }
      case 'unclear':
        return !this.#say([wish.why]);
    }
  }

  #jobs(answer: ControlCommands['jobs']['result']): true {
    return this.#say('report' in answer ? jobsText(answer.report) : [answer.text]);
  }

  #say(lines: readonly string[]): true {
    for (const line of lines) this.#parts.print(printable(line));
    return true;
  }
}
