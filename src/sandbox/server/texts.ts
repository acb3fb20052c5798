/**
 * What the server says by private message, word for word. It is the only feedback on room administration that
 * clients get, so they match these sentences [aioslsk, observed].
 */
export const texts = {
  notLoggedIn: (user: string) => `user ${user} is not logged in.`,
  invitationsOff: (user: string, apostrophe: string) =>
    `user ${user} hasn${apostrophe}t enabled private room add. please message them and ask them to do so before trying to add them again.`,
  alreadyMember: (user: string, room: string) => `user ${user} is already a member of room ${room}`,
  isOwner: (user: string, room: string) => `user ${user} is the owner of room ${room}`,
  mustBeMember: (user: string, room: string) => `user ${user} must first be a member of room ${room}`,
  alreadyOperator: (user: string, room: string) => `user ${user} is already an operator of room ${room}`,
  nowMember: (user: string, room: string) => `User ${user} is now a member of room ${room}`,
  addedByOperator: (user: string, room: string, operator: string) =>
    `User [${user}] was added as a member of room [${room}] by operator [${operator}]`,
  noLongerMember: (user: string, room: string) => `User ${user} is no longer a member of room ${room}`,
  nowOperator: (user: string, room: string) => `User ${user} is now an operator of room ${room}`,
  noLongerOperator: (user: string, room: string) => `User ${user} is no longer an operator of room ${room}`,
  registeredPublic: (room: string) => `Room (${room}) is registered as public.`,
  registeredPrivate: (room: string) => `The room you are trying to enter (${room}) is registered as private.`,
  roomNameRefused: (fault: string) => `Could not create room. Reason: ${fault}`,
  banned: (minutes: number) =>
    `System Message: You have been banned for ${minutes} minutes. This is usually the result of doing too many ` +
    'operations at once. Do not flood chat rooms or private chat with many messages. Do not repeat the same text ' +
    'several times in a row. Do not quickly repeat a search. Do not connect and disconnect quickly. Do not connect ' +
    'many clients at once from the same IP. This list is by no mean exhaustive. You will be able to reconnect to ' +
    `the service in ${minutes} minutes. NOTE: This is an automatic message, dont try to answer it.`,
} as const;
