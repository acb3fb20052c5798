import type { PeerAnswers } from './peer-messaging.ts';

/** Answers of somebody who shares nothing and says what it is. @param description shown as our user info. */
export function answersOf(description: string): PeerAnswers {
  return {
    userInfo: () => ({
      description,
      hasPicture: false,
      uploadSlots: 0,
      queueSize: 0,
      slotsFree: false,
      uploadPermitted: 0,
    }),
    shares: () => ({ directories: [], unknown: 0, privateDirectories: [] }),
    folder: () => undefined,
  };
}

/** The network's rules tolerate bots that say so. */
export const DEFAULT_DESCRIPTION = 'This is a bot: an automatic client, run with Seekeeper.';
