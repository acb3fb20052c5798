/** What came of an attempt. `later`: it is not known yet, or cannot be done now. */
export type Effect =
  | { readonly state: 'done'; readonly detail?: string }
  | { readonly state: 'failed'; readonly detail: string }
  | { readonly state: 'later'; readonly detail: string };
