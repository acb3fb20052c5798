import type { Clock, Timer } from '../../platform/clock.ts';
import { placeKey } from '../../plugins/host/event-key.ts';
import type { OpenDialog, Partner } from './dialog-store.ts';

/** What is kept in memory of a conversation; its state rests on disk. */
export type WaitingDialog = Pick<OpenDialog, 'id' | 'instance' | 'dialog' | 'partner' | 'onTimeout'>;

interface Entry {
  readonly dialog: WaitingDialog;
  expiresAt: number;
  /** Its step runs: that was in time. */
  busy: boolean;
  timer: Timer | undefined;
}

/** Who is in the middle of a conversation, and until when: at most one per person and place. */
export class WaitingDialogs {
  readonly #clock: Clock;
  readonly #expired: (dialog: WaitingDialog) => void;
  readonly #entries = new Map<string, Entry>();
  readonly #counts = new Map<string, number>();

  /** @param expired nobody answered in time; it does not wait any more */
  constructor(clock: Clock, expired: (dialog: WaitingDialog) => void) {
    this.#clock = clock;
    this.#expired = expired;
  }

  get(partner: Partner): WaitingDialog | undefined {
    return this.#entries.get(keyOf(partner))?.dialog;
  }

  /** How many this plugin has. */
  countOf(instance: string): number {
    return this.#counts.get(instance) ?? 0;
  }

  /** All of one person. */
  of(user: string): readonly WaitingDialog[] {
    return [...this.#entries.values()].flatMap(({ dialog }) =>
      dialog.partner.user === user ? [dialog] : [],
    );
  }

  /** It waits from here on, instead of what was there. @param expiresAt milliseconds since the epoch */
  set(dialog: WaitingDialog, expiresAt: number): void {
    this.#remove(dialog.partner);
    const entry: Entry = { dialog, expiresAt, busy: false, timer: undefined };
    this.#entries.set(keyOf(dialog.partner), entry);
    this.#counts.set(dialog.instance, this.countOf(dialog.instance) + 1);
    this.#arm(entry);
  }

  /** It has all the time in the world, until `resume`. */
  pause(dialog: WaitingDialog): void {
    const entry = this.#entryOf(dialog);
    if (entry === undefined) return;
    entry.busy = true;
    entry.timer?.cancel();
  }

  /** @param expiresAt a later end than before */
  resume(dialog: WaitingDialog, expiresAt?: number): void {
    const entry = this.#entryOf(dialog);
    if (entry === undefined) return;
    entry.busy = false;
    entry.expiresAt = expiresAt ?? entry.expiresAt;
    this.#arm(entry);
  }

  /** @returns false when it was over already, or another one took its place. */
  delete(dialog: WaitingDialog): boolean {
    if (this.#entryOf(dialog) === undefined) return false;
    this.#remove(dialog.partner);
    return true;
  }

  /** Nothing expires any more. */
  stop(): void {
    for (const { timer } of this.#entries.values()) timer?.cancel();
  }

  #entryOf({ id, partner }: WaitingDialog): Entry | undefined {
    const entry = this.#entries.get(keyOf(partner));
    return entry?.dialog.id === id ? entry : undefined;
  }

  #remove(partner: Partner): void {
    const key = keyOf(partner);
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    entry.timer?.cancel();
    this.#entries.delete(key);
    const left = this.countOf(entry.dialog.instance) - 1;
    if (left > 0) this.#counts.set(entry.dialog.instance, left);
    else this.#counts.delete(entry.dialog.instance);
  }

  #arm(entry: Entry): void {
    entry.timer?.cancel();
    entry.timer = this.#clock.setTimeout(() => {
      // It may have been replaced or paused since.
      if (this.#entryOf(entry.dialog) !== entry || entry.busy) return;
      this.#remove(entry.dialog.partner);
      this.#expired(entry.dialog);
    }, entry.expiresAt - this.#clock.now());
  }
}

function keyOf({ user, room }: Partner): string {
  return placeKey(room, user);
}
