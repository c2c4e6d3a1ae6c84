import { issueDuration } from './metrics.js';

// handleSummary for every scenario: one table to read, one JSON file to compare (SUMMARY names it; default NAME-summary.json where k6 was started).

const rows = [
  ['presses', (m) => group(presses(m))],
  ['presses/s', (m) => perSecond(m)],
  ['issued', (m) => count(m, 'coupon_issued')],
  ['refused by the rules', (m) => count(m, 'coupon_refused')],
  ['dropped iterations', (m) => count(m, 'dropped_iterations')],
  ['p50 ms', (m) => percentile(m, 'med')],
  ['p95 ms', (m) => percentile(m, 'p(95)')],
  ['p99 ms', (m) => percentile(m, 'p(99)')],
  ['max ms', (m) => percentile(m, 'max')],
];

/** The percentiles that the table shows. */
export const summaryTrendStats = ['min', 'med', 'p(95)', 'p(99)', 'max'];

/** Prints the table and writes the file. */
export function summarize(name) {
  return (data) => {
    const lines = rows.map(([label, read]) => `  ${label.padEnd(28)}${read(data.metrics).padStart(14)}`);
    const broken = Object.entries(data.metrics).flatMap(([metric, { thresholds = {} }]) =>
      Object.entries(thresholds).filter(([, { ok }]) => !ok).map(([rule]) => `  BROKEN: ${metric} ${rule}`));
    const verdict = broken.length === 0 ? '  every threshold holds' : broken.join('\n');
    return {
      stdout: `\n${name}\n${lines.join('\n')}\n${verdict}\n`,
      [__ENV.SUMMARY || `${name}-summary.json`]: JSON.stringify(data, null, 2),
    };
  };
}

const presses = (metrics) => ['coupon_issued', 'coupon_refused', 'coupon_unexpected']
  .reduce((sum, name) => sum + (metrics[name] ? metrics[name].values.count : 0), 0);
// A run with an aborted setup has measured nothing.
const perSecond = (metrics) => (metrics.coupon_load_seconds ? group(Math.round(presses(metrics) / metrics.coupon_load_seconds.values.value)) : '-');
const count = (metrics, name) => group(metrics[name] ? metrics[name].values.count : 0);
const percentile = (metrics, stat) => (metrics[issueDuration]?.values[stat]?.toFixed(1) ?? '-');
const group = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ',');
