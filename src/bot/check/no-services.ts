import type {
  CommandsService,
  HostServices,
  RoomsService,
  SearchService,
  StoreService,
  UsersService,
} from '../../plugins/host/services.ts';

/** Looking at a plugin runs its file and checks its config, never its `setup`; so nothing may be asked of the bot. */
const ONLY_LOOKED_AT = 'a plugin that is only looked at can do nothing';
const refuse = (): Promise<never> => Promise.reject(new Error(ONLY_LOOKED_AT));

/** The bot as a plugin sees it that is only looked at. */
export class NoServices implements HostServices {
  readonly self: HostServices['self'];
  readonly store: StoreService = {
    get: refuse,
    set: refuse,
    delete: refuse,
    keys: refuse,
    compareAndSwap: refuse,
    entries: refuse,
    deleteAll: refuse,
    usage: refuse,
    limit: () => {},
    version: refuse,
    migrate: refuse,
  };
  readonly rooms: RoomsService = {
    list: refuse,
    info: refuse,
    setTicker: refuse,
    addMember: refuse,
    removeMember: refuse,
    addOperator: refuse,
    removeOperator: refuse,
  };
  readonly users: UsersService = {
    facts: refuse,
    shares: refuse,
    address: refuse,
    watch: refuse,
    unwatch: () => {},
  };
  readonly commands: CommandsService = { register: () => {}, unregister: () => {} };
  readonly search: SearchService = {
    run: () => {
      throw new Error(ONLY_LOOKED_AT);
    },
    listen: () => () => {},
    answer: () => () => {},
  };
  readonly jobs: HostServices['jobs'] = {
    register: () => () => {},
    listen: () => () => {},
    setTimer: refuse,
    cancelTimer: refuse,
    getTimer: refuse,
    listTimers: refuse,
  };
  readonly intercept: HostServices['intercept'] = { add: () => () => {} };
  readonly dialogs: HostServices['dialogs'] = { register: () => () => {}, start: refuse, end: refuse };
  readonly metrics: HostServices['metrics'] = { record: () => {} };
  readonly why: HostServices['why'] = { note: refuse };
  readonly personal: HostServices['personal'] = { declare: () => () => {}, handle: () => () => {} };
  readonly wishes: HostServices['wishes'] = {
    register: () => () => {},
    onFinds: () => () => {},
    add: refuse,
    change: refuse,
    remove: refuse,
    get: refuse,
    list: refuse,
    pause: refuse,
    resume: refuse,
    boost: refuse,
    results: refuse,
    result: refuse,
    why: refuse,
    forget: refuse,
    ignore: refuse,
    unignore: refuse,
    ignored: refuse,
    experience: refuse,
    check: refuse,
    test: refuse,
    plan: refuse,
  };
  readonly notices: HostServices['notices'] = { tell: refuse, channels: refuse };
  readonly rules: HostServices['rules'] = { add: () => () => {} };
  readonly actions: HostServices['actions'] = { add: () => () => {} };
  readonly cases: HostServices['cases'] = {
    get: refuse,
    list: refuse,
    strikes: refuse,
    sanction: refuse,
    undo: refuse,
    pardon: refuse,
    decide: refuse,
    note: refuse,
    appeal: refuse,
    answerAppeal: refuse,
    export: refuse,
    power: refuse,
    halt: refuse,
    resume: refuse,
    halted: refuse,
  };
  readonly members: HostServices['members'] = {
    invite: refuse,
    withdraw: refuse,
    remove: refuse,
    op: refuse,
    deop: refuse,
    pending: refuse,
    banned: refuse,
    unban: refuse,
    snapshot: refuse,
    snapshots: refuse,
    difference: refuse,
    restore: refuse,
    applicants: refuse,
    apply: refuse,
    admit: refuse,
    history: refuse,
  };
  readonly languages: HostServices['languages'] = { usual: 'en', rooms: {} };
  readonly http: HostServices['http'] = { request: refuse };
  readonly say = refuse;
  readonly pm = refuse;
  readonly reply = refuse;
  readonly receipt = refuse;

  constructor(user: string) {
    this.self = { user };
  }

  current(): readonly never[] {
    return [];
  }

  seed(): string {
    return ONLY_LOOKED_AT;
  }

  log(): void {}
  report(): void {}
}
