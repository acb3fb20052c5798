import { ExitCode } from '../exit-code.ts';
import { type AddCommand, configOption } from '../options.ts';

/** Commands for people who write plugins, and for those who run them. */
export const addPluginCommands: AddCommand = (program, finish) => {
  const plugin = program.command('plugin').summary('write, test and look at plugins');
  plugin
    .command('new')
    .summary('write a plugin, its test and its entry in the config')
    .argument('<name>', 'lower-case letters, digits and "-"')
    .option('-d, --dir <folder>', 'where', 'plugins')
    .addOption(configOption())
    .action(async (name: string, { dir, config }: { dir: string; config: string }) => {
      const { newPlugin } = await import('../plugin/new-plugin.ts');
      finish(newPlugin(name, dir, config) ? ExitCode.ok : ExitCode.refused);
    });
  plugin
    .command('test')
    .summary('run the tests of plugins, in the process of the bot and in workers')
    .argument('[paths...]', 'tests, plugins or folders (default: plugins)')
    .action(async (paths: readonly string[]) => {
      const { testPlugins } = await import('../plugin/test-plugins.ts');
      finish((await testPlugins(paths)) ? ExitCode.ok : ExitCode.failed);
    });
  plugin
    .command('list')
    .summary('the plugins of the running bot: state, runtime, needs, memory, times')
    .addOption(configOption())
    .option('--json', 'everything, as JSON', false)
    .action(async ({ config, json }: { config: string; json: boolean }) => {
      const { listPlugins } = await import('../plugin/list-plugins.ts');
      finish((await listPlugins(config, json)) ? ExitCode.ok : ExitCode.failed);
    });
  plugin
    .command('release')
    .summary('start a plugin again that is in quarantine')
    .argument('<id>', 'the id of the plugin')
    .addOption(configOption())
    .action(async (id: string, { config }: { config: string }) => {
      const { releasePlugin } = await import('../plugin/release-plugin.ts');
      finish((await releasePlugin(config, id)) ? ExitCode.ok : ExitCode.failed);
    });
};
