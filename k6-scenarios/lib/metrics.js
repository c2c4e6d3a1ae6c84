import { Counter, Gauge } from 'k6/metrics';

/** 202: a seat was given. More of these than the stock is an oversell. */
export const issued = new Counter('coupon_issued');

/** A user who was given a second seat. */
export const duplicates = new Counter('coupon_duplicates');

/** An answer with another ordinal than before, or without one, to a user with a seat; an "already issued" to a user without one. */
export const contradictions = new Counter('coupon_contradictions');

/** Expected refusals: sold out, already issued. The coupons of these sales are open from the start and never closed. */
export const refused = new Counter('coupon_refused');

/** Anything else: 5xx, no answer, another refusal, a 202 without an ordinal, a body without a code. */
export const unexpected = new Counter('coupon_unexpected');

/** 1 if the balance did not add up after the load. */
export const unbalanced = new Counter('coupon_unbalanced');

/** From the end of the setup to the start of the teardown, in seconds. k6's own rates include both, and so the wait for the books. */
export const loadSeconds = new Gauge('coupon_load_seconds');

/** k6's own duration of the presses: a metric of our own would cost each press more CPU time. */
export const issueDuration = 'http_req_duration{name:issue}';
