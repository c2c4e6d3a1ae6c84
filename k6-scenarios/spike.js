// The opening second of a sale: the rate jumps from low to the peak within a second, holds, and falls back.
import { pressOnArrival } from './lib/arrivals.js';
import { createCoupon, pressesOf } from './lib/coupon.js';
import { balanceBooks } from './lib/books.js';
import { duration, seconds, size } from './lib/settings.js';
import { everySeat, promises } from './lib/thresholds.js';
import { summarize, summaryTrendStats as stats } from './lib/summary.js';

const quiet = size('RATE', 100);
const peak = size('PEAK', 2000);
const stock = size('STOCK', 5000);
const hold = duration('DURATION', '5s');

// Five quiet seconds on either side, a second up, a second down.
const arrivals = 10 * quiet + (quiet + peak) + peak * seconds(hold);

export const options = {
  scenarios: {
    spike: {
      executor: 'ramping-arrival-rate',
      startRate: quiet,
      timeUnit: '1s',
      preAllocatedVUs: size('CLIENTS', 600),
      stages: [
        { target: quiet, duration: '5s' },
        { target: peak, duration: '1s' },
        { target: peak, duration: hold },
        { target: quiet, duration: '1s' },
        { target: quiet, duration: '5s' },
      ],
    },
  },
  thresholds: { ...promises(stock, 500), ...everySeat(stock, arrivals) },
  summaryTrendStats: stats,
};

export const setup = () => createCoupon(stock, 'k6: spike');

export default (coupon) => pressOnArrival(coupon, pressesOf);

export const teardown = balanceBooks;
export const handleSummary = summarize('spike');
