/** Writes docs/json.md. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonPage } from '../src/cli/reference/page.ts';

writeFileSync(join(import.meta.dirname, '../docs/json.md'), jsonPage());
