import { stringify } from 'yaml';
import { type ExampleName, type InitAnswers, officialServer } from './answers.ts';

/** One scalar or short list as YAML writes it, quoted where it must be. */
const flow = (value: unknown) => stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trimEnd();

/** The config for these answers: short, with a comment where somebody will want to change something. */
export function configText(answers: InitAnswers): string {
  const { user, password, server, rooms, owners, plugins } = answers;
  const official = server.host === officialServer.host && server.port === officialServer.port;
  const parts = [
    '# What else there is, with every default: config.example.yaml. `seekeeper check` says what is wrong.',
    '',
    'bot:',
    `  user: ${flow(user)}`,
    `  password: ${flow(password)}`,
    ...(official ? [] : ['', `server: ${flow(server)}`]),
    '',
    `rooms: ${flow(rooms)}`,
    '',
    '# Exact user names, upper and lower case as they are. Owners may do everything.',
    'roles:',
    `  owner: ${flow(owners)}`,
    '  mod: []',
    '',
    plugins.length === 0
      ? '# Plugins go here: ./plugins/NAME.ts: { config: { … } }\nplugins: {}'
      : 'plugins:',
    ...plugins.map((name) => `  ./plugins/${name}.ts: ${flow(entryOf(name, answers))}`),
  ];
  return `${parts.join('\n')}\n`;
}

function entryOf(name: ExampleName, { rooms, owners }: InitAnswers): object {
  switch (name) {
    case 'greeter':
      return { config: { rooms } };
    case 'seen':
      return {};
    case 'about':
      return {
        config: { text: 'I look after these rooms.', ...(owners[0] !== undefined && { contact: owners[0] }) },
      };
  }
}
