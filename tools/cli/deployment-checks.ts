import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { countsOf } from '../inventory/inventory.ts';
import type { Template } from '../inventory/template.ts';
import type { CdkOrder } from './cdk-flags.ts';
import { checksOf, domainOf, fixedCosts, purgeCost, type Check } from './preflight.ts';

const signs: Readonly<Record<Check['state'], string>> = { right: '✔', wrong: '✘', unknown: '?' };

/** Prints what would be deployed, where, and at what cost. Returns whether no check fails. */
export async function preflight(order: CdkOrder, print: (line: string) => void): Promise<boolean> {
  const template = await templateOf(order);
  if (template === undefined) return false;
  // Loaded here, because the clients take their time.
  const { accountFacts } = await import('./account-facts.ts');
  const { stage, profile, region } = order;
  const facts = await accountFacts({ stage, profile, region, certificateArn: domainOf(template)?.certificateArn });
  const checks = checksOf(facts, template);
  for (const { what, state, detail } of checks) print(`${signs[state]}  ${what.padEnd(24)}  ${detail}`);
  const counts = countsOf(template);
  const count = [...counts.values()].reduce((sum, each) => sum + each, 0);
  print(
    `\npressrun-${stage} ${facts.isDeployed ? 'is deployed; it would have' : 'would be created, with'} ${count} resources:`,
  );
  print([...counts].map(([type, number]) => `${number} ${type.replace('AWS::', '')}`).join(', '));
  const costs = fixedCosts(counts);
  const dollars = costs.reduce((sum, cost) => sum + cost.dollars, 0);
  print(`\nA month costs, in us-east-1, before anything is published: $${dollars.toFixed(2)}`);
  for (const cost of costs) print(`   $${cost.dollars.toFixed(2).padStart(6)}  ${cost.what}`);
  print(`   ${purgeCost(template)}. docs/cost.md has the rest.\n`);
  return checks.every(({ state }) => state !== 'wrong');
}

/** Undefined if the app could not be synthesised; the CDK has said why. */
async function templateOf({ stage, flags }: CdkOrder): Promise<Template | undefined> {
  const app = flags.find((flag) => flag.startsWith('--app='))?.slice('--app='.length);
  const file = `pressrun-${stage}.template.json`;
  if (app !== undefined && statSync(app, { throwIfNoEntry: false })?.isDirectory())
    return JSON.parse(readFileSync(join(app, file), 'utf8')) as Template;
  const assembly = mkdtempSync(join(tmpdir(), 'pressrun-preflight-'));
  try {
    const cdk = spawn(
      process.execPath,
      [
        fileURLToPath(import.meta.resolve('aws-cdk/bin/cdk')),
        'synth',
        '--quiet',
        '--no-notices',
        `--output=${assembly}`,
        ...flags.filter((flag) => /^--(?:context|app|profile|region)=/.test(flag)),
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    const [code] = (await once(cdk, 'exit')) as [number | null];
    return code === 0 ? (JSON.parse(readFileSync(join(assembly, file), 'utf8')) as Template) : undefined;
  } finally {
    rmSync(assembly, { recursive: true, force: true });
  }
}
