import type { Kysely } from 'kysely';
import type { SqlEngine } from '../sql-backend.ts';

/** One step of the schema. Once released it never changes: a new step mends what an old one got wrong. */
export interface Migration {
  /** 1, 2, 3, … without gaps. */
  readonly version: number;
  readonly name: string;
  /** Runs in a transaction of its own. The rows' types are those of that time, so the builder is untyped. */
  up(db: Kysely<never>, engine: SqlEngine): Promise<void>;
}
