import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JsonSchema } from '@valibot/to-json-schema';
import { contracts } from '../../shared/events/contract.ts';
import { breaksOf } from './breaks.ts';
import { directory, fileOf, files, jsonSchemaOf } from './documents.ts';
import { breaksOfAnswers, openApi } from './open-api.ts';
import { announcementTypes, typesFile } from './announcement-types.ts';

const root = join(fileURLToPath(new URL('../..', import.meta.url)), directory);

/** Writes the generated files, unless a schema changed incompatibly under the same `schemaVersion`. */
const broken = contracts.flatMap((contract) => {
  const file = join(root, fileOf(contract));
  const old = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as JsonSchema) : undefined;
  const next = jsonSchemaOf(contract);
  // A raised schemaVersion changes the `$id`, and announces that the change is incompatible.
  if (old === undefined || old.$id !== next.$id) return [];
  return breaksOf(contract.direction, old, next).map(
    ({ path, message }) => `${contract.event}: ${path === '' ? 'detail' : path} ${message}`,
  );
});

const described = join(root, 'openapi.json');
if (existsSync(described)) {
  const old = JSON.parse(readFileSync(described, 'utf8')) as object;
  broken.push(...breaksOfAnswers(old, openApi()).map(({ path, message }) => `${path} ${message}`));
}

if (broken.length > 0) {
  console.error(
    `Not written, because the change would break subscribers:\n\n${broken.join('\n')}\n\nSee "How do I change an event?" in docs/events.md.`,
  );
  process.exitCode = 1;
} else {
  for (const [path, text] of files()) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  writeFileSync(join(root, typesFile), await announcementTypes());
  console.log(`${files().size + 1} files in ${directory}`);
}
