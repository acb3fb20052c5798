import type { LineState } from '../ports.ts';

/** What became of a text that was queued, in all its parts. */
export interface Receipt {
  readonly id: string;
  readonly kind: 'room' | 'private';
  /** Room name or user name. */
  readonly to: string;
  /** Of all parts together: `sending` while some have left and some have not. */
  readonly state: LineState;
  /** Why, when it did not go as wished. */
  readonly detail?: string;
  /** Nothing will change any more. */
  readonly final: boolean;
  /** The lines that the text became. */
  readonly parts: readonly { readonly id: string; readonly state: LineState; readonly detail?: string }[];
}

interface Part {
  readonly id: string;
  state: LineState;
  detail: string | undefined;
  final: boolean;
}

interface Group {
  readonly id: string;
  readonly kind: 'room' | 'private';
  readonly to: string;
  readonly parts: Part[];
  receipt: Receipt;
}

/** Finished receipts that are kept; the oldest are forgotten. */
const MAX_FINISHED = 1000;

/** Receipts of all texts under way and of the latest finished ones. */
export class Receipts {
  readonly #groups = new Map<string, Group>();
  readonly #finished = new Set<string>();
  readonly #onChange: (receipt: Receipt) => void;
  readonly #followers = new Map<string, Set<() => void>>();

  constructor(onChange: (receipt: Receipt) => void) {
    this.#onChange = onChange;
  }

  /** The parts must be new; of a group that exists they are further ones. */
  open(
    id: string,
    line: { readonly kind: 'room' | 'private'; readonly to: string },
    parts: readonly string[],
  ): void {
    const made = parts.map((part): Part => ({ id: part, state: 'queued', detail: undefined, final: false }));
    const known = this.#groups.get(id);
    if (known) {
      known.parts.push(...made);
      known.receipt = summarize(known);
      return;
    }
    const group = { id, kind: line.kind, to: line.to, parts: made };
    this.#groups.set(id, { ...group, receipt: summarize(group) });
  }

  /** Moves a part on. `final`: nothing more is expected of it. */
  set(part: string, state: LineState, final: boolean, detail?: string): void {
    const group = this.#groups.get(groupOf(part));
    const found = group?.parts.find(({ id }) => id === part);
    if (!group || !found || found.final) return;
    found.state = state;
    found.final = final;
    found.detail = detail;
    const was = group.receipt;
    group.receipt = summarize(group);
    if (group.receipt.final) this.#finish(group.id);
    if (was.state !== group.receipt.state || was.detail !== group.receipt.detail)
      this.#onChange(group.receipt);
    if (was.state !== group.receipt.state || was.final !== group.receipt.final) {
      for (const notify of this.#followers.get(group.id) ?? []) notify();
    }
  }

  /** By the id of a text or of one of its parts. Undefined when unknown or forgotten. */
  get(id: string): Receipt | undefined {
    return this.#groups.get(groupOf(id))?.receipt;
  }

  /** The receipt now and after every change, until it is final. Ends at once for an unknown id. */
  async *follow(id: string): AsyncGenerator<Receipt, void, undefined> {
    const group = groupOf(id);
    const seen: Receipt[] = [];
    let wake = () => {};
    const notify = () => {
      const receipt = this.get(group);
      if (receipt) seen.push(receipt);
      wake();
    };
    const followers = this.#followers.get(group) ?? new Set();
    this.#followers.set(group, followers.add(notify));
    notify();
    try {
      while (this.#groups.has(group) || seen.length > 0) {
        const receipt = seen.shift();
        if (receipt) {
          yield receipt;
          if (receipt.final) return;
        } else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      followers.delete(notify);
      if (followers.size === 0) this.#followers.delete(group);
    }
  }

  #finish(id: string): void {
    this.#finished.add(id);
    if (this.#finished.size <= MAX_FINISHED) return;
    const oldest = this.#finished.values().next().value!;
    this.#finished.delete(oldest);
    this.#groups.delete(oldest);
  }
}

/** Part ids are the text's id, a dot and a number; a text of one line has one part of its own name. */
export const groupOf = (part: string): string => part.split('.', 1)[0]!;

/** The worst first: one lost part is what the sender must hear of. */
const FINAL_ORDER: readonly LineState[] = ['unknown', 'dropped', 'expired', 'sent', 'seen'];

function summarize(group: Omit<Group, 'receipt'>): Receipt {
  const { id, kind, to, parts } = group;
  const final = parts.every((part) => part.final);
  const left = parts.filter(({ state }) => state === 'sent' || state === 'seen').length;
  const state = final
    ? FINAL_ORDER.find((order) => parts.some((part) => part.state === order))!
    : progress(parts);
  const why = parts.find((part) => part.state === state && part.detail !== undefined)?.detail;
  const count =
    final && parts.length > 1 && left < parts.length
      ? `${left} of ${parts.length} lines were sent`
      : undefined;
  const detail = [count, why].filter((text) => text !== undefined).join('; ');
  return {
    id,
    kind,
    to,
    state,
    final,
    ...(detail !== '' && { detail }),
    parts: parts.map((part) => ({
      id: part.id,
      state: part.state,
      ...(part.detail !== undefined && { detail: part.detail }),
    })),
  };
}

function progress(parts: readonly Part[]): LineState {
  if (parts.every(({ state }) => state === 'queued')) return 'queued';
  return parts.some(({ state }) => state === 'queued' || state === 'sending') ? 'sending' : 'sent';
}
