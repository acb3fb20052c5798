/*
 * Moderation by rules and by command: rules over what is said and who comes in, commands for staff, appeals, a gate for private
 * rooms, the welcome and the line on the wall. What follows from a rule is in `moderation:` of config.yaml.
 *
 *   plugins:
 *     moderation:
 *       config:
 *         rules: { caps: { enabled: false } }
 */
import { definePlugin } from '../../api/index.ts';
import { addRules } from './add-rules.ts';
import { addCases } from './commands/cases.ts';
import { addDecisions } from './commands/decide.ts';
import { addMembership } from './commands/membership.ts';
import { addMod } from './commands/mod.ts';
import { Orders } from './commands/orders.ts';
import { addSanctions } from './commands/sanctions.ts';
import { config } from './config.ts';
import { addApplication } from './gate/application.ts';
import { addGateCommands } from './gate/commands.ts';
import { addDigest } from './staff/digest.ts';
import { addWall } from './wall.ts';
import { addWelcome } from './welcome.ts';

export default definePlugin({
  name: 'moderation',
  needs: [
    'room.read',
    'room.say',
    'room.ticker',
    'pm.read',
    'pm.send',
    'user.read',
    'user.address',
    'notify',
    'moderate',
  ],
  config,
  personal: [
    { keys: 'welcome/*/{user}', what: 'that I welcomed you to a room' },
    { keys: 'shares/*/{user}', what: 'that I told you what a room asks people to share' },
  ],
  setup(bot) {
    const orders = new Orders(bot);
    addMod(bot);
    addSanctions(bot, orders);
    addMembership(bot, orders);
    addCases(bot);
    addDecisions(bot);
    addApplication(bot);
    addGateCommands(bot);
    addDigest(bot);
    addWelcome(bot);
    addWall(bot);
    addRules(bot);
  },
});
