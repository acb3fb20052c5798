#!/usr/bin/env bash
# Runs the suite and the packed command on other Node versions. The binaries come from the npm registry (package `node`),
# so nothing needs to be installed on the machine. Usage: npm run test:nodes [-- 22 24]
set -euo pipefail
cd "$(dirname "$0")/.."
versions=("$@")
[ "${#versions[@]}" -gt 0 ] || versions=(22 24)

npm run build
for version in "${versions[@]}"; do
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  printf '{ "private": true }\n' >"$folder/package.json"
  # This package's install script puts the binary in place; it is the one script we allow.
  (cd "$folder" && npm install --silent --no-audit --no-fund --ignore-scripts=false "node@$version")
  bin="$folder/node_modules/node/bin"
  printf '\n== Node %s\n' "$("$bin/node" --version)"
  PATH="$bin:$PATH" npm test
  PATH="$bin:$PATH" bash scripts/check-package.sh
done
