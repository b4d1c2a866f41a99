// Jest loads CDK anew for each of its test files, at four seconds a time: these share one.
import { afterAll } from '@jest/globals';
import './bus.ts';
import './contracts.ts';
import './data.ts';
import './edge.ts';
import './functions.ts';
import './ingest.ts';
import './inventory.ts';
import './limits.ts';
import './monitoring.ts';
import './nag.ts';
import './names.ts';
import './narrate.ts';
import './permissions.ts';
import './pickup.ts';
import './queues.ts';
import './routing.ts';
import './subscription.ts';
import { removeAssemblies } from './synthesised.ts';

afterAll(removeAssemblies);
