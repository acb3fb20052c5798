import type { Role } from '../../plugins/api/people.ts';
import type { ReplyTarget } from '../../plugins/host/services.ts';
import type { CommandCall, CommandResult } from '../../plugins/host/types.ts';
import type { Call } from './call.ts';
import type { ChatterLimit } from './chatter-limit.ts';
import type { CommandLine, CommandPorts, LineVerdict } from './command-ports.ts';
import type { Cooldowns } from './cooldowns.ts';
import type { HelpCommand } from './help-command.ts';
import { parseArgs } from './parse-args.ts';
import { isAllowed, rolesText, waitsForCooldown } from './permission.ts';
import { CORE, type CommandEntry } from './registry.ts';
import { usageOf } from './usage.ts';

/** What all attempts share. */
export interface AttemptContext {
  readonly ports: CommandPorts;
  readonly cooldowns: Cooldowns;
  readonly chatter: ChatterLimit;
  readonly help: HelpCommand;
}

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
    const { spec } = this.#entry;
    const { room, replayed, user } = this.#line;
    if (replayed && spec.onReplay === 'ignore') return this.#ignore('it was sent while the bot was away');
    if (spec.in === 'room' && room === undefined) return this.#refuse(`${this.#typed} works in rooms only`);
    if (spec.in === 'private' && room !== undefined) {
      return this.#refuse(`${user}: ${this.#typed} works in a private message to me only`);
    }
    if (!isAllowed(this.#roles, spec.allow)) {
      const text = `you need ${rolesText(spec.allow)} for ${this.#typed}`;
      return this.#refuse(room === undefined ? text : `${user}: ${text}`);
    }
    const parsed = parseArgs(spec.args, this.#call.rest);
    if (!parsed.ok) return this.#refuse(`${parsed.problem} — usage: ${usageOf(spec, this.#prefix)}`);
    const use = {
      command: commandKey(this.#entry),
      user,
      ...(room === undefined ? {} : { room: room.name }),
    };
    const left = waitsForCooldown(this.#roles) ? this.#context.cooldowns.remaining(use, spec.cooldown) : 0;
    if (left > 0) {
      const seconds = Math.ceil(left / 1000);
      if (room !== undefined) return this.#ignore(`its cooldown lasts ${seconds} s more`);
      return this.#refuse(`${this.#typed} can be used again in ${seconds} s`);
    }
    if (this.#entry.instance === CORE) return this.#showHelp(parsed.args);
    const charge = this.#context.cooldowns.charge(use, spec.cooldown);
    const result = await this.#ports.run(this.#entry.instance, spec.name, this.#callWith(parsed.args));
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
        await this.#refuse(this.#addressed(`${this.#typed} failed; my owner finds the reason in the log`));
        return 'failed';
      case 'busy':
        refund();
        await this.#refuse(this.#addressed(`${this.#typed} has too much to do, try again later`));
        return 'failed';
      case 'unloaded':
        refund();
        return 'unfinished';
    }
  }

  async #showHelp(args: Readonly<Record<string, unknown>>): Promise<LineVerdict> {
    if (!this.#context.chatter.take(this.#line.user))
      return this.#ignore('this user was told enough for a while');
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

  async #refuse(text: string): Promise<LineVerdict> {
    if (!this.#context.chatter.take(this.#line.user))
      return this.#ignore('this user was told enough for a while');
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
    return 'ignored';
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
