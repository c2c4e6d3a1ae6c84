import exec from 'k6/execution';
import { createCoupon, pressRepeatedly } from './coupon.js';
import { duration, seconds, size } from './settings.js';
import { everySeat, promises } from './thresholds.js';
import { summaryTrendStats } from './summary.js';

/**
 * The options of k6 and the setup of a sale whose users arrive at a constant rate, independent of the service. RATE, STOCK, DURATION and CLIENTS
 * override the sizes given here.
 */
export function constantArrivals(title, { rate, stock, time }) {
  const users = size('RATE', rate);
  const seats = size('STOCK', stock);
  const length = duration('DURATION', time);
  return {
    options: {
      scenarios: {
        arrivals: {
          executor: 'constant-arrival-rate',
          rate: users,
          timeUnit: '1s',
          duration: length,
          // As many clients as users arrive in a second. A shorter silence of the service shows in the percentiles and drops no user.
          preAllocatedVUs: size('CLIENTS', users),
        },
      },
      thresholds: { ...promises(seats, 200), ...everySeat(seats, users * seconds(length)) },
      summaryTrendStats,
    },
    setup: () => createCoupon(seats, title),
  };
}

/** The next user who arrives, and all of that user's presses; `presses` is a number for each user id. */
export function pressOnArrival(coupon, presses) {
  const userId = exec.scenario.iterationInTest + 1;
  pressRepeatedly(coupon, userId, presses(userId));
}
