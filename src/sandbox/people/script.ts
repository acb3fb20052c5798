import type { Clock, Timer } from '../../platform/clock.ts';
import type { SandboxPerson } from './person.ts';

/** Something that somebody does. */
export type Deed =
  | { readonly do: 'login' }
  | { readonly do: 'logout' }
  | { readonly do: 'join'; readonly room: string; readonly private?: boolean }
  | { readonly do: 'leave'; readonly room: string }
  | { readonly do: 'say'; readonly room: string; readonly text: string }
  | { readonly do: 'pm'; readonly to: string; readonly text: string }
  | { readonly do: 'ticker'; readonly room: string; readonly text: string }
  | { readonly do: 'watch'; readonly user: string }
  | { readonly do: 'away' | 'back' }
  | { readonly do: 'invitations'; readonly on: boolean }
  | {
      readonly do: 'add-member' | 'remove-member' | 'add-operator' | 'remove-operator';
      readonly room: string;
      readonly user: string;
    };

/** A deed with its time (milliseconds from the start of the script) and its doer. */
export type Act = Deed & { readonly at: number; readonly who: string };

export interface ScriptOptions {
  readonly clock: Clock;
  /** Finds the person of a name. */
  readonly person: (name: string) => SandboxPerson;
  readonly acts: readonly Act[];
  /** Called just before each act is done. */
  readonly onAct?: (act: Act) => void;
}

export interface RunningScript {
  /** Resolves when every act is done or the script was stopped; rejects with the first failure. */
  readonly done: Promise<void>;
  /** What was not begun will not be. */
  stop(): void;
}

/**
 * Plays a timetable. The acts of one person happen in order, each at its time or when the one before is done; whoever
 * is not logged in at the first act logs in by itself.
 */
export function playScript({ clock, person, acts, onAct }: ScriptOptions): RunningScript {
  const timers = new Set<Timer>();
  const queues = new Map<string, Promise<void>>();
  let finish: () => void = () => {};
  const begin = (act: Act): Promise<void> => {
    const before = queues.get(act.who) ?? Promise.resolve();
    const after = before.then(() => {
      onAct?.(act);
      return perform(person(act.who), act);
    });
    queues.set(act.who, after);
    return after;
  };
  const done = new Promise<void>((resolve, reject) => {
    let open = acts.length;
    finish = resolve;
    if (open === 0) resolve();
    for (const act of [...acts].sort((a, b) => a.at - b.at)) {
      const timer = clock.setTimeout(() => {
        timers.delete(timer);
        begin(act).then(() => {
          open--;
          if (open === 0) resolve();
        }, reject);
      }, act.at);
      timers.add(timer);
    }
  });
  return {
    done,
    stop() {
      for (const timer of timers) timer.cancel();
      timers.clear();
      finish();
    },
  };
}

/** Does one thing; resolves when it is done as far as one can tell. */
async function perform(person: SandboxPerson, deed: Deed): Promise<void> {
  if (!person.connected && deed.do !== 'logout') await enter(person);
  if (deed.do === 'join') await person.join(deed.room, { private: deed.private ?? false });
  else doAtOnce(person, deed);
}

/** What needs no answer. */
function doAtOnce(person: SandboxPerson, deed: Exclude<Deed, { readonly do: 'join' }>): void {
  switch (deed.do) {
    case 'login':
      break;
    case 'logout':
      person.logout();
      break;
    case 'leave':
      person.leave(deed.room);
      break;
    case 'say':
      person.say(deed.room, deed.text);
      break;
    case 'pm':
      person.pm(deed.to, deed.text);
      break;
    case 'ticker':
      person.setTicker(deed.room, deed.text);
      break;
    case 'watch':
      person.watch(deed.user);
      break;
    case 'away':
    case 'back':
      person.away(deed.do === 'away');
      break;
    case 'invitations':
      person.allowInvitations(deed.on);
      break;
    case 'add-member':
      person.addMember(deed.room, deed.user);
      break;
    case 'remove-member':
      person.removeMember(deed.room, deed.user);
      break;
    case 'add-operator':
      person.addOperator(deed.room, deed.user);
      break;
    case 'remove-operator':
      person.removeOperator(deed.room, deed.user);
      break;
  }
}

async function enter(person: SandboxPerson): Promise<void> {
  const answer = await person.login();
  if (!answer.success) throw new Error(`${person.name} may not log in: ${answer.reason}`);
}
