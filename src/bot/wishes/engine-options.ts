import type { SoulseekClient } from '../../network/client.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { MetricsService } from '../../plugins/host/services.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import type { Store } from '../store/store.ts';
import type { NoteDecision } from '../why/decision.ts';
import type { WishesConfig } from './wish-config.ts';

export interface WishEngineOptions {
  readonly client: Pick<SoulseekClient, 'username' | 'searches' | 'governor' | 'users' | 'state' | 'on'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly store: Pick<Store, 'wishes' | 'wishMemory' | 'wishFinds' | 'wishPeople'>;
  readonly scheduler: Pick<Scheduler, 'register' | 'runNow'>;
  readonly config: WishesConfig;
  readonly buddies: readonly string[];
  /** Of wishes that name none. */
  readonly timezone: string;
  readonly isLoaded: (instance: string) => boolean;
  readonly note: NoteDecision;
  readonly metrics: Pick<MetricsService, 'record'>;
}
