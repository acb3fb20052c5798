/** What the `seekeeper` command tells its caller. */
export const ExitCode = {
  ok: 0,
  /** It ran and something went wrong: a refused login, a scenario that was not fulfilled. */
  failed: 1,
  /** It was asked for something that cannot be: wrong usage, a wrong config, a port taken, a bot that runs already. Nothing was started. */
  refused: 2,
} as const;
