import { dollarsAPath, freePathsAMonth } from '../../shared/purge/purge-budget.ts';

/** What AWS asks in us-east-1, in dollars, November 2026, without the free tiers that end after a year. */
export const prices = {
  /** A million events put on a bus; those that AWS's own rules deliver cost nothing. */
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

/** What the paths of a month cost. */
export function pathDollars(paths: number): number {
  return Math.max(0, paths - prices.freePaths) * prices.path;
}
