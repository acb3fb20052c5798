/** Lines of one telling, unless the channel says otherwise. */
export const MAX_LINES = { pm: 10, room: 5 } as const;
