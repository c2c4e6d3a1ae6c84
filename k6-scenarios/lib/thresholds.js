import { issueDuration } from './metrics.js';
import { size } from './settings.js';

/**
 * Fails every scenario for: a seat too many, a user with two, an answer that contradicts an earlier one, an unexplained answer,
 * books that do not balance, presses that were never made, and a 95th percentile above P95_MS milliseconds.
 */
export function promises(stock, p95Milliseconds) {
  return {
    coupon_issued: [`count<=${stock}`],
    coupon_duplicates: ['count==0'],
    coupon_contradictions: ['count==0'],
    coupon_unexpected: ['count==0'],
    coupon_unbalanced: ['count==0'],
    dropped_iterations: ['count==0'],
    [issueDuration]: [`p(95)<${size('P95_MS', p95Milliseconds)}`],
  };
}

/** Where there is a seat for every user, every user must get one: a service that refuses everything fails too. */
export function exactly(stock) {
  return { coupon_issued: [`count==${stock}`] };
}

/**
 * The same for users who arrive at a rate. k6 starts about as many as the rate and the time say, so where there is a seat for each, nearly as many
 * seats must be given; where there are fewer seats than users, all of them.
 */
export function everySeat(stock, arrivals) {
  return stock < arrivals * 0.99 ? exactly(stock) : { coupon_issued: [`count<=${stock}`, `count>=${Math.floor(arrivals * 0.99)}`] };
}
