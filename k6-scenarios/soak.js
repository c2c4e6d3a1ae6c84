// A moderate rate for long: what leaks or fills up shows in the trend of the latency, and in the books at the end.
import exec from 'k6/execution';
import { createCoupon, pressRepeatedly } from './lib/coupon.js';
import { settle } from './lib/books.js';
import { duration, seconds, size } from './lib/settings.js';
import { everySeat, promises } from './lib/thresholds.js';
import { summarize, summaryTrendStats as stats } from './lib/summary.js';

const rate = size('RATE', 300);
const stock = size('STOCK', 1000000);
const time = duration('DURATION', '10m');

export const options = {
  scenarios: {
    soak: {
      executor: 'constant-arrival-rate',
      rate,
      timeUnit: '1s',
      duration: time,
      // As many as arrive in a second: a shorter silence is the business of the percentiles, and drops nobody.
      preAllocatedVUs: size('CLIENTS', rate),
    },
  },
  thresholds: { ...promises(stock, 200), ...everySeat(stock, rate * seconds(time)) },
  summaryTrendStats: stats,
};

export const setup = () => createCoupon(stock, 'k6: soak');

export default function (coupon) {
  pressRepeatedly(coupon, exec.scenario.iterationInTest + 1, 2);
}

export const teardown = settle;
export const handleSummary = summarize('soak');
