import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PressrunApp } from '../../infra/pressrun-app.ts';
import { everything } from './everything.ts';
import { inventoryPage } from './inventory.ts';
import type { Template } from './template.ts';

/** Writes docs/inventory.md from the templates that the present sources make. */
const directory = mkdtempSync(join(tmpdir(), 'pressrun-inventory-'));
try {
  const templateOf = (context: Readonly<Record<string, string>>): Template => {
    const app = new PressrunApp({ context, outdir: join(directory, context['stage'] ?? '') });
    return app.synth().getStackByName(app.stack.stackName).template as Template;
  };
  writeFileSync(
    new URL('../../docs/inventory.md', import.meta.url),
    inventoryPage(templateOf({ stage: 'dev' }), templateOf(everything)),
  );
} finally {
  rmSync(directory, { recursive: true, force: true });
}
