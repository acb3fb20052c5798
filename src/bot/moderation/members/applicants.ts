import { PluginError } from '../../../plugins/api/errors.ts';
import type { Applicant } from '../../../plugins/api/members.ts';
import type { StoreMembers } from '../../store/members.ts';
import type { StoredApplicant } from '../../store/members-rows.ts';
import type { BanList } from './ban-list.ts';
import type { MembersContext } from './ports.ts';
import { banText } from './texts.ts';
import { without } from './without.ts';

/** Nobody has done anything about an application for so long: it is void. */
const APPLICATION_MS = 30 * 86_400_000;
/** Open applications of one room. */
const MAX_APPLICANTS = 1_000;
const MAX_ANSWERS = 20;
const MAX_VOUCHERS = 50;
const MAX_TEXT = 500;
const STATES: readonly Applicant['state'][] = [
  'asked',
  'answered',
  'waiting',
  'approved',
  'rejected',
  'expired',
];

export interface ApplicantsOptions extends MembersContext {
  readonly store: Pick<StoreMembers, 'applicant' | 'applicants'>;
  readonly bans: Pick<BanList, 'flagOf' | 'get'>;
}

/** The records of a join gate; its steps are a plugin's. */
export class Applicants {
  readonly #options: ApplicantsOptions;

  constructor(options: ApplicantsOptions) {
    this.#options = options;
  }

  async list(room: string | undefined): Promise<readonly Applicant[]> {
    const now = this.#options.clock.now();
    return (await this.#options.store.applicants(room)).map((of) => publicApplicant(of, now));
  }

  /** Notes somebody, or what is new of them. @throws PluginError `invalid`, `too-many`; StoreError (as rejection). */
  async apply(given: unknown): Promise<Applicant> {
    const read = readApplicant(given);
    const { store, clock } = this.#options;
    const { room, user } = read;
    const known = await store.applicant(room, user);
    const open = known !== undefined && !isOver(publicApplicant(known, clock.now()));
    if (!open && (await this.list(room)).filter((of) => !isOver(of)).length >= MAX_APPLICANTS)
      throw new PluginError('too-many', `${room} has ${MAX_APPLICANTS} applicants already`);
    return this.#put({ ...read, at: open ? known.at : clock.now() });
  }

  /** @throws PluginError `not-found`, `conflict` when it is decided already; StoreError (as rejection). */
  async decide(room: string, user: string, by: string, answer: 'approve' | 'reject'): Promise<Applicant> {
    const { store, clock } = this.#options;
    const known = await store.applicant(room, user);
    if (known === undefined) throw new PluginError('not-found', `${user} has not applied to ${room}`);
    const of = publicApplicant(known, clock.now());
    const state = answer === 'approve' ? 'approved' : 'rejected';
    // The same answer again may follow a crash: the invitation is made if it is not.
    if (of.state !== state && (of.state === 'approved' || of.state === 'rejected'))
      throw new PluginError('conflict', `${user} is ${of.state} already`);
    return this.#put({ ...known, state, detail: `${state} by ${by}` });
  }

  async #put(of: Omit<StoredApplicant, 'changedAt'>): Promise<Applicant> {
    const { bans, clock, commit } = this.#options;
    const ban = bans.get(of.room, of.user);
    const flag = ban === undefined ? bans.flagOf(of.room, of.user) : banText(ban);
    const applicant: StoredApplicant = {
      ...without(of, 'flag'),
      changedAt: clock.now(),
      ...(flag !== undefined && { flag }),
    };
    await commit({ applicants: [applicant] });
    return publicApplicant(applicant, clock.now());
  }
}

const isOver = ({ state }: Pick<Applicant, 'state'>): boolean =>
  state === 'approved' || state === 'rejected' || state === 'expired';

function publicApplicant({ flag, ...of }: StoredApplicant, now: number): Applicant {
  const expired = !isOver(of) && now - of.changedAt >= APPLICATION_MS;
  const detail = [of.detail, flag].filter((text) => text !== undefined).join('; ');
  return { ...of, ...(expired && { state: 'expired' as const }), ...(detail !== '' && { detail }) };
}

function readApplicant(given: unknown): Omit<StoredApplicant, 'at' | 'changedAt'> {
  const { room, user, state, answers, vouchers, detail } = given as Partial<Record<keyof Applicant, unknown>>;
  const invalid = (what: string) => new PluginError('invalid', `bot.members.apply: ${what}`);
  if (!isText(room) || room === '') throw invalid('room must be the name of a room');
  if (!isText(user) || user === '') throw invalid('user must be the name of a user');
  if (!STATES.includes(state as Applicant['state']))
    throw invalid(`state must be one of ${STATES.join(', ')}`);
  if (detail !== undefined && !isText(detail))
    throw invalid(`detail must be a text of at most ${MAX_TEXT} characters`);
  if (!Array.isArray(answers) || answers.length > MAX_ANSWERS || !answers.every(isAnswer))
    throw invalid(
      `answers must be at most ${MAX_ANSWERS} of { question, answer }, each a text of at most ${MAX_TEXT} characters`,
    );
  if (!Array.isArray(vouchers) || vouchers.length > MAX_VOUCHERS || !vouchers.every(isText))
    throw invalid(`vouchers must be at most ${MAX_VOUCHERS} user names`);
  return {
    room,
    user,
    state: state as Applicant['state'],
    answers: answers.map(({ question, answer }) => ({ question, answer })),
    vouchers: [...new Set(vouchers)],
    ...(detail !== undefined && { detail }),
  };
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= MAX_TEXT;

function isAnswer(value: unknown): value is { question: string; answer: string } {
  if (typeof value !== 'object' || value === null) return false;
  const { question, answer } = value as Record<string, unknown>;
  return isText(question) && isText(answer);
}
