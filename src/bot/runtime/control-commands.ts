import type { PluginInfo } from '../../plugins/host/types.ts';
import { ControlError } from '../control/control-error.ts';
import type { ControlStream } from '../control/control-server.ts';
import { type ControlRequest, MAX_INPUT } from '../control/frames.ts';
import type { DoctorFacts } from '../doctor/facts.ts';
import type { MetricsSnapshot } from '../metrics/metrics.ts';
import type { ModerationAnswer, ModerationRequest } from '../moderation/moderation-control.ts';
import type { NoticesAnswer, NoticesRequest } from '../notify/notices-control.ts';
import type { ForgetReport, PersonalReport } from '../personal/personal-data.ts';
import type { ReloadReport } from '../plugins/reload-report.ts';
import type { JobsAnswer, JobsRequest } from '../scheduler/jobs-control.ts';
import type { DecisionQuery } from '../store/decisions.ts';
import { type DryLine, type DryRun, readDryLine } from '../watch/dry-run.ts';
import { readWatchOptions, streamWatched } from '../watch/stream-watched.ts';
import type { WatchOptions } from '../watch/watchers.ts';
import type { RecordedDecision } from '../why/decision-log.ts';
import { readDecisionQuery } from '../why/decision-query.ts';
import type { Bot } from './bot.ts';
import type { BotStatus } from './status.ts';

/** Everything that the CLI can ask of a running bot, by name: what it takes and what comes back. */
export interface ControlCommands {
  /** How the bot fares. */
  status: { readonly args: undefined; readonly result: BotStatus };
  /** What plugins counted since the bot was started. */
  metrics: { readonly args: undefined; readonly result: MetricsSnapshot };
  /** Runs a plugin's command with `in: 'cli'`. What it says while it runs comes ahead, as lists of lines. */
  command: {
    readonly args: { readonly line: string; readonly input?: string };
    readonly result: { readonly ok: boolean; readonly lines: readonly string[] };
  };
  /** Leaves a ban, a refusal or "logged in elsewhere", or cuts a wait short: a person decided to try again. */
  retry: { readonly args: undefined; readonly result: Pick<BotStatus, 'session'> };
  /** Starts a plugin now that is quarantined, or waits to be started again. */
  'plugin.release': { readonly args: { readonly id: string }; readonly result: PluginInfo };
  /** Reads the config and the files of plugins again, and loads what has changed; with `id`, that plugin. */
  reload: { readonly args: { readonly id?: string } | undefined; readonly result: ReloadReport };
  /** Decisions not to do something, the newest first. */
  why: { readonly args: DecisionQuery; readonly result: readonly RecordedDecision[] };
  /** What is kept about somebody. */
  data: { readonly args: { readonly user: string }; readonly result: PersonalReport };
  /** Deletes what is kept about somebody. */
  forget: { readonly args: { readonly user: string }; readonly result: ForgetReport };
  /** What runs by the clock, and what is to be done about it. */
  jobs: { readonly args: JobsRequest; readonly result: JobsAnswer };
  /** What the bot tells people, and what is to be done about it. */
  notices: { readonly args: NoticesRequest; readonly result: NoticesAnswer };
  /** Watch lists, who is kept out, who is where. */
  moderation: { readonly args: ModerationRequest; readonly result: ModerationAnswer };
  /** Tells what happens, ahead of the answer, until whoever asks goes away. */
  watch: { readonly args: WatchOptions; readonly result: undefined };
  /** What would happen to a line, of which nothing happens. */
  'dry-run': { readonly args: DryLine; readonly result: DryRun };
  /** What of the bot deserves a look. */
  doctor: { readonly args: undefined; readonly result: DoctorFacts };
  /** Stops the bot. The answer comes before it has stopped. */
  stop: { readonly args: undefined; readonly result: { readonly stopping: true } };
}

/** Answers the requests of the control socket. @param stop begins to stop the process. */
export function answerControl(bot: Bot, stop: () => void) {
  return async (request: ControlRequest, stream: ControlStream): Promise<unknown> => {
    switch (request.command) {
      case 'status':
        return bot.status();
      case 'metrics':
        return bot.metrics();
      case 'command':
        return bot.runConsole(lineOf(request.args), (lines) => stream.emit(lines), inputOf(request.args));
      case 'retry':
        bot.client.retry();
        return { session: bot.client.state };
      case 'plugin.release':
        return bot.releasePlugin(idOf(request.args));
      case 'reload':
        return bot.reload(request.args === undefined ? {} : { only: idOf(request.args) });
      case 'why':
        return bot.decisions(readDecisionQuery(request.args));
      case 'data':
        return bot.personalData(userOf(request.args));
      case 'forget':
        return bot.forget(userOf(request.args));
      case 'jobs':
        return bot.jobs(request.args);
      case 'moderation':
        return bot.moderation(request.args);
      case 'notices':
        return bot.notices(request.args);
      case 'watch':
        return streamWatched(bot, readWatchOptions(request.args), stream);
      case 'dry-run':
        return bot.dryRun(readDryLine(request.args));
      case 'doctor':
        return bot.doctorFacts();
      case 'stop':
        stop();
        return { stopping: true };
      default:
        throw new ControlError('unknown-command', `The bot knows no "${request.command}"`);
    }
  };
}

function idOf(args: unknown): string {
  if (typeof args === 'object' && args !== null && 'id' in args && typeof args.id === 'string')
    return args.id;
  throw new ControlError('protocol', 'The command needs the id of a plugin');
}

function userOf(args: unknown): string {
  if (typeof args === 'object' && args !== null && 'user' in args && typeof args.user === 'string')
    return args.user;
  throw new ControlError('protocol', 'The command needs the name of a user');
}

function inputOf(args: unknown): string | undefined {
  const input: unknown =
    typeof args === 'object' && args !== null && 'input' in args ? args.input : undefined;
  if (input === undefined || (typeof input === 'string' && input.length <= MAX_INPUT)) return input;
  throw new ControlError('protocol', `The input must be a text of at most ${MAX_INPUT} characters`);
}

function lineOf(args: unknown): string {
  if (typeof args === 'object' && args !== null && 'line' in args && typeof args.line === 'string')
    return args.line;
  throw new ControlError('protocol', 'A command needs its line');
}
