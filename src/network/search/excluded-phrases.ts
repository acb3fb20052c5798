import type { ServerLink } from '../server-link.ts';

/**
 * What the server forbids in search responses: files whose path contains one of its phrases are left out, or the whole
 * network is in danger [Nicotine+ doc, Soulseek.NET]. Browsing is not concerned. The list is kept until another comes,
 * over reconnects too.
 */
export class ExcludedPhrases {
  #phrases: readonly string[] = [];

  constructor(link: ServerLink) {
    link.on('ExcludedSearchPhrases', ({ phrases }) => {
      // An empty phrase is in every path: it must be a mistake.
      this.#phrases = [...new Set(phrases.map((phrase) => phrase.toLowerCase()))].filter(
        (phrase) => phrase !== '',
      );
    });
  }

  /** In lower case. */
  get phrases(): readonly string[] {
    return this.#phrases;
  }

  /** Whether a file with this whole path may be named in a response. */
  allows(path: string): boolean {
    if (this.#phrases.length === 0) return true;
    const lower = path.toLowerCase();
    return !this.#phrases.some((phrase) => lower.includes(phrase));
  }
}
