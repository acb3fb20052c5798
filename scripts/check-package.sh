#!/usr/bin/env bash
# Installs the packed tarball into an empty folder, runs the command and imports every export, as a user's project would.
# Needs a build (npm run build).
set -euo pipefail
cd "$(dirname "$0")/.."

npx publint --strict

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
tarball=$(npm pack --silent --pack-destination "$folder")
version=$(node -p 'require("./package.json").version')
vitest=$(node -p 'require("./package.json").devDependencies.vitest')

cd "$folder"
printf '{ "name": "consumer", "private": true, "type": "module" }\n' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts "./$tarball"

printed=$(npx --no-install seekeeper --version)
[ "$printed" = "$version" ] || { echo "seekeeper --version printed '$printed', expected '$version'"; exit 1; }

cat >imports.mjs <<'JS'
import { readFileSync } from 'node:fs';

const { exports } = JSON.parse(readFileSync('node_modules/seekeeper/package.json', 'utf8'));
let count = 0;
for (const path of Object.keys(exports)) {
  if (path.endsWith('.json')) continue;
  const name = `seekeeper${path.slice(1)}`;
  const module = await import(name);
  if (Object.keys(module).length === 0) throw new Error(`${name} exports nothing`);
  console.log(`${name}: ${Object.keys(module).length} exports`);
  count += 1;
}
if (count < 3) throw new Error(`only ${count} exports`);
JS
node imports.mjs

# A plugin beside the installed package: found by path, loaded as TypeScript, served by the packed runtime.
npx --no-install seekeeper demo </dev/null >demo.txt || { cat demo.txt; exit 1; }
tail -n 1 demo.txt
# A plugin of somebody's own: written, entered in the config, and its test passes in both runtimes.
npm install --silent --no-audit --no-fund --ignore-scripts --save-dev "vitest@$vitest"
printf 'bot: { user: keeper, password: { env: PW } }\nrooms: [indie]\n' >config.yaml
npx --no-install seekeeper plugin new first
npx --no-install seekeeper plugin test >plugin-test.txt 2>&1 || { cat plugin-test.txt; exit 1; }
PW=x npx --no-install seekeeper check
echo "package ok: seekeeper $version"
