/** What `init` has to know. */
export interface InitAnswers {
  readonly user: string;
  /** Where the password will be found; it never stands in the config. */
  readonly password: { readonly env: string } | { readonly file: string };
  readonly server: { readonly host: string; readonly port: number };
  readonly rooms: readonly string[];
  readonly owners: readonly string[];
  /** Example plugins to copy beside the config, by name. */
  readonly plugins: readonly ExampleName[];
}

/** The official server. */
export const officialServer = { host: 'server.slsknet.org', port: 2242 };

/** Examples that need no decisions of their own, with what they do. */
export const examples = {
  greeter: 'welcomes people who come in',
  seen: '!seen NAME: when somebody last spoke',
  about: '!about: says that this is a bot, and whose',
} as const;

export type ExampleName = keyof typeof examples;
