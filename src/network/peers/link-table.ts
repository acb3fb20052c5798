import type { Link } from './link.ts';
import type { PeerType } from './peer-link.ts';

/** Where a link belongs: of D a user may have one as our parent and one as our child. */
const sameKind = (a: Link, b: Link): boolean =>
  a.type === b.type && (a.type !== 'D' || a.incoming === b.incoming);

/**
 * All links by user, and which of several is the one to send on. Of type P the newest proven one is; those before it
 * are still read for a while. Of type D there is one per direction. Of type F there may be any number.
 */
export class LinkTable {
  readonly #byUser = new Map<string, Link[]>();
  readonly #count: Record<PeerType, number> = { P: 0, D: 0, F: 0 };
  readonly #username: () => string;
  readonly #raceMs: number;

  /** @param username ours: it decides races. @param raceMs see PeerLimits. */
  constructor(username: () => string, raceMs: number) {
    this.#username = username;
    this.#raceMs = raceMs;
  }

  /** The link to send on, or the only one of its kind. */
  primary(user: string, type: PeerType, incoming?: boolean): Link | undefined {
    return this.#byUser
      .get(user)
      ?.find(
        (link) =>
          link.type === type &&
          link.role === 'primary' &&
          (type === 'P' || incoming === undefined || link.incoming === incoming),
      );
  }

  of(user: string): readonly Link[] {
    return this.#byUser.get(user) ?? [];
  }

  count(type: PeerType): number {
    return this.#count[type];
  }

  *[Symbol.iterator](): Generator<Link> {
    for (const links of this.#byUser.values()) yield* links;
  }

  add(link: Link): void {
    const links = this.#byUser.get(link.user);
    const before = this.primary(link.user, link.type, link.incoming);
    if (links === undefined) this.#byUser.set(link.user, [link]);
    else links.push(link);
    this.#count[link.type] += 1;
    if (before === undefined || link.type === 'F') return;
    if (before.verified && !link.verified) link.role = 'side';
    else this.#compete(before, link);
  }

  remove(link: Link): void {
    const links = this.#byUser.get(link.user);
    const at = links?.indexOf(link) ?? -1;
    if (links === undefined || at < 0) return;
    links.splice(at, 1);
    this.#count[link.type] -= 1;
    if (links.length === 0) this.#byUser.delete(link.user);
    if (link.role !== 'primary' || link.type === 'F') return;
    const heirs = links.filter((other) => sameKind(other, link));
    const heir = heirs.findLast((other) => other.verified) ?? heirs.at(-1);
    if (heir !== undefined) heir.role = 'primary';
  }

  /** A link has become proven: it takes the place of one that is not, or that is older. */
  proven(link: Link): void {
    if (link.role !== 'side') return;
    const primary = this.primary(link.user, link.type, link.incoming);
    if (primary === undefined) link.role = 'primary';
    else this.#compete(primary, link);
  }

  /** The peer speaks on a link that was replaced: then it is the one that the peer has kept. */
  revived(link: Link): void {
    const primary = this.primary(link.user, link.type, link.incoming);
    if (primary === undefined || primary === link || (primary.verified && !link.verified)) return;
    // The other side decides a race as we do; what it sent before it knew of the race changes nothing.
    if (!link.lostRace) this.#replace(primary, link);
  }

  /** A newcomer replaces what was there, unless that is a race which it loses. */
  #compete(before: Link, link: Link): void {
    const race = this.#race(before, link);
    if (race >= 0) {
      before.lostRace = race > 0;
      this.#replace(before, link);
    } else {
      link.lostRace = true;
      link.retire();
    }
  }

  #replace(old: Link, link: Link): void {
    link.role = 'primary';
    if (old.owed !== undefined) {
      link.owed = [...(link.owed ?? []), ...old.owed];
      old.owed = undefined;
    }
    old.retire();
  }

  /**
   * Both sides may open connections to each other at a time, in two ways each, and see them in different order: if each
   * kept its newest, each would close what the other kept. So of such both keep the same one: that of the side whose
   * name sorts first, and of one side rather that with a name than that with a token.
   * @returns above 0: the newcomer; below 0: the other; 0: it is no race.
   */
  #race(before: Link, link: Link): number {
    if (link.type !== 'P' || !before.verified || link.openedAt - before.openedAt > this.#raceMs) return 0;
    if (before.accepted !== link.accepted) {
      const oursWins = this.#username() < link.user;
      return link.accepted === oursWins ? -1 : 1;
    }
    return Number(link.named) - Number(before.named);
  }
}
