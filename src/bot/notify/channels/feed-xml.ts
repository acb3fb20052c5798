import type { FeedChannel } from '../channel-config.ts';
import type { Parcel } from '../parcel.ts';
import { renderText } from '../text/render.ts';
import { BODY } from '../text/template.ts';
import { element, xmlText } from '../text/xml.ts';

const HEAD = '<?xml version="1.0" encoding="utf-8"?>';
const NAME = 'seekeeper';

type Look = Pick<FeedChannel, 'title' | 'link' | 'template' | 'timezone' | 'name'>;

/** A feed of what was told. @param parcels the newest first @param at of an empty feed, milliseconds since the epoch */
export function feedXml(
  channel: Look & Pick<FeedChannel, 'format'>,
  parcels: readonly Parcel[],
  at: number,
): string {
  const updated = parcels[0]?.at ?? at;
  return channel.format === 'rss' ? rss(channel, parcels, updated) : atom(channel, parcels, updated);
}

/** RSS 2.0 [RSS Advisory Board]. */
function rss(channel: Look, parcels: readonly Parcel[], updated: number): string {
  const items = parcels.map((parcel) =>
    element(
      'item',
      lines(
        element('title', xmlText(parcel.title)),
        ...(parcel.link === undefined ? [] : [element('link', xmlText(parcel.link))]),
        element('description', xmlText(bodyOf(channel, parcel))),
        element('guid', xmlText(idOf(parcel.id)), { isPermaLink: 'false' }),
        element('pubDate', new Date(parcel.at).toUTCString()),
      ),
    ),
  );
  const about = lines(
    element('title', xmlText(channel.title)),
    element('link', xmlText(channel.link)),
    element('description', xmlText(channel.title)),
    element('generator', NAME),
    element('lastBuildDate', new Date(updated).toUTCString()),
    ...items,
  );
  return `${HEAD}\n${element('rss', lines(element('channel', about)), { version: '2.0' })}\n`;
}

/** Atom [RFC 4287]. */
function atom(channel: Look, parcels: readonly Parcel[], updated: number): string {
  const entries = parcels.map((parcel) =>
    element(
      'entry',
      lines(
        element('id', xmlText(idOf(parcel.id))),
        element('title', xmlText(parcel.title)),
        element('updated', new Date(parcel.at).toISOString()),
        ...(parcel.link === undefined ? [] : [element('link', undefined, { href: parcel.link })]),
        element('content', xmlText(bodyOf(channel, parcel)), { type: 'text' }),
      ),
    ),
  );
  const about = lines(
    element('id', xmlText(idOf(`feed/${channel.name}`))),
    element('title', xmlText(channel.title)),
    element('updated', new Date(updated).toISOString()),
    element('author', element('name', NAME)),
    element('generator', NAME),
    element('link', undefined, { href: channel.link }),
    ...entries,
  );
  return `${HEAD}\n${element('feed', about, { xmlns: 'http://www.w3.org/2005/Atom' })}\n`;
}

function bodyOf({ template = BODY, timezone }: Look, parcel: Parcel): string {
  return renderText(parcel, { template, timezone });
}

/** A name that is nobody's address. */
const idOf = (id: string): string => `urn:${NAME}:${id}`;

const lines = (...elements: readonly string[]): string => `\n${elements.join('\n')}\n`;
