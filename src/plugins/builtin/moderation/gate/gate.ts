import type { Applicant } from '../../../api/index.ts';
import { type Moderation, powerOf, Refusal } from '../commands/rooms.ts';
import type { GateConfig } from '../config.ts';
import { codeOf } from '../error-code.ts';
import { amount, asked } from '../rules/shares.ts';
import { tellStaff } from '../staff/tell-staff.ts';
import { nearestNames } from '../text/nearest-names.ts';

/** The gate of a room that has one; other rooms are nobody's business. @throws Refusal */
export async function gateOf(
  bot: Moderation,
  typed: string,
): Promise<{ readonly room: string; readonly gate: GateConfig }> {
  const rooms = (await bot.rooms.list()).map(({ name }) => name);
  const gated = rooms.filter((room) => bot.configIn(room).gate !== undefined);
  const room =
    gated.find((name) => name === typed) ?? gated.find((name) => name.toLowerCase() === typed.toLowerCase());
  const gate = room === undefined ? undefined : bot.configIn(room).gate;
  if (room !== undefined && gate !== undefined) return { room, gate };
  if (gated.length === 0) throw new Refusal('No room of mine takes applications.');
  const [near] = nearestNames(typed, gated, 1);
  const hint = near === undefined ? `Those that do: ${gated.join(', ')}.` : `Did you mean ${near}?`;
  throw new Refusal(
    `I know no room ${typed === '' ? 'without a name' : typed} that takes applications. ${hint}`,
  );
}

/** Whether somebody may apply now. @throws Refusal with the reason. */
export async function mayApply(
  bot: Moderation,
  room: string,
  gate: GateConfig,
  user: string,
  now: number,
): Promise<void> {
  const power = await powerOf(bot, room);
  if (power?.power !== 'private-owner' && power?.power !== 'private-operator')
    throw new Refusal(`I cannot let anybody into ${room} at the moment; please ask its owner.`);
  const info = await bot.rooms.info(room);
  if (info?.members.includes(user) === true || info?.owner === user)
    throw new Refusal(`You are a member of ${room} already.`);
  const banned = (await bot.members.banned(room)).find((one) => one.user === user);
  if (banned !== undefined)
    throw new Refusal(
      banned.kind === 'timed'
        ? `You were put out of ${room} for a time, and are invited again when it ends.`
        : `You cannot apply to ${room}.${banned.case === undefined ? '' : ` If that is wrong: appeal ${banned.case} and why.`}`,
    );
  const all = await bot.members.applicants(room);
  const known = all.find((one) => one.user === user);
  if (known?.state === 'waiting')
    throw new Refusal(`${waitingText(room, gate, known)} You will hear from me.`);
  // Whoever was let in once and has gone since applies like anybody else.
  if (known?.state === 'approved' && (await isInvited(bot, room, user)))
    throw new Refusal(`You have been let into ${room}: the invitation is on its way.`);
  if (known?.state === 'rejected' && now - known.changedAt < gate.again)
    throw new Refusal(`Your application to ${room} was not accepted.`);
  if (all.filter(({ state }) => state === 'waiting').length >= gate.waiting)
    throw new Refusal(`Too many people are waiting for ${room} already. Please try again in some days.`);
}

async function isInvited(bot: Moderation, room: string, user: string): Promise<boolean> {
  const invited = (await bot.members.pending(room)).filter((one) => one.user === user);
  return invited.some(({ state }) => state === 'waiting' || state === 'asked' || state === 'blocked');
}

/** @throws Refusal when somebody shares too little, or does not say. */
export async function checkShares(
  bot: Moderation,
  room: string,
  gate: GateConfig,
  user: string,
): Promise<void> {
  const wanted = gate.shares;
  if (wanted === undefined || wanted.files + wanted.folders === 0) return;
  const real = await bot.users.shares(user).catch((error: unknown) => {
    if (codeOf(error) !== undefined) return undefined;
    throw error;
  });
  if (real === undefined)
    throw new Refusal(
      `${room} asks its members to share ${asked(wanted)}, and I could not read your list. Is your client connected and its port open? Then write again: join ${room}`,
    );
  if (real.files < wanted.files || real.folders < wanted.folders)
    throw new Refusal(
      `${room} asks its members to share ${asked(wanted)}; you share ${amount(real)}. When that has changed, write again: join ${room}`,
    );
}

/** Notes a complete application, and lets in, or tells staff. @returns what the applicant hears. */
export async function received(
  bot: Moderation,
  room: string,
  gate: GateConfig,
  user: string,
  answers: Applicant['answers'],
): Promise<string> {
  const applicant = await bot.members.apply({ room, user, state: 'waiting', answers, vouchers: [] });
  const admitted = await admitWhenComplete(bot, room, gate, applicant);
  if (admitted !== undefined) return admitted;
  await tellStaff(bot, `${user} would like to get into ${room}. !approve or !deny ${user}`, {
    lines: [...(applicant.detail === undefined ? [] : [applicant.detail]), ...answerLines(applicant)],
    key: `applicant ${room} ${user} ${applicant.at}`,
  });
  return waitingText(room, gate, applicant);
}

/** Lets in whoever has all that an automatic gate asks for. What is held against them is for staff to judge. */
export async function admitWhenComplete(
  bot: Moderation,
  room: string,
  gate: GateConfig,
  applicant: Applicant,
): Promise<string | undefined> {
  if (gate.admit !== 'auto' || applicant.vouchers.length < gate.vouchers || applicant.detail !== undefined)
    return undefined;
  const admitted = await bot.members.admit(room, applicant.user, 'rule', 'approve');
  if (admitted.invitation !== 'refused')
    return `Welcome: you are being invited to ${room}. Your client has to accept invitations to rooms for that.`;
  await tellStaff(bot, notInvitedText(room, admitted), {
    key: `not invited ${room} ${applicant.user} ${applicant.at}`,
  });
  return `Everything is there, but I could not invite you to ${room}. Staff will look at it.`;
}

/** What staff read of somebody who was approved and could not be invited. */
export function notInvitedText(room: string, { user, detail = '' }: Applicant): string {
  return `${user} is not invited to ${room}: ${detail}. When that has changed: !invite ${user}`;
}

export function waitingText(room: string, gate: GateConfig, { vouchers, user }: Applicant): string {
  const missing = gate.vouchers - vouchers.length;
  const voices =
    missing > 0
      ? ` ${missing} more ${missing === 1 ? 'member has' : 'members have'} to vouch for you: they write to me "vouch ${user}".`
      : '';
  const staff = gate.admit === 'staff' ? ' Staff will look at it.' : '';
  return `Your application to ${room} is noted.${voices}${staff}`;
}

export function answerLines({ answers, vouchers }: Applicant): readonly string[] {
  return [
    ...answers.map(({ question, answer }) => `${question} ${answer}`),
    ...(vouchers.length === 0 ? [] : [`Vouched for by ${vouchers.join(', ')}.`]),
  ];
}
