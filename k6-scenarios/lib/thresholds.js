import { size } from './settings.js';

/**
 * What fails a run, whatever the scenario: a seat too many, a user with two, an answer that contradicts an earlier one, an unexplained answer,
 * books that do not balance, and a 95th percentile above P95_MS milliseconds.
 */
export function promises(stock, p95Milliseconds) {
  return {
    coupon_issued: [`count<=${stock}`],
    coupon_duplicates: ['count==0'],
    coupon_contradictions: ['count==0'],
    coupon_unexpected: ['rate==0'],
    coupon_unbalanced: ['count==0'],
    coupon_issue_duration: [`p(95)<${size('P95_MS', p95Milliseconds)}`],
  };
}

/** For arrival-rate scenarios: what the generator could not send was not measured, so a run that dropped any says nothing. */
export const nothingDropped = { dropped_iterations: ['count==0'] };

/** Where everybody could be served there must be nobody left out, so a service that refuses all does not pass either. */
export function exactly(stock) {
  return { coupon_issued: [`count==${stock}`] };
}
