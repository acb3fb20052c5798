/** What tests have switched on against single users, across sessions. */
export class Faults {
  /** Names whose Login is never answered; `*` for everybody. */
  readonly deaf = new Set<string>();
  /** Names that are neither heard nor answered. */
  readonly muted = new Set<string>();

  isDeafTo(username: string): boolean {
    return this.deaf.has(username) || this.deaf.has('*');
  }
}
