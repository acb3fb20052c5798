import type { Clock } from '../../../platform/clock.ts';
import type {
  Case,
  CaseOutcome,
  CaseQuery,
  RoomPower,
  Sanction,
  Strikes,
} from '../../../plugins/api/cases.ts';
import { PluginError } from '../../../plugins/api/errors.ts';
import type { CasesService } from '../../../plugins/host/services.ts';
import type { CaseBook } from '../../store/cases.ts';
import type { JournalEntry, JournalQuery } from '../../store/journal.ts';
import type { Actions } from '../consequences/actions.ts';
import { consequenceOf } from '../consequences/consequence.ts';
import type { Enactor } from '../consequences/enactor.ts';
import type { KillSwitch } from '../consequences/kill-switch.ts';
import { nextStep } from '../ladder/ladder.ts';
import { type People, protectionText } from '../people.ts';
import { permitted } from '../power/permitted.ts';
import type { PowerBook } from '../power/power-book.ts';
import { powerReport } from '../power/power-report.ts';
import type { RuleBook } from '../rules/rule-book.ts';
import type { Settings } from '../rules/settings.ts';
import type { Appeals } from './appeals.ts';
import type { CaseDesk } from './case-desk.ts';
import { readQuery, readSanction } from './case-input.ts';
import { outcomeText } from './case-texts.ts';
import { AROUND, aroundOf, exportJson, exportText, linesOf } from './export.ts';
import { standingAccount } from './standing-account.ts';
import type { Suggestions } from './suggestions.ts';
import type { TakeBack, TakenBack } from './take-back.ts';

export interface CaseServicesOptions {
  readonly self: string;
  readonly clock: Clock;
  readonly book: CaseBook;
  readonly desk: CaseDesk;
  readonly suggestions: Suggestions;
  readonly takeBack: TakeBack;
  readonly appeals: Appeals;
  readonly enactor: Enactor;
  readonly kill: KillSwitch;
  readonly people: People;
  readonly power: PowerBook;
  readonly settings: Settings;
  readonly rules: RuleBook;
  readonly actions: Actions;
  readonly journal: { entries(query: JournalQuery): Promise<readonly JournalEntry[]> };
  /** Rooms of the config. */
  readonly rooms: readonly string[];
}

/** `bot.cases`. */
export class CaseServices implements CasesService {
  readonly #options: CaseServicesOptions;

  constructor(options: CaseServicesOptions) {
    this.#options = options;
  }

  get(_instance: string, id: number): Promise<Case | undefined> {
    return this.#options.book.get(id);
  }

  async list(_instance: string, query?: CaseQuery): Promise<readonly Case[]> {
    return this.#options.book.list(readQuery(query));
  }

  async strikes(_instance: string, user: string, room?: string): Promise<readonly Strikes[]> {
    const { book, clock, settings } = this.#options;
    const rooms = room === undefined ? await book.roomsOf(user) : [room];
    const found: Strikes[] = [];
    for (const each of rooms) {
      const gists = await book.gists(user, each);
      const mode = gists.findLast(({ rule }) => rule !== undefined)?.mode ?? 'live';
      const points = standingAccount(gists, clock.now(), { room: each, mode, settings });
      const next = nextStep(settings.ladder(each), points)?.consequence ?? 'note';
      found.push({ room: each, user, points, next, cases: await book.list({ user, room: each }) });
    }
    return found;
  }

  async sanction(_instance: string, given: Sanction): Promise<CaseOutcome> {
    const { clock, desk, book, settings } = this.#options;
    const { room, user, consequence, reason, actor } = readSanction(given);
    const at = clock.now();
    const of = consequenceOf(consequence);
    const forMs = of.kind === 'action' ? undefined : of.forMs;
    const total = standingAccount(await book.gists(user, room), at, { room, mode: 'live', settings });
    const draft = {
      room,
      user,
      at,
      points: 0,
      total,
      reason,
      lines: await this.#recent(room, at),
      mode: 'live' as const,
      wanted: consequence,
      consequence,
      ...(forMs !== undefined && { until: at + forMs }),
      actor,
    };
    const done = await desk.commanded(draft, this.#refusal({ room, user, consequence }));
    return { case: done, message: outcomeText(done), ok: done.state === 'done' || done.state === 'acting' };
  }

  async undo(_instance: string, id: number, actor: string, note?: string): Promise<CaseOutcome> {
    return this.#outcome(id, (of) => this.#options.takeBack.undo(of, actor, note));
  }

  async pardon(_instance: string, id: number, actor: string, note?: string): Promise<CaseOutcome> {
    return this.#outcome(id, (of) => this.#options.takeBack.pardon(of, actor, note));
  }

  async decide(_instance: string, id: number, actor: string, answer: 'yes' | 'no'): Promise<CaseOutcome> {
    return this.#outcome(id, async (of) => {
      if (of.state === 'suggested') return this.#options.suggestions.answer(of, actor, answer);
      return { ok: false, message: `case ${id} does not wait for an answer: it is ${of.state}` };
    });
  }

  async note(_instance: string, id: number, actor: string, text: string): Promise<Case> {
    const { book, clock } = this.#options;
    const of = await this.#need(id);
    await book.change(id, {}, { at: clock.now(), actor, what: 'note', detail: text });
    return (await book.get(id)) ?? of;
  }

  async appeal(_instance: string, id: number, user: string, text: string): Promise<CaseOutcome> {
    const { appeals, book } = this.#options;
    const result = await appeals.appeal(await book.get(id), id, user, text);
    return this.#ended(id, result);
  }

  async answerAppeal(
    _instance: string,
    id: number,
    actor: string,
    answer: 'grant' | 'reject',
    note?: string,
  ): Promise<CaseOutcome> {
    return this.#outcome(id, (of) => this.#options.appeals.answer(of, actor, answer, note));
  }

  async export(_instance: string, query: CaseQuery, format: 'text' | 'json'): Promise<string> {
    const { clock, self, journal } = this.#options;
    const exported = [];
    for (const of of (await this.#all(readQuery(query))).toReversed()) {
      const where = { room: of.room, kinds: ['room.line'] as const, limit: AROUND.lines };
      const before = await journal.entries({
        ...where,
        since: of.at - AROUND.ms,
        until: of.at + 1,
        newestFirst: true,
      });
      const after = await journal.entries({ ...where, since: of.at + 1, until: of.at + AROUND.ms });
      exported.push({ of, around: aroundOf(of, [...before.toReversed(), ...after]) });
    }
    const write = format === 'json' ? exportJson : exportText;
    return write(exported, self, clock.now());
  }

  async power(_instance: string, room?: string): Promise<readonly RoomPower[]> {
    const { power, settings, rules, actions, book, rooms } = this.#options;
    const records = await book.records(room);
    return (room === undefined ? rooms : [room]).map((each) =>
      powerReport(power.facts(each), { settings, rules, actions, records }),
    );
  }

  async halt(_instance: string, actor: string, reason: string): Promise<void> {
    await this.#options.kill.set({ at: this.#options.clock.now(), actor, reason });
  }

  async resume(): Promise<void> {
    const { kill, enactor } = this.#options;
    await kill.set(undefined);
    await enactor.takeUp();
  }

  async halted(): ReturnType<CasesService['halted']> {
    return this.#options.kill.halted;
  }

  /** Why a person's order cannot be carried out, in words. */
  #refusal({ room, user, consequence }: Pick<Sanction, 'room' | 'user' | 'consequence'>): string | undefined {
    const { people, power, actions } = this.#options;
    const protection = people.protection(user, power.people(room));
    if (protection !== undefined) return `${user} is ${protectionText(protection, room)}`;
    const facts = power.facts(room);
    return permitted(consequence, power.power(room), facts, actions).instead;
  }

  async #recent(room: string, at: number): Promise<Case['lines']> {
    const said = await this.#options.journal.entries({
      room,
      kinds: ['room.line'],
      since: at - AROUND.ms,
      newestFirst: true,
      limit: AROUND.lines,
    });
    return linesOf(said).toReversed();
  }

  /** As many as were asked for; without a limit all of them. */
  async #all(query: CaseQuery): Promise<readonly Case[]> {
    const { book } = this.#options;
    if (query.limit !== undefined) return book.list(query);
    const found: Case[] = [];
    let page = await book.list({ ...query, limit: 500 });
    for (; page.length > 0; page = await book.list({ ...query, limit: 500, before: found.at(-1)!.id }))
      found.push(...page);
    return found;
  }

  async #outcome(id: number, act: (of: Case) => Promise<TakenBack>): Promise<CaseOutcome> {
    return this.#ended(id, await act(await this.#need(id)));
  }

  async #ended(id: number, { ok, message }: TakenBack): Promise<CaseOutcome> {
    const after = await this.#need(id);
    return { case: after, message: message ?? outcomeText(after), ok };
  }

  async #need(id: number): Promise<Case> {
    const of = await this.#options.book.get(id);
    if (of === undefined) throw new PluginError('not-found', `there is no case ${id}`);
    return of;
  }
}
