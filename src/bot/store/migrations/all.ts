import { messages } from './001-messages.ts';
import { state } from './002-state.ts';
import { keyValues } from './003-key-values.ts';
import { journal } from './004-journal.ts';
import { jobs } from './005-jobs.ts';
import { dialogs } from './006-dialogs.ts';
import { whyAndPeople } from './007-why-and-people.ts';
import { wishes } from './008-wishes.ts';
import { notices } from './009-notices.ts';
import { cases } from './010-cases.ts';
import { members } from './011-members.ts';
import type { Migration } from './migration.ts';

/** Every step of the schema, in order. */
export const migrations: readonly Migration[] = [
  messages,
  state,
  keyValues,
  journal,
  jobs,
  dialogs,
  whyAndPeople,
  wishes,
  notices,
  cases,
  members,
];
