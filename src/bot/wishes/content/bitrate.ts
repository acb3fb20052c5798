import type { SearchHit } from '../../../plugins/api/search.ts';

/** Average kbit/s of LAME's presets, by which people name folders: `[V0]`, `(MP3 VBR V2)` [LAME's documentation]. */
const PRESETS = [245, 225, 190, 175, 165, 130, 115, 100, 85, 65] as const;

/** In brackets only: elsewhere `v2` is the second version of something. */
const PRESET = /[[({](?:mp3)?[ _-]*(?:vbr)?[ _-]*v([0-9])[ _-]*(?:vbr)?[ _-]*(?:mp3)?[\])}]/iu;
const VBR = /[[({][^\])}]{0,20}\bvbr\b[^\])}]{0,20}[\])}]/iu;

/** Longer paths are not read for such names. */
const MAX_PATH = 1000;

/** kbit/s; of a variable bitrate the average. What the owner says, or what size and duration make, or what the name does. */
export function bitrateOf(hit: SearchHit): number | undefined {
  const { bitrate, duration } = hit.attributes;
  if (bitrate !== undefined) return bitrate;
  if (duration !== undefined && duration > 0) return (hit.size * 8) / 1000 / duration;
  const preset = presetOf(hit);
  return preset === undefined ? undefined : PRESETS[preset];
}

/** Whether the bitrate varies, as the owner says or the name does; undefined when neither says anything. */
export function vbrOf(hit: SearchHit): boolean | undefined {
  if (hit.attributes.vbr !== undefined) return hit.attributes.vbr;
  return presetOf(hit) !== undefined || (named(hit) && VBR.test(hit.path)) ? true : undefined;
}

function presetOf(hit: SearchHit): number | undefined {
  const found = named(hit) ? PRESET.exec(hit.path)?.[1] : undefined;
  return found === undefined ? undefined : Number(found);
}

const named = ({ extension, path }: SearchHit): boolean => extension === 'mp3' && path.length <= MAX_PATH;
