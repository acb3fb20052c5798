/** A whole Soulseek network to develop and test against: a server that behaves as the real one, and people who talk. */
export { type ChatterOptions, chatter } from './people/chatter.ts';
export type { Heard } from './people/listening.ts';
export { type PersonOptions, SandboxPerson } from './people/person.ts';
export { type Act, type Deed, playScript, type RunningScript } from './people/script.ts';
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
