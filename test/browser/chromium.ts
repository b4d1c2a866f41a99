import { accessSync, constants } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

/** Where Debian and its descendants put it; CHROMIUM names another. */
const path = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Why there is no browser to test in; `undefined` where there is one. */
export const missing: string | undefined = (() => {
  try {
    accessSync(path, constants.X_OK);
    return undefined;
  } catch {
    return `no ${path}: install chromium, or name one by CHROMIUM`;
  }
})();

export async function openBrowser(): Promise<Browser> {
  // Root has no sandbox, and containers have little shared memory.
  return chromium.launch({ executablePath: path, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}
