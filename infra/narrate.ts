import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { NarrateEnv } from '../functions/narrate/env.ts';
import { narrationsAtOnce } from '../shared/audio/speech.ts';
import type { Voices } from '../shared/audio/speech.ts';
import type { Articles } from './articles.ts';
import type { Audio } from './audio.ts';
import type { Bus } from './bus.ts';
import type { Purge } from './purge.ts';
import type { Release } from './release.ts';
import { ServiceFunction } from './service-function.ts';
import type { Stage } from './stage.ts';
import { Subscription } from './subscription.ts';
import { toSend, WorkQueue } from './work-queue.ts';

export interface NarrateProps {
  readonly stage: Stage;
  readonly bus: Bus;
  readonly articles: Articles;
  readonly release: Release;
  readonly purge: Purge;
  readonly audio: Audio;
  readonly voices: Voices;
  /** Language of articles that name none. */
  readonly language: string;
  /** The time after which no request that began before a file was removed is in flight. */
  readonly purgeAgainAfter: Duration;
}

/** Enough for the longest article: about a hundred pieces to fetch, and one file of 40 MB to write. */
const TIMEOUT = Duration.seconds(60);

/** Audio renditions of articles ("Listen to this article"). It subscribes to announcements like any other consumer. */
export class Narrate extends Construct {
  readonly queue: WorkQueue;

  constructor(
    scope: Construct,
    id: string,
    { stage, bus, articles, release, purge, audio, voices, language, purgeAgainAfter }: NarrateProps,
  ) {
    super(scope, id);
    const queue = new WorkQueue(this, 'Queue', {
      stage,
      name: 'narrate',
      workTimeout: TIMEOUT,
      maxReceiveCount: 5,
      // Messages wait here for Polly, for at most a minute each.
      staleAfter: Duration.minutes(30),
    });
    this.queue = queue;
    new Subscription(this, 'Subscription', {
      stage,
      bus,
      name: 'narrate',
      events: ['article.live', 'article.revised', 'article.withdrawn'],
      withoutRebuilds: true,
      to: { queue },
    });
    const narrate = new ServiceFunction<NarrateEnv>(this, 'Narrate', {
      stage,
      name: 'narrate',
      description: 'Creates audio renditions of changed articles, and deletes those of withdrawn ones.',
      timeout: TIMEOUT,
      requeuesItself: true,
      memorySize: 512,
      environment: {
        ARTICLES_TABLE: articles.toSettle(),
        AUDIO_BUCKET: audio.toNarrate(),
        NARRATE_QUEUE_URL: toSend(queue),
        PURGE_QUEUE_URL: toSend(purge.queue),
        PURGE_URGENT_QUEUE_URL: toSend(purge.urgentQueue),
        PURGE_AGAIN_SECONDS: String(purgeAgainAfter.toSeconds()),
        VOICES: JSON.stringify(voices),
        LANGUAGE: language,
        ...release.toScheduleSettle(),
      },
    });
    // A batch of one, so that a long article delays few others. Articles narrated at once share Polly's quota.
    queue.feed(narrate, { batchSize: 1, maxConcurrency: narrationsAtOnce });
  }
}
