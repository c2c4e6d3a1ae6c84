// Users arrive at a constant rate, independent of the service: a slow service cannot slow the load and so hide its latency.
import { constantArrivals, pressOnArrival } from './lib/arrivals.js';
import { balanceBooks } from './lib/books.js';
import { pressesOf } from './lib/coupon.js';
import { summarize } from './lib/summary.js';

export const { options, setup } = constantArrivals('k6: open model', { rate: 1000, stock: 10000, time: '20s' });

export default (coupon) => pressOnArrival(coupon, pressesOf);

export const teardown = balanceBooks;
export const handleSummary = summarize('open-model');
