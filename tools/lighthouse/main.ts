import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { promisify } from 'node:util';
import { exitCodes, Unreachable } from '../cli/exits.ts';
import { startLocalStack } from '../laptop/stack.ts';
import { publishSampleEdition } from '../sample-newsroom/sample-edition.ts';
import { publishSamplePages } from '../sample-newsroom/sample-pages.ts';
import { bestOf, lowest, scoresIn, wanted, type Scores } from './scores.ts';

/**
 * `npm run lighthouse`: Lighthouse's scores of an article, a section and the home page of the sample edition, on a laptop
 * of its own. Lighthouse is no dependency, because it has 176 MB: npx fetches it.
 */
const lighthouse = 'lighthouse@13.5.0';
const chromium = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const pages = {
  home: '/',
  section: '/section/news/world',
  article: '/news/world/strait-of-corrimar-ferry-rescue',
} as const;
/** A machine that is busy for a moment costs points, so a page is measured again. */
const maxRuns = 3;
const maxReportBytes = 100_000_000;

async function scoresOf(url: string): Promise<Scores> {
  const flags = [
    '--output=json',
    '--quiet',
    `--only-categories=${wanted.join(',')}`,
    '--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage',
  ];
  try {
    const { stdout } = await promisify(execFile)('npx', ['--yes', lighthouse, url, ...flags], {
      env: { ...process.env, CHROME_PATH: chromium },
      maxBuffer: maxReportBytes,
    });
    return scoresIn(stdout);
  } catch (error) {
    throw new Unreachable(`${lighthouse}, which npx fetches from the npm registry, did not run`, { cause: error });
  }
}

async function measure(edgeUrl: string): Promise<boolean> {
  let areAllHigh = true;
  console.log(`${''.padEnd(10)}${wanted.map((category) => category.padStart(16)).join('')}`);
  for (const [name, path] of Object.entries(pages)) {
    let best: Scores | undefined;
    for (let run = 0; run < maxRuns && (best === undefined || lowest(best) < 0.99); run += 1)
      best = bestOf(best, await scoresOf(edgeUrl + path));
    console.log(`${name.padEnd(10)}${wanted.map((category) => String(best?.[category]).padStart(16)).join('')}`);
    areAllHigh &&= best !== undefined && lowest(best) >= 0.99;
  }
  return areAllHigh;
}

function missing(): string | undefined {
  try {
    accessSync(chromium, constants.X_OK);
    return undefined;
  } catch {
    return `There is no ${chromium}: install chromium, or name one by CHROMIUM.`;
  }
}

const problem = missing();
if (problem === undefined) {
  const stack = await startLocalStack({ awsPort: 0, edgePort: 0 });
  try {
    await publishSampleEdition(stack, () => undefined);
    await publishSamplePages(stack);
    if (!(await measure(stack.edgeUrl))) {
      console.error('A score is below 0.99.');
      process.exitCode = exitCodes.found;
    }
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    console.error(error);
    process.exitCode = exitCodes.unreachable;
  } finally {
    await stack.stop();
  }
} else {
  console.error(problem);
  process.exitCode = exitCodes.wrongUse;
}
