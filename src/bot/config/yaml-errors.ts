import type { ErrorCode } from 'yaml';

/**
 * Sentences of our own for what can be wrong with YAML. Those of the library quote the text, and that text may be a
 * password.
 */
const SENTENCES: Partial<Record<ErrorCode, string>> = {
  ALIAS_PROPS: 'an alias (*name) cannot have an anchor or a tag',
  BAD_ALIAS: 'a text that begins with * must be in quotes (or the anchor it refers to is missing)',
  BAD_DQ_ESCAPE: 'an unknown \\ escape in double quotes: use single quotes, or \\\\ for a backslash',
  BAD_INDENT: 'wrong indentation',
  BAD_SCALAR_START: 'a text that begins with @, `, %, | or > must be in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a nested map must begin on a line of its own (or a text with ": " needs quotes)',
  BLOCK_IN_FLOW: 'a block is not possible inside { } or [ ]',
  DUPLICATE_KEY: 'this key is given twice',
  MISSING_CHAR: 'something is missing here: a closing quote or bracket, a comma, or the space after a colon',
  MULTILINE_IMPLICIT_KEY: 'a key must be on one line: a colon is missing, or a quote is not closed',
  MULTIPLE_DOCS: 'only one document is allowed (--- or ... begins another one)',
  NON_STRING_KEY: 'a key must be a text',
  TAB_AS_INDENT: 'tabs cannot indent: use spaces',
  TAG_RESOLVE_FAILED: 'a text that begins with ! must be in quotes',
  UNEXPECTED_TOKEN: 'this is not expected here',
};

/** What to tell a person about an error of the YAML parser. */
export function yamlErrorText(code: ErrorCode): string {
  return SENTENCES[code] ?? `this is not valid YAML (${code})`;
}
