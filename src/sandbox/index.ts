/** A whole Soulseek network to develop and test against: a server that behaves as the real one, and people who talk, share and misbehave. */
export type { PeerBehaviour, PeerKind, Spoil, Spoilable, TreeBehaviour } from './peers/behaviour.ts';
export { PEER_KINDS } from './peers/behaviour.ts';
export type { BranchView } from './peers/branch.ts';
export { type GeneratedLibrary, library } from './peers/generate-library.ts';
export { Library, type LibraryFile, type LibraryFolder } from './peers/library.ts';
export { type PeerOptions, SandboxPeer, type SomeBehaviour } from './peers/sandbox-peer.ts';
export { type ChatterOptions, chatter } from './people/chatter.ts';
export type { Heard } from './people/listening.ts';
export { type PersonOptions, SandboxPerson } from './people/person.ts';
export { type Act, type Deed, playScript, type RunningScript } from './people/script.ts';
export { playRecording, type Theatre } from './recording/player.ts';
export {
  parseRecording,
  type RecordedAct,
  type RecordedEntry,
  type Recording,
  recordingHead,
  roomsIn,
} from './recording/recording.ts';
export {
  type RealSandboxOptions,
  realSandbox,
  Sandbox,
  VirtualSandbox,
  type VirtualSandboxOptions,
  virtualSandbox,
} from './sandbox.ts';
export type { Dialect } from './server/dialect.ts';
export type { SandboxServerEvents } from './server/events.ts';
export { DEFAULT_FLOOD_LIMITS, type FloodLimits, type RateLimit } from './server/flood-limits.ts';
export type { Received } from './server/journal.ts';
export type { AccountSeed, RoomSeed, SandboxServerOptions, ServerPlatform } from './server/options.ts';
export { SandboxServer } from './server/server.ts';
export type { AccountView, MessageView, RoomView, SessionView, WorldView } from './server/world-view.ts';
