import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PressrunApp } from '../../infra/pressrun-app.ts';
import { everything } from './everything.ts';
import { inventoryPage } from './inventory.ts';
import { logicalIdsIn } from './physical-names.ts';
import type { Template } from './template.ts';

/**
 * Writes docs/inventory.md from the templates that the present sources make, and adds new physical names to the list of
 * logical ids. It changes no listed id: CloudFormation could not deploy that.
 */
const logicalIds = new URL('../../test/fixtures/logical-ids.json', import.meta.url);
const directory = mkdtempSync(join(tmpdir(), 'pressrun-inventory-'));
try {
  const templateOf = (context: Readonly<Record<string, string>>): Template => {
    const app = new PressrunApp({ context, outdir: join(directory, context['stage'] ?? '') });
    return app.synth().getStackByName(app.stack.stackName).template as Template;
  };
  const all = templateOf(everything);
  writeFileSync(new URL('../../docs/inventory.md', import.meta.url), inventoryPage(templateOf({ stage: 'dev' }), all));
  const listed = JSON.parse(readFileSync(logicalIds, 'utf8')) as Readonly<Record<string, string>>;
  const present = Object.entries({ ...logicalIdsIn(all), ...listed }).sort();
  writeFileSync(logicalIds, `${JSON.stringify(Object.fromEntries(present), null, 2)}\n`);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
