import type { CommandSpec } from '../../plugins/api/command.ts';
import { nearestKey } from '../../plugins/api/schema/nearest-key.ts';
import { Attempt, type AttemptContext, commandKey } from './attempt.ts';
import { type Call, readCall } from './call.ts';
import { ChatterLimit } from './chatter-limit.ts';
import type { CommandLine, CommandPorts, LineVerdict } from './command-ports.ts';
import { Cooldowns } from './cooldowns.ts';
import type { CoreCommand } from './core-command.ts';
import { HELP, HelpCommand } from './help-command.ts';
import { parseArgs } from './parse-args.ts';
import type { CommandPreview } from './preview.ts';
import { CORE, type CommandEntry, CommandRegistry } from './registry.ts';
import { usageOf } from './usage.ts';

/** What people get to hear about commands as such (refusals, usage, help), per user. */
const CHATTER = { count: 5, withinMs: 60_000 };

/**
 * Commands as people type them: place → replay → permission → arguments → cooldown → run.
 *
 * In a room a call begins with the prefix, an unknown name and a cooldown are met with silence. In private the prefix may
 * be missing, a cooldown is explained, and an unknown name with the prefix gets an answer.
 */
export class CommandEngine {
  readonly #ports: CommandPorts;
  readonly #registry = new CommandRegistry();
  readonly #context: AttemptContext;

  constructor(ports: CommandPorts) {
    this.#ports = ports;
    this.#context = {
      ports,
      cooldowns: new Cooldowns(ports.clock),
      chatter: new ChatterLimit(ports.clock, CHATTER.count, CHATTER.withinMs),
      help: new HelpCommand(this.#registry),
      core: new Map(),
    };
    this.#registry.add({ instance: CORE, spec: HELP });
  }

  /** A command of the bot itself; before any plugin is loaded. @throws Error when its name is taken. */
  addCore(command: CoreCommand): void {
    this.#registry.add({ instance: CORE, spec: command.spec });
    this.#context.core.set(command.spec.name, command);
  }

  /** @throws Error naming both owners when the name or an alias is taken. */
  register(instance: string, spec: CommandSpec): void {
    this.#registry.add({ instance, spec });
  }

  unregister(instance: string, name: string): void {
    const entry = this.#registry.remove(instance, name);
    if (entry !== undefined) this.#context.cooldowns.forget(commandKey(entry));
  }

  /** Every command of every plugin, and the bot's own. */
  list(): readonly CommandEntry[] {
    return this.#registry.list();
  }

  /** Handles a line from a room or a private message. Never rejects. */
  async handle(line: CommandLine): Promise<LineVerdict> {
    const { room } = line;
    const prefix = this.#ports.prefix(room?.name);
    const call = readCall(line.text, prefix, room === undefined && line.prefixed !== true);
    if (call === undefined) return 'talk';
    const entry = this.#registry.find(call.name);
    if (entry === undefined || entry.spec.in === 'cli') return this.#unknown(line, call, prefix);
    return new Attempt(this.#context, line, call, entry, prefix).go();
  }

  /**
   * Runs a command of the console, as owner and without cooldown.
   * @param text name and arguments, without prefix.
   * @param session where `ctx.reply` goes.
   * @param input what was handed over with it.
   */
  async runCli(
    text: string,
    session: string,
    id: string,
    input?: string,
  ): Promise<{ readonly ok: boolean; readonly lines: readonly string[] }> {
    const call = readCall(text, '', false);
    const entry = call === undefined ? undefined : this.#registry.find(call.name);
    if (call === undefined || entry?.spec.cli !== true) {
      const known = this.#cliNames();
      const list = known.length === 0 ? 'no plugin has any' : `there are ${known.join(', ')}`;
      return { ok: false, lines: [`I know no console command "${call?.name ?? ''}"; ${list}`] };
    }
    const parsed = parseArgs(entry.spec.args, call.rest);
    if (!parsed.ok) return { ok: false, lines: [`${parsed.problem} — usage: ${usageOf(entry.spec, '')}`] };
    const result = await this.#ports.run(entry.instance, entry.spec.name, {
      args: parsed.args,
      user: 'console',
      source: 'cli',
      ...(input === undefined ? {} : { input }),
      at: this.#ports.clock.now(),
      id,
      command: call.name.toLowerCase(),
      replayed: false,
      redelivered: false,
      target: { kind: 'cli', session },
    });
    if (result.state === 'done') return { ok: !result.refund, lines: result.reply };
    const why = result.state === 'error' ? result.message : FAILURE[result.state];
    return { ok: false, lines: [`${entry.spec.name} failed: ${why}`] };
  }

  /** What was typed in private stays there. */
  #noteUnknown({ user, room, id }: CommandLine, call: Call): void {
    const what = room === undefined ? 'run a command' : `run !${short(call.name)}`;
    this.#ports.note({
      what,
      reason: 'there is no command of that name',
      user,
      ...(room === undefined ? {} : { room: room.name }),
      about: id,
    });
  }

  /** What would become of a line; nothing of it happens. */
  preview(line: CommandLine): CommandPreview {
    const { room } = line;
    const prefix = this.#ports.prefix(room?.name);
    const call = readCall(line.text, prefix, room === undefined && line.prefixed !== true);
    if (call === undefined) return { verdict: 'talk' };
    const entry = this.#registry.find(call.name);
    if (entry === undefined || entry.spec.in === 'cli')
      return call.prefixed ? { verdict: 'unknown', name: call.name } : { verdict: 'talk' };
    const { instance: plugin, spec } = entry;
    const judged = new Attempt(this.#context, line, call, entry, prefix).judge();
    if (judged.how === 'run') return { verdict: 'run', plugin, name: spec.name, args: judged.args };
    const says = judged.how === 'refuse' ? { says: judged.text } : {};
    return { verdict: 'refuse', plugin, name: spec.name, reason: judged.reason, ...says };
  }

  /** The command that a line calls, by its own name; undefined when there is none in it. */
  commandIn(text: string, room: string | undefined): string | undefined {
    const call = readCall(text, this.#ports.prefix(room), room === undefined);
    const entry = call === undefined ? undefined : this.#registry.find(call.name);
    return entry === undefined || entry.spec.in === 'cli' ? undefined : entry.spec.name;
  }

  #cliNames(): string[] {
    return this.#registry.list().flatMap(({ spec }) => (spec.cli ? [spec.name] : []));
  }

  async #unknown(line: CommandLine, call: Call, prefix: string): Promise<LineVerdict> {
    if (call.prefixed) this.#noteUnknown(line, call);
    if (line.room !== undefined || line.replayed || !call.prefixed) return 'talk';
    if (!this.#context.chatter.take(line.user)) return 'ignored';
    const roles = this.#ports.rolesOf(line.user);
    const names = this.#context.help.visible(roles, undefined).map((spec) => spec.name);
    const near = nearestKey(call.name.toLowerCase(), names);
    const hint =
      near === undefined ? `${prefix}${HELP.name} lists what I know` : `did you mean ${prefix}${near}?`;
    const name = short(call.name);
    await this.#ports.answer(
      { kind: 'private', user: line.user },
      [`I know no command "${name}"; ${hint}`],
      CORE,
    );
    return 'refused';
  }
}

const FAILURE = {
  unloaded: 'its plugin is being unloaded',
  busy: 'its plugin has too much to do',
} as const;

function short(name: string): string {
  return name.length > 40 ? `${name.slice(0, 39)}…` : name;
}
