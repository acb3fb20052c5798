import {
  decisionsRule,
  governorRule,
  inboxRule,
  jobsRule,
  noticesRule,
  outboxRule,
  pluginsRule,
  processRule,
} from './bot-rules.ts';
import type { DoctorFacts } from './facts.ts';
import type { Finding } from './finding.ts';
import {
  childrenRule,
  parentRule,
  portsRule,
  roomsRule,
  searchesRule,
  sessionRule,
} from './network-rules.ts';

/** In the order in which a person looks: what comes first explains what comes later. */
const RULES: readonly ((facts: DoctorFacts) => Finding | readonly Finding[])[] = [
  sessionRule,
  roomsRule,
  portsRule,
  parentRule,
  childrenRule,
  searchesRule,
  inboxRule,
  outboxRule,
  governorRule,
  pluginsRule,
  jobsRule,
  noticesRule,
  decisionsRule,
  processRule,
];

/** Looks at a running bot. */
export function examine(facts: DoctorFacts): readonly Finding[] {
  return RULES.flatMap((rule) => rule(facts));
}
