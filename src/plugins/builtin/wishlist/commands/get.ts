import { type Call, type Desk, type Part, Refusal, usage, visibleWish } from './call.ts';

export const get: Part = {
  name: 'get',
  aliases: ['download'],
  usage: 'ID [NUMBER] [folder]',
  what: 'has a result downloaded by slskd; with folder: everything that passed of its folder',
  async run(desk, call) {
    const [, id, number, folder] = /^(\S+)(?:\s+(\d{1,9}))?(\s+folder)?\s*$/iu.exec(call.rest.trim()) ?? [];
    if (id === undefined) throw usage(get);
    return getResult(desk, call, id, number === undefined ? undefined : Number(number), folder !== undefined);
  },
};

/** @param number absent: the best of those that were told last */
export async function getResult(
  desk: Desk,
  call: Pick<Call, 'caller' | 'at'>,
  id: string,
  number: number | undefined,
  folder: boolean,
): Promise<string> {
  const { downloads, bot } = desk;
  if (downloads === undefined)
    throw new Refusal(
      'Nothing can be downloaded: "slskd" in the config of this plugin is missing, or its mode is off.',
    );
  const { caller, at } = call;
  const wish = await visibleWish(desk, call as Call, id);
  if (caller.user !== undefined && !(await downloads.allows(caller.user)))
    throw new Refusal('You may not have anything downloaded; the owner decides who may (slskd: allow).');
  const wanted =
    number ?? (await bot.wishlist.results(id, { limit: 100 })).find(({ state }) => state === 'told')?.number;
  if (wanted === undefined) return `Wish ${id} has found nothing so far.`;
  return downloads.get(wish, wanted, folder, at);
}
