import * as v from 'valibot';
import { settleEntries } from '../../shared/environment.ts';

/** What `release` reads from its environment. infra/ takes the type, so that a wrong wiring does not compile. */
export const releaseEnv = v.object(settleEntries);
export type ReleaseEnv = v.InferInput<typeof releaseEnv>;
