import type { Role } from '../../plugins/api/people.ts';
import type { ReplyTarget } from '../../plugins/host/services.ts';
import type { CommandCall, CommandResult } from '../../plugins/host/types.ts';
import type { Call } from './call.ts';
import type { ChatterLimit } from './chatter-limit.ts';
import type { CommandLine, CommandPorts, LineVerdict } from './command-ports.ts';
import type { Cooldowns, CooldownUse } from './cooldowns.ts';
import type { CoreCommand } from './core-command.ts';
import type { HelpCommand } from './help-command.ts';
import { parseArgs } from './parse-args.ts';
import { isAllowed, rolesText, waitsForCooldown } from './permission.ts';
import { CORE, type CommandEntry } from './registry.ts';
import { usageOf } from './usage.ts';

const ENOUGH = 'this user was told enough for a while';

/** What all attempts share. */
export interface AttemptContext {
  readonly ports: CommandPorts;
  readonly cooldowns: Cooldowns;
  readonly chatter: ChatterLimit;
  readonly help: HelpCommand;
  /** The bot's own, but help, by name. */
  readonly core: Map<string, CoreCommand>;
}

/** What is to become of a call. `ignore`: the person hears nothing. */
export type Judgement =
  | { readonly how: 'run'; readonly args: Readonly<Record<string, unknown>> }
  /** `reason` is without what was typed, which may be private. */
  | { readonly how: 'refuse'; readonly text: string; readonly reason: string }
  | { readonly how: 'ignore'; readonly reason: string };

/** One call on its way through the steps. */
export class Attempt {
  readonly #ports: CommandPorts;
  readonly #context: AttemptContext;
  readonly #line: CommandLine;
  readonly #call: Call;
  readonly #entry: CommandEntry;
  readonly #prefix: string;
  readonly #roles: ReadonlySet<Role>;

  constructor(context: AttemptContext, line: CommandLine, call: Call, entry: CommandEntry, prefix: string) {
    this.#ports = context.ports;
    this.#context = context;
    this.#line = line;
    this.#call = call;
    this.#entry = entry;
    this.#prefix = prefix;
    this.#roles = context.ports.rolesOf(line.user, line.room?.name);
  }

  async go(): Promise<LineVerdict> {
    const judged = this.judge();
    switch (judged.how) {
      case 'ignore':
        return this.#ignore(judged.reason);
      case 'refuse':
        return this.#refuse(judged.text, judged.reason);
      case 'run':
        return this.#run(judged.args);
    }
  }

  /** What is to become of it. Nothing happens and nothing is charged. */
  judge(): Judgement {
    const { spec } = this.#entry;
    const { room, replayed, user } = this.#line;
    if (replayed && spec.onReplay === 'ignore')
      return { how: 'ignore', reason: 'it was sent while the bot was away' };
    if (spec.in === 'room' && room === undefined)
      return { how: 'refuse', text: `${this.#typed} works in rooms only`, reason: 'it works in rooms only' };
    if (spec.in === 'private' && room !== undefined) {
      const text = `${user}: ${this.#typed} works in a private message to me only`;
      return { how: 'refuse', text, reason: 'it works in private only' };
    }
    if (!isAllowed(this.#roles, spec.allow)) {
      const text = this.#addressed(`you need ${rolesText(spec.allow)} for ${this.#typed}`);
      return { how: 'refuse', text, reason: `it needs the role ${rolesText(spec.allow)}` };
    }
    const parsed = parseArgs(spec.args, this.#call.rest);
    if (!parsed.ok) {
      const text = `${parsed.problem} — usage: ${usageOf(spec, this.#prefix)}`;
      return { how: 'refuse', text, reason: 'what was typed behind it could not be read' };
    }
    const left = waitsForCooldown(this.#roles)
      ? this.#context.cooldowns.remaining(this.#use, spec.cooldown)
      : 0;
    if (left > 0) {
      const seconds = Math.ceil(left / 1000);
      const reason = `its cooldown lasts ${seconds} s more`;
      if (room !== undefined) return { how: 'ignore', reason };
      return { how: 'refuse', text: `${this.#typed} can be used again in ${seconds} s`, reason };
    }
    return { how: 'run', args: parsed.args };
  }

  async #run(args: Readonly<Record<string, unknown>>): Promise<LineVerdict> {
    const { instance, spec } = this.#entry;
    if (instance === CORE) return this.#runCore(args);
    const charge = this.#context.cooldowns.charge(this.#use, spec.cooldown);
    const result = await this.#ports.run(instance, spec.name, this.#callWith(args));
    return this.#conclude(result, () => charge.refund());
  }

  async #conclude(result: CommandResult, refund: () => void): Promise<LineVerdict> {
    switch (result.state) {
      case 'done':
        if (result.refund) refund();
        if (result.reply.length > 0)
          await this.#ports.answer(this.#target, result.reply, this.#entry.instance);
        return 'ran';
      case 'error':
        refund();
        await this.#failed();
        return 'failed';
      case 'busy':
        refund();
        await this.#refuse(
          this.#addressed(`${this.#typed} has too much to do, try again later`),
          'its plugin had too much to do',
        );
        return 'failed';
      case 'unloaded':
        refund();
        this.#note('its plugin was not running');
        return 'unfinished';
    }
  }

  async #runCore(args: Readonly<Record<string, unknown>>): Promise<LineVerdict> {
    const command = this.#context.core.get(this.#entry.spec.name);
    if (command === undefined) return this.#showHelp(args);
    if (!waitsForCooldown(this.#roles)) return this.#answerCore(command, args);
    if (this.#context.chatter.take(this.#line.user)) return this.#answerCore(command, args);
    return this.#ignore(ENOUGH);
  }

  async #answerCore(command: CoreCommand, args: Readonly<Record<string, unknown>>): Promise<LineVerdict> {
    try {
      const { lines, private: alone } = await command.run({ ...this.#line, args, roles: this.#roles });
      const target: ReplyTarget = alone === true ? { kind: 'private', user: this.#line.user } : this.#target;
      if (lines.length > 0) await this.#ports.answer(target, lines, CORE);
      return 'ran';
    } catch (error) {
      this.#ports.log.error('A command of the bot failed', { command: command.spec.name, error });
      await this.#failed();
      return 'failed';
    }
  }

  async #showHelp(args: Readonly<Record<string, unknown>>): Promise<LineVerdict> {
    if (!this.#context.chatter.take(this.#line.user)) return this.#ignore(ENOUGH);
    const topic = args['command'];
    const { user, room } = this.#line;
    const help = this.#context.help.answer(
      typeof topic === 'string' ? topic : undefined,
      this.#roles,
      room,
      this.#prefix,
    );
    const target: ReplyTarget = help.private ? { kind: 'private', user } : this.#target;
    await this.#ports.answer(target, help.lines, CORE);
    return 'ran';
  }

  #failed(): Promise<LineVerdict> {
    const text = `${this.#typed} failed; my owner finds the reason in the log`;
    return this.#refuse(this.#addressed(text), 'it failed; the log has the reason');
  }

  /** @param reason without what was typed, which may be private. */
  async #refuse(text: string, reason: string): Promise<LineVerdict> {
    if (!this.#context.chatter.take(this.#line.user)) return this.#ignore(`${reason}, and ${ENOUGH}`);
    this.#note(reason);
    await this.#ports.answer(this.#target, [text], CORE);
    return 'refused';
  }

  #ignore(why: string): LineVerdict {
    const { user, room } = this.#line;
    this.#ports.log.info('Ignored a command', {
      command: this.#entry.spec.name,
      user,
      ...(room === undefined ? {} : { room: room.name }),
      why,
    });
    this.#note(why);
    return 'ignored';
  }

  #note(reason: string): void {
    const { user, room, id } = this.#line;
    const { instance, spec } = this.#entry;
    this.#ports.note({
      what: `run !${spec.name}`,
      reason,
      user,
      ...(room === undefined ? {} : { room: room.name }),
      ...(instance === CORE ? {} : { plugin: instance }),
      about: id,
    });
  }

  #callWith(args: Readonly<Record<string, unknown>>): CommandCall {
    const { user, room, at, id, replayed, redelivered } = this.#line;
    return {
      args,
      user,
      ...(room === undefined ? {} : { room }),
      source: room === undefined ? 'private' : 'room',
      at,
      id,
      command: this.#call.name.toLowerCase(),
      replayed,
      redelivered,
      target: this.#target,
    };
  }

  #addressed(text: string): string {
    return this.#line.room === undefined ? text : `${this.#line.user}: ${text}`;
  }

  get #use(): CooldownUse {
    const { user, room } = this.#line;
    return { command: commandKey(this.#entry), user, ...(room === undefined ? {} : { room: room.name }) };
  }

  get #typed(): string {
    return `${this.#prefix}${this.#call.name.toLowerCase()}`;
  }

  get #target(): ReplyTarget {
    const { user, room } = this.#line;
    return room === undefined ? { kind: 'private', user } : { kind: 'room', room: room.name, user };
  }
}

/** Identifies a command over all instances, for its cooldown. */
export function commandKey(entry: CommandEntry): string {
  return `${entry.instance}/${entry.spec.name}`;
}
