/** What would become of a line, as far as commands are concerned. */
export type CommandPreview =
  /** It calls none. */
  | { readonly verdict: 'talk' }
  /** It calls one that there is not. */
  | { readonly verdict: 'unknown'; readonly name: string }
  | {
      readonly verdict: 'run';
      readonly plugin: string;
      readonly name: string;
      readonly args: Readonly<Record<string, unknown>>;
    }
  /** `says`: what the person would be told; absent: the bot would be silent. */
  | {
      readonly verdict: 'refuse';
      readonly plugin: string;
      readonly name: string;
      readonly reason: string;
      readonly says?: string;
    };
