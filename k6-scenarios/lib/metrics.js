import { Counter, Rate, Trend } from 'k6/metrics';

/** 202: a seat was given. More of these than the stock is an oversell. */
export const issued = new Counter('coupon_issued');

/** A user who was given a second seat. */
export const duplicates = new Counter('coupon_duplicates');

/** An "already issued" that names another place than the first answer did. */
export const contradictions = new Counter('coupon_contradictions');

/** Refusals that the rules of a sale explain: sold out, already issued, not open yet, closed. */
export const refused = new Counter('coupon_refused');

/** Anything else: 5xx, no answer, a body without a code. */
export const unexpected = new Rate('coupon_unexpected');

/** Whether the books were off after the load: 1 when anything of the balance did not add up. */
export const unbalanced = new Counter('coupon_unbalanced');

/** Time to the answer of one issuance request, in milliseconds. */
export const issueDuration = new Trend('coupon_issue_duration', true);
