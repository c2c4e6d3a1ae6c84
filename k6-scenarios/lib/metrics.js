import { Counter, Gauge } from 'k6/metrics';

/** 202: a seat was given. More of these than the stock is an oversell. */
export const issued = new Counter('coupon_issued');

/** A user who was given a second seat. */
export const duplicates = new Counter('coupon_duplicates');

/** A holder who is told another place than before, or that there is none; an "already issued" to somebody who has never been given one. */
export const contradictions = new Counter('coupon_contradictions');

/** Refusals that the rules of these sales explain, which are open from the start and never closed: sold out, already issued. */
export const refused = new Counter('coupon_refused');

/** Anything else: 5xx, no answer, another refusal, a 202 without a place, a body without a code. */
export const unexpected = new Counter('coupon_unexpected');

/** Whether the books were off after the load: 1 when anything of the balance did not add up. */
export const unbalanced = new Counter('coupon_unbalanced');

/** From the end of the setup to the start of the teardown, in seconds: k6's own rates count both, and so the wait for the books. */
export const loadSeconds = new Gauge('coupon_load_seconds');

/** k6's own duration of the requests that press the button: a metric of ours would cost each of them once more. */
export const issueDuration = 'http_req_duration{name:issue}';
