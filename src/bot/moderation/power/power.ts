import type { Power } from '../../../plugins/api/cases.ts';
import type { Standing } from '../../../plugins/api/rooms.ts';

/** What is known of a room. */
export interface RoomFacts {
  readonly room: string;
  readonly joined: boolean;
  readonly private: boolean;
  readonly standing: Standing;
  /** The server would not let the bot in; moderators whom it named. */
  readonly refusal?: { readonly reason: string; readonly moderators?: readonly string[] };
}

/** What could be done in a room. */
export function powerIn({ joined, private: isPrivate, standing, refusal }: RoomFacts): Power {
  if (joined && !isPrivate) return 'public';
  // Owners and operators need not be inside.
  if (isPrivate && standing === 'owner') return 'private-owner';
  if (isPrivate && standing === 'operator') return 'private-operator';
  if (isPrivate && (joined || standing === 'member')) return 'private-member';
  if (refusal === undefined) return 'absent';
  return refusal.moderators === undefined ? 'refused' : 'moderated';
}

/** The same in words, as a sentence without full stop. */
export function powerText(power: Power, { room, refusal }: Pick<RoomFacts, 'room' | 'refusal'>): string {
  switch (power) {
    case 'public':
      return `${room} is a public room: nobody can remove anyone here`;
    case 'private-owner':
      return `${room} is a private room and mine: I can remove anybody and let people in`;
    case 'private-operator':
      return `I am an operator of the private room ${room}: I can remove plain members and let people in, but not touch its operators`;
    case 'private-member':
      return `I am a plain member of the private room ${room}: only its owner and operators can remove anyone`;
    case 'moderated': {
      const names = refusal?.moderators ?? [];
      const whom = names.length === 0 ? 'its moderators' : names.join(', ');
      return `${room} is moderated by the server's people and I am not let in: ask ${whom}`;
    }
    case 'refused':
      return `I am not let into ${room}: ${refusal?.reason.replace(/\.+$/, '') ?? 'the server did not say why'}`;
    case 'absent':
      return `I am not in ${room} now, so nothing can be done there`;
  }
}

/** Why nobody can be put out, for the end of a sentence. */
export function whyNoRemoval(power: Power, facts: Pick<RoomFacts, 'room' | 'refusal'>): string | undefined {
  return power === 'private-owner' || power === 'private-operator' ? undefined : powerText(power, facts);
}
