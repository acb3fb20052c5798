// The arrows of the architecture (docs/architecture.md). They only point down; CI fails when one points up.
const folder = (name) => `^src/${name}/`;
const only = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: from, pathNot: '\\.test(-d)?\\.ts$' },
  to: { path: '^(src|plugins-examples)/', pathNot: [from, ...allowed.map(folder)] },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    only('platform-imports-nothing-of-ours', folder('platform'), []),
    only('protocol-knows-nobody', folder('protocol'), []),
    only('network-uses-protocol', folder('network'), ['protocol', 'platform']),
    only('plugin-api-is-a-leaf', folder('plugins/api'), []),
    only('plugin-host-uses-the-api', folder('plugins/host'), ['plugins/api', 'platform']),
    only('builtin-plugins-get-no-back-door', folder('plugins/builtin'), ['plugins/api']),
    only('bot-uses-what-is-below', folder('bot'), [
      'plugins/host',
      'plugins/api',
      'plugins/builtin',
      'network',
      'protocol',
      'platform',
    ]),
    only('sandbox-uses-protocol-and-network', folder('sandbox'), ['protocol', 'network', 'platform']),
    only('testing-is-above-bot-and-sandbox', folder('testing'), [
      'bot',
      'sandbox',
      'plugins/api',
      'plugins/host',
      'network',
      'protocol',
      'platform',
    ]),
    only('cli-is-the-top', folder('cli'), [
      'bot',
      'sandbox',
      'plugins/api',
      'plugins/host',
      'network',
      'protocol',
      'platform',
    ]),
    {
      name: 'protocol-has-no-io',
      severity: 'error',
      from: { path: folder('protocol'), pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(buffer|zlib)$' },
    },
    {
      name: 'sockets-belong-to-the-platform',
      severity: 'error',
      from: { path: '^src/', pathNot: [folder('platform'), '\\.test\\.ts$', '^src/(bot/control|cli)/'] },
      to: { path: '^(node:)?(net|dgram|http|https|tls)$' },
    },
    {
      name: 'example-plugins-import-the-package',
      severity: 'error',
      from: { path: '^plugins-examples/' },
      to: {
        path: '^src/',
        pathNot: ['^src/plugins/api/index\\.ts$', '^src/testing/index\\.ts$', '^src/network/index\\.ts$'],
      },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
