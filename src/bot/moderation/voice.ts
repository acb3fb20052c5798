import type { NotifyTarget } from '../../plugins/api/notify.ts';
import type { HostServices } from '../../plugins/host/services.ts';
import type { StaffConfig } from '../config/moderation-config.ts';

/** Something that staff should know. */
export interface StaffNotice {
  /** Told once. */
  readonly key: string;
  readonly title: string;
  readonly lines?: readonly string[];
  /** It needs an answer, or cannot wait for a digest. */
  readonly urgent?: boolean;
}

export interface VoiceOptions {
  readonly services: () => Pick<HostServices, 'say' | 'pm' | 'notices'>;
  readonly staff: StaffConfig;
  /** All staff. */
  readonly names: () => readonly string[];
}

const PRIORITY = { priority: 'moderation' } as const;
/** Whoever reads it after three days cannot do much about it any more. */
const TTL_MS = 3 * 86_400_000;

/** How the engine speaks. Everything is durably queued once it resolves. */
export class Voice {
  readonly #options: VoiceOptions;

  constructor(options: VoiceOptions) {
    this.#options = options;
  }

  /** @param origin tells at a restart whether it was said. @throws Error when it will not be said. */
  async say(room: string, text: string, origin: string): Promise<void> {
    const receipt = await this.#options.services().say(origin, room, [text], PRIORITY);
    if (receipt.state === 'dropped') throw new Error(receipt.detail ?? 'the line was dropped');
  }

  /** @throws Error when it will not be said. */
  async tell(user: string, text: string, origin: string): Promise<void> {
    const receipt = await this.#options.services().pm(origin, user, [text], PRIORITY);
    if (receipt.state === 'dropped') throw new Error(receipt.detail ?? 'the line was dropped');
  }

  /** @returns false: there are no staff. */
  async staff({ key, title, lines = [], urgent = false }: StaffNotice): Promise<boolean> {
    const { services, staff, names } = this.#options;
    const targets: NotifyTarget[] =
      staff.room === undefined ? names().map((pm) => ({ pm })) : [{ room: staff.room }];
    if (targets.length === 0) return false;
    await services().notices.tell('core', targets, {
      title,
      key: `moderation ${key}`,
      group: 'moderation',
      digest: urgent ? 'none' : staff.digest,
      urgent,
      ttlMs: TTL_MS,
      ...(lines.length > 0 && { lines }),
    });
    return true;
  }
}
