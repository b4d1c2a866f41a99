import { parentPort, workerData } from 'node:worker_threads';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { putEvents } from '../../shared/aws/eventbridge.ts';
import { entryOf } from './pipeline.ts';
import { publicationOf } from './stories.ts';

/** Runs in a thread of its own: so many publishers, each of which puts one story after another. */
export interface PublisherTask {
  readonly awsUrl: string;
  readonly busName: string;
  readonly from: number;
  readonly stories: number;
  readonly publishers: number;
  readonly entriesPerCall: number;
}

const { awsUrl, busName, from, stories, publishers, entriesPerCall } = workerData as PublisherTask;
const eventBridge = new EventBridgeClient({
  region: 'us-east-1',
  credentials: { accessKeyId: 'newsroom', secretAccessKey: 'newsroom' },
  endpoint: awsUrl,
});
// Written before the clock starts: it is not the publishers that are measured.
const entries = Array.from({ length: stories }, (_, index) =>
  entryOf(busName, 'article.published', publicationOf(from + index)),
);
let next = 0;

async function publish(): Promise<void> {
  while (next < entries.length) {
    const call = entries.slice(next, next + entriesPerCall);
    next += call.length;
    await putEvents(eventBridge, call);
  }
}

parentPort?.postMessage('written');
parentPort?.once('message', () => {
  void Promise.all(Array.from({ length: publishers }, publish)).then(() => {
    eventBridge.destroy();
    parentPort?.postMessage('published');
    parentPort?.close();
  });
});
