import { loadMutant, mutantNames } from '/work/h/lead/test/simulation/mutants.ts';
import { simulate } from '/work/h/lead/test/simulation/pool.ts';
import { writeFileSync } from 'node:fs';
const seeds: Record<string, number> = {};
for (const name of mutantNames()) {
  const [failure] = await simulate({ from: 1, runs: 1500, threads: 1, maxFailures: 1, mutant: await loadMutant(name) });
  seeds[name] = failure?.seed ?? -1; console.log(name, failure?.seed, failure?.rule);
  writeFileSync('/tmp/h/seeds.json', JSON.stringify(seeds));
}
process.exit(0);
