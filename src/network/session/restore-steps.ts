/** The order in which per-session state is sent again after every login. SharedFoldersFiles goes before WatchUser of ourselves, or the statistics that come back are stale [Nicotine+]. */
export const RestoreStep = {
  tree: 10,
  shares: 20,
  privileges: 30,
  status: 40,
  watchSelf: 50,
  interests: 60,
  watches: 70,
  roomList: 80,
  invitations: 90,
  globalRoom: 100,
  rooms: 110,
} as const;
