import type { SandboxPerson } from '../index.ts';
import type { RecordedEntry, Recording } from './recording.ts';

/** Where a recording is played. */
export interface Theatre {
  /** The bot's name: private messages go there. */
  readonly bot: string;
  /** Somebody, logged in. */
  person(user: string): Promise<SandboxPerson>;
  /** Somebody inside a room. */
  inside(user: string, room: string): Promise<SandboxPerson>;
  /** Lets time pass, in milliseconds. */
  wait(ms: number): Promise<void>;
}

/** Plays a recording: the same acts in the same order, with the same pauses. */
export async function playRecording({ entries }: Recording, theatre: Theatre): Promise<void> {
  let at = 0;
  for (const entry of entries) {
    if (entry.at > at) await theatre.wait(entry.at - at);
    at = entry.at;
    await play(entry, theatre);
  }
}

async function play(entry: RecordedEntry, theatre: Theatre): Promise<void> {
  const { user } = entry;
  switch (entry.act) {
    case 'say':
      (await theatre.inside(user, entry.room)).say(entry.room, entry.text);
      return;
    case 'join':
      await theatre.inside(user, entry.room);
      return;
    case 'leave':
      (await theatre.inside(user, entry.room)).leave(entry.room);
      return;
    case 'ticker':
      (await theatre.inside(user, entry.room)).setTicker(entry.room, entry.text);
      return;
    case 'pm':
      (await theatre.person(user)).pm(theatre.bot, entry.text);
      return;
    case 'status': {
      const person = await theatre.person(user);
      if (entry.status === 'offline') person.logout();
      else person.away(entry.status === 'away');
    }
  }
}
