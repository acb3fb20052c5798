import { add, edit, test } from './add.ts';
import type { Part } from './call.ts';
import { get } from './get.ts';
import { exportWishes, importWishes } from './import-export.ts';
import { boost, del, forget, pause, resume, snooze } from './states.ts';
import { ignoreUser, unignoreUser } from './users.ts';
import { list, plan, results, show, why } from './views.ts';

/** Everything that the command can do. */
export const PARTS: readonly Part[] = [
  add,
  list,
  show,
  edit,
  del,
  pause,
  resume,
  snooze,
  boost,
  results,
  why,
  get,
  forget,
  ignoreUser,
  unignoreUser,
  test,
  plan,
  importWishes,
  exportWishes,
];
