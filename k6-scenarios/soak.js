// A moderate rate for a long time: a leak shows in the trend of the latency, a loss in the books at the end.
import { constantArrivals, pressOnArrival } from './lib/arrivals.js';
import { balanceBooks } from './lib/books.js';
import { summarize } from './lib/summary.js';

export const { options, setup } = constantArrivals('k6: soak', { rate: 300, stock: 1000000, time: '10m' });

export default (coupon) => pressOnArrival(coupon, () => 2);

export const teardown = balanceBooks;
export const handleSummary = summarize('soak');
