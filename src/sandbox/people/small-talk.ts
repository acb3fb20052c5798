/** Words for {@link chatter}. Every name is invented. */

export const INVENTED_BANDS = [
  'Paper Lighthouse',
  'The Quiet Tram',
  'Moss & Static',
  'Velvet Ballast',
  'Hollow Kiosk',
  'Slow Meridian',
  'Anna Fjordlund',
  'Tin Orchard',
  'Cassette Weather',
  'The Left Harbour',
  'Nine Umbrellas',
  'Dust of June',
] as const;

export const FORMATS = [
  'flac',
  'the vinyl rip',
  '320',
  'V0',
  'the tape transfer',
  '24 bit',
  'the CD',
] as const;

export const DESCRIPTIONS = [
  'all rain and tape hiss',
  'much louder than I expected',
  'like a radio left on in another room',
  'slow, but it gets you',
  'the drums are glorious',
  'half jazz, half fog',
  'best thing I heard this week',
  'a bit too polished for me',
] as const;

export const OPENERS = [
  'anyone here into {band}?',
  'just found an old {band} live set, {description}',
  'does somebody have {format} of the first {band} record?',
  'listening to {band} right now: {description}',
  'what do I play after {band}?',
  '{band} put out something new, did you know?',
  'my queue is three days long because of {band}',
  'is there a complete {band} discography somewhere?',
] as const;

export const REPLIES = [
  'never heard of them, I will have a look',
  'yes! {description}',
  'I only have {format}, help yourself',
  'the early ones are better if you ask me',
  'saw them once in a tiny cellar, {description}',
  'try searching for the b-sides too',
  'careful, half of the files out there are mislabelled',
  'hm, {description}, not sure',
  'I can share {format} tonight when I am home',
  '+1',
  'that cover art alone is worth it',
] as const;

export const CLOSERS = [
  'thanks!',
  'good find',
  'ok, queued',
  'will report back',
  'you people cost me my whole disk',
  'right, off to rename some folders',
] as const;
