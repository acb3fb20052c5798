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
  readonly say = refuse;
  readonly pm = refuse;
  readonly reply = refuse;
  readonly receipt = refuse;

  constructor(user: string) {
    this.self = { user };
  }

  log(): void {}
  report(): void {}
}
