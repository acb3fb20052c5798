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
  readonly users: UsersService = { facts: refuse, watch: refuse, unwatch: () => {} };
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
