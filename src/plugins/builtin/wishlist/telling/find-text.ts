import type { Notice, Translate, WishFind, WishFinds } from '../../../api/index.ts';
import { qualityOf, short, sizeOf } from './words-for-people.ts';

/** How finds are put into words. */
export interface FindStyle {
  readonly t: Translate;
  /** Finds that one message shows. */
  readonly lines: number;
  readonly title?: string | undefined;
  readonly line?: string | undefined;
  /** Say how to have something downloaded. */
  readonly offer: boolean;
  /** It is read later and among others, when a mere "yes" would be about another wish. */
  readonly collected?: boolean;
}

/** What can stand in the templates of the config. */
export const PLACEHOLDERS: Readonly<Record<'title' | 'line', readonly string[]>> = {
  title: ['id', 'query', 'count', 'user'],
  line: ['number', 'kind', 'name', 'path', 'folder', 'user', 'size', 'quality', 'score', 'late'],
};

const MAX_TITLE = 200;
const MAX_NAME = 100;
/** What a webhook gets at most: finds, and characters of them as JSON. */
const MAX_DATA = 50;
const MAX_DATA_SIZE = 50_000;

/** One find in a line. */
export function findLine(find: WishFind, { t, line }: Pick<FindStyle, 't' | 'line'>): string {
  const { hit, number, kind, score, late } = find;
  const quality = qualityOf(hit);
  const params = {
    number,
    kind: t(`kind.${kind}`),
    name: short(hit.name, MAX_NAME),
    path: short(hit.path, 4 * MAX_NAME),
    folder: short(hit.folder, 3 * MAX_NAME),
    user: hit.user,
    size: sizeOf(hit.size),
    quality: quality === '' ? '' : `${quality}, `,
    score: Math.round(score),
    late: late ? t('late') : '',
  };
  return line === undefined ? t('line', params) : filled(line, params);
}

/** Finds as people get them in private, and channels too. */
export function findNotice({ id, wish, finds }: WishFinds, style: FindStyle): Notice {
  const { t, lines } = style;
  const shown = finds.slice(0, lines);
  const rest = finds.length - shown.length;
  const params = {
    id: wish.id,
    query: short(wish.options.query, MAX_NAME),
    count: t('found', { count: finds.length }),
    user: wish.options.user ?? '',
  };
  return {
    title: short(style.title === undefined ? t('title', params) : filled(style.title, params), MAX_TITLE),
    lines: [
      ...shown.map((find) => findLine(find, style)),
      ...(rest > 0 ? [t('more', { count: rest, id: wish.id })] : []),
      ...(style.offer && shown[0] !== undefined
        ? [t(style.collected === true ? 'answerTo' : 'answer', { number: shown[0].number, id: wish.id })]
        : []),
    ],
    key: id,
    data: dataOf(wish.id, wish.options.query, finds),
  };
}

/** The same for a room: one line, without whose wish it is. */
export function roomNotice(
  { id, wish, finds }: WishFinds,
  { t, line }: Pick<FindStyle, 't' | 'line'>,
): Notice {
  const [best] = finds;
  const more = finds.length > 1 ? ` (+${finds.length - 1})` : '';
  const query = short(wish.options.query, 40);
  const text = best === undefined ? '' : findLine(best, { t, line });
  return { title: short(t('roomTitle', { query, line: text, more }), MAX_TITLE), key: id };
}

/** As many finds as there is room for: names of strangers may take six characters a sign in JSON. */
function dataOf(wish: string, query: string, finds: readonly WishFind[]) {
  const taken: ReturnType<typeof findData>[] = [];
  let size = 0;
  for (const find of finds.slice(0, MAX_DATA)) {
    const data = findData(find);
    size += JSON.stringify(data).length;
    if (size > MAX_DATA_SIZE) break;
    taken.push(data);
  }
  return { wish, query, finds: taken };
}

function findData({ number, kind, hit, score, folderFiles, at, late, reason }: WishFind) {
  return {
    number,
    kind,
    user: hit.user,
    path: short(hit.path, 500),
    size: hit.size,
    attributes: hit.attributes,
    slotFree: hit.slotFree,
    queueLength: hit.queueLength,
    speed: hit.speed,
    score,
    folderFiles,
    at,
    late,
    ...(reason === undefined ? {} : { reason }),
  };
}

/** A template of the config. A value is not looked through again. */
function filled(template: string, params: Readonly<Record<string, string | number>>): string {
  return template.replaceAll(/\{(\w+)\}/gu, (whole, key: string) => String(params[key] ?? whole));
}
