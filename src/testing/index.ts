/** Tests of plugins: a whole bot in a whole network, in memory and in virtual time. */
export type { TestSearchScope } from './ask.ts';
export type { PluginUnderTest, TestBotOptions, TestRoom } from './options.ts';
export type { SentLine } from './overheard.ts';
export type { SharedFile } from './shared-files.ts';
export { TestBot, testBot } from './test-bot.ts';
export type { TestStore } from './test-store.ts';
