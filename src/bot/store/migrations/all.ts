import { messages } from './001-messages.ts';
import { state } from './002-state.ts';
import { keyValues } from './003-key-values.ts';
import { journal } from './004-journal.ts';
import type { Migration } from './migration.ts';

/** Every step of the schema, in order. */
export const migrations: readonly Migration[] = [messages, state, keyValues, journal];
