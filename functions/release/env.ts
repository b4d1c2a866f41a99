import * as v from 'valibot';
import { settleEntries } from '../../shared/environment.ts';

/** Environment variables of `release`. infra/ imports the type, so that wrong wiring does not compile. */
export const releaseEnv = v.object(settleEntries);
export type ReleaseEnv = v.InferInput<typeof releaseEnv>;
