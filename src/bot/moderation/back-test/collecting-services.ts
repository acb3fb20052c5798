import type { LineReceipt } from '../../../plugins/api/lines.ts';
import { CASE_CALLS, MEMBER_CALLS } from '../../../plugins/host/moderation-calls.ts';
import type { HostServices } from '../../../plugins/host/services.ts';
import { NoServices } from '../../check/no-services.ts';

const WHY = 'only rules are looked at';

const nothing = async (): Promise<undefined> => undefined;
const none = async (): Promise<readonly never[]> => [];
const refused = async () => ({ state: 'refused', code: 'not-joined', reason: WHY }) as const;
const dropped = async (): Promise<LineReceipt> => ({ id: 'none', state: 'dropped', detail: WHY });

/** Questions about lists are answered with an empty one; whatever would change something is refused. */
const LISTS = ['list', 'strikes', 'power', 'pending', 'banned', 'snapshots', 'applicants', 'history'];

/** A bot in no room that does nothing: enough for a plugin's `setup` to add its rules. */
export function collectingServices(
  self: string,
  { store, rules, actions }: Pick<HostServices, 'store' | 'rules' | 'actions'>,
): HostServices {
  const no = new NoServices(self);
  return {
    self: no.self,
    commands: no.commands,
    search: no.search,
    intercept: no.intercept,
    dialogs: no.dialogs,
    metrics: no.metrics,
    personal: no.personal,
    wishes: no.wishes,
    languages: no.languages,
    http: no.http,
    store,
    rules,
    actions,
    rooms: {
      list: none,
      info: nothing,
      setTicker: refused,
      addMember: refused,
      removeMember: refused,
      addOperator: refused,
      removeOperator: refused,
    },
    users: {
      ...no.users,
      facts: async (_instance, user) => ({ user, rooms: [], roles: [] }),
      address: nothing,
      watch: async () => {},
    },
    jobs: {
      ...no.jobs,
      setTimer: async () => {},
      cancelTimer: async () => false,
      getTimer: nothing,
      listTimers: none,
    },
    notices: { tell: none, channels: none },
    cases: quiet(no.cases, CASE_CALLS),
    members: quiet(no.members, MEMBER_CALLS),
    why: { note: async () => WHY },
    say: dropped,
    pm: dropped,
    reply: dropped,
    receipt: nothing,
    current: () => [],
    seed: () => no.seed(),
    log: () => {},
    report: () => {},
  };
}

function quiet<T extends object>(refusing: T, calls: object): T {
  const answers: Record<string, () => Promise<unknown>> = {};
  for (const name of Object.keys(calls)) {
    if (LISTS.includes(name)) answers[name] = none;
    else if (name === 'get' || name === 'halted') answers[name] = nothing;
  }
  return { ...refusing, ...answers };
}
