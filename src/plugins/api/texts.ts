/** Texts by key; `{name}` stands for a parameter. */
export type Texts = Readonly<Record<string, string>>;

/** Texts by language: BCP 47 tags in lower case, such as `en`, `de`, `pt-br`. The first is the one to fall back to. */
export type Translations = Readonly<Record<string, Texts>>;

export type TextParams = Readonly<Record<string, string | number>>;

/**
 * A text in the language of the room (`language` in the config of the room, else of the bot), falling back to the plugin's
 * first language, then to the key itself.
 */
export type Translate = (key: string, params?: TextParams, where?: { readonly room?: string }) => string;
