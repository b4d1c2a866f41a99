import { dollarsAPath, freePathsAMonth } from '../../shared/purge/purge-budget.ts';

/** AWS's prices in us-east-1, in dollars, November 2026, without free tiers that end after a year. */
export const prices = {
  /** A million events on a bus. Delivery by rules within the account is free. */
  millionEvents: 1,
  millionWriteUnits: 0.625,
  millionReadUnits: 0.125,
  /** A million calls, each of up to 64 KB. */
  millionQueueCalls: 0.4,
  millionInvocations: 0.2,
  /** arm64. */
  gigabyteSecond: 0.0000133334,
  path: dollarsAPath,
  freePaths: freePathsAMonth,
  /** A million requests from CloudFront's regions to Origin Shield. */
  millionShieldRequests: 0.75,
} as const;

/** Returns the cost of the invalidation paths of a month. */
export function pathDollars(paths: number): number {
  return Math.max(0, paths - prices.freePaths) * prices.path;
}
