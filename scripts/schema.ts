// Writes config.schema.json anew: `tsx scripts/schema.ts`. A test fails while the file is out of date.
import { writeFileSync } from 'node:fs';
import { configJsonSchema } from '../src/bot/config/json-schema.ts';

const file = new URL('../config.schema.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
