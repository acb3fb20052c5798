import type { Generated } from 'kysely';

/** Decisions about people. */
export type CaseTables = {
  moderation_case: CaseTable;
  case_log: CaseLogTable;
};

/**
 * One decision. What was decided never changes; `state`, `until_at`, `pardoned` and the appeal's state are what the log says
 * last, kept here so that they can be asked for.
 */
export interface CaseTable {
  /** Counted from 1 by the engine. */
  id: number;
  at: number;
  /** exact */
  room: string;
  /** exact */
  person: string;
  /** `plugin/rule`; null for what a person commanded or what was only observed. */
  rule: string | null;
  /** exact */
  rule_version: string | null;
  points: number;
  total: number;
  /** exact */
  reason: string;
  /** exact */
  evidence: string | null;
  /** JSON: the lines around it */
  said: string;
  mode: 'shadow' | 'suggest' | 'live';
  wanted: string;
  consequence: string;
  /** exact */
  instead: string | null;
  /** The ceiling of what was to follow. */
  at_most: string | null;
  until_at: number | null;
  state: string;
  /** exact */
  actor: string;
  /** 1: its points do not count any more. */
  void: number;
  /** 1: undone or pardoned, and its effect has yet to be taken back. */
  to_take_back: number;
  /** When it was last acted upon, or something was last seen of it. */
  changed_at: number;
  appeal_at: number | null;
  /** exact */
  appeal_text: string | null;
  appeal_state: 'open' | 'granted' | 'rejected' | null;
}

/** What happened afterwards; rows are only ever added, and go with their case. */
export interface CaseLogTable {
  seq: Generated<number>;
  case_id: number;
  at: number;
  /** exact */
  actor: string;
  what: string;
  /** exact */
  detail: string | null;
}
