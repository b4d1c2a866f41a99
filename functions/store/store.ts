import { accept, rejectUnvalidated } from '../../shared/article/accept.ts';
import type { Accepted } from '../../shared/article/bus-event.ts';
import { articleRejected } from '../../shared/events/announcement.ts';
import { withPayload } from '../../shared/events/claim-check.ts';
import type { Owners } from '../../shared/article/ownership.ts';
import type { Announcer, PayloadStore, RejectionQueue } from '../../shared/events/ports.ts';
import type { Fronts } from '../../shared/article/ports.ts';
import type { Pictures } from '../../shared/picture/ports.ts';
import { settleArticle, settleFront, settlePicture, type SettlePorts } from '../../shared/article/settle-article.ts';
import { overrunOf, type TimeLimit } from '../../shared/time-limit.ts';

export interface StorePorts extends SettlePorts {
  readonly fronts: Fronts;
  readonly pictures: Pictures;
  readonly announcer: Announcer;
  readonly rejections: RejectionQueue;
  readonly payloads: Pick<PayloadStore, 'fetch'>;
  readonly owners: Owners;
}

/** The delivery of a message, and the time limit for validating it. */
export interface Delivery {
  /** When the queue took the message, epoch ms; the same in every repeat. An event with a later time is rejected. */
  readonly sentAt?: number;
  /** 1 for the first delivery. */
  readonly attempt?: number;
  readonly limit?: TimeLimit;
}

/**
 * From this delivery on, an event that exceeds the time limit is rejected. Earlier ones are retried, because the
 * function may have lacked CPU time.
 */
const lastAttemptToValidate = 3;

/**
 * Processes one message of the queue: a bus event, as text. A valid event is stored, and its article or front is
 * settled. An invalid one is announced with the fields at fault and moved to the dead-letter queue at once, since no
 * retry would help. Throws an error if a retry may help. Returns the result of the validation.
 */
export async function store(
  ports: StorePorts,
  body: string,
  deliveryId: string,
  delivery: Delivery = {},
): Promise<Accepted['kind']> {
  const { sentAt = ports.clock.now() } = delivery;
  const accepted = validated(await withPayload(ports.payloads, body), deliveryId, ports.owners, delivery);
  switch (accepted.kind) {
    case 'rejected': {
      const { kind, time = sentAt, origin, ...rejection } = accepted;
      // The announcement comes first: a repeated one has the same id, but a message sent to the queue twice would be
      // two.
      await ports.announcer.announce([articleRejected(rejection, Math.min(time, sentAt), origin)]);
      // The archive still has an event that a replay brought. Once the cause is removed, it is replayed again.
      if (origin?.replay === undefined) await ports.rejections.keep(body);
      break;
    }
    case 'version':
      await ports.articles.putVersion(accepted.version);
      await settleArticle(ports, accepted.version.articleId);
      break;
    case 'front':
      await ports.fronts.putVersion(accepted.version);
      await settleFront(ports, accepted.version.content.front.name);
      break;
    case 'hold':
      await ports.articles.putHold(accepted.hold);
      await settleArticle(ports, accepted.hold.articleId);
      break;
    case 'picture':
      await ports.articles.putHold(accepted.hold);
      await settlePicture(ports, accepted.pictureId);
      break;
  }
  return accepted.kind;
}

function validated(
  body: string,
  deliveryId: string,
  owners: Owners,
  { sentAt, attempt = 1, limit = (work) => work() }: Delivery,
): Accepted {
  try {
    return limit(() => accept(body, deliveryId, owners, sentAt));
  } catch (error) {
    const overrun = overrunOf(error);
    if (overrun === undefined || attempt < lastAttemptToValidate) throw error;
    return rejectUnvalidated(body, deliveryId, overrun.message);
  }
}
