/** Tests of plugins: a whole bot in a whole network, in memory and in virtual time. */
export { parseRecording, type RecordedEntry, type Recording } from '../sandbox/index.ts';
export type { TestSearchScope } from './ask.ts';
export type {
  HostSettings,
  OtherPlugin,
  PluginUnderTest,
  ReloadChanges,
  TestBotOptions,
  TestMode,
  TestRoom,
} from './options.ts';
export type { SentLine } from './overheard.ts';
export type { SharedFile } from './shared-files.ts';
export { TestBot, testBot } from './test-bot.ts';
export type { TestStore } from './test-store.ts';
