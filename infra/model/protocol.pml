/*
 * The protocol by which a seat is given out, told, sent, written and, after a fault, found again. README.md maps it to the code.
 *
 * Two instances of the API, the relay in each, a consumer, two Redis servers (B is the replica of A until it is promoted), MySQL, Kafka. One coupon with two seats;
 * three users. Time is not counted; what the code concludes from elapsed time is a guard here (see "lease").
 *
 * Every macro NO_x takes one protective rule away. Every other macro says how often a fault may happen (0 unless given).
 */

#include "sizes.pml"

/* ------------------------------------------------------------------ what is where */

/* Redis A and B: the keys of the coupon, the script cache, stock:verified, stock:members */
bit   loaded[2];          /* the coupon has a state, so it is on sale */
byte  verified[2];        /* epoch in that state */
byte  issued[2];          /* last ordinal */
byte  limit[2];           /* total + returned: what the state allows */
short held[2];            /* users hash */
short outbox[2];
byte  verifying[2];       /* {c}:verifying, id; 0: none */
byte  kept[2];            /* {c}:verifying, last ordinal */
bit   scripts[2];
byte  marker[2];          /* stock:verified, id; 0: none */
byte  waits[2];           /* stock:standing: the verification that waits; 0: none */
byte  stopped[2];         /*   the last one that stopped waiting */
byte  member0[2];         /*   the last verification that instance 0 has handed back for */
byte  member1[2];
bit   stuck[2];           /* frozen */
bit   promoted, noticed;  /* B has become the primary; A's list of replicas shows it */

/* what A falls back to, or B starts from, after a loss: its state at some earlier moment */
bit   snap, s_loaded;
byte  s_verified, s_issued, s_limit, s_verifying, s_kept, s_marker, s_waits, s_stopped, s_member0, s_member1;
short s_held, s_outbox;

/* Kafka */
short topic;              /* every message that was ever acknowledged; retention keeps them */
short unread;             /* not yet consumed */
short wire;               /* sent by an instance that died, may still arrive */

/* MySQL */
short rows, dead, table;  /* issued_coupons; dead_letters (open); handed_back_seats */
byte  forgotten;          /* a bit for each ordinal */
byte  epoch;              /* last id in stock_verifications */
byte  fenced;             /* last verification that waits, or waited */
bit   fencedOn;           /* its Redis */
byte  completed;          /* last verification that completed */
byte  settled[2];         /* stock_instances */
bit   ended[2];           /* given up */
byte  inserts;            /* coupons.issued_quantity */
bit   behind;             /* it lost a suffix, and nobody has repaired that */
bit   msnap;
bit   coupon, strange;    /* the row of the coupon; it is another coupon, under the same id */
short ms_rows, ms_dead;
byte  ms_epoch, ms_fenced, ms_completed, ms_inserts;

/* an instance */
bit   alive[2], frozen[2], cutRedis[2], cutMySql[2], cutKafka[2];
bit   conn[2];            /* the Redis that it takes for the primary */
bit   open[2];            /* fence */
byte  lease[2];           /* 0 ended; 1 renewed before the last verification was fenced; 2 renewed since */
byte  known[2];           /* last verification that it knows of */
short mine[2];            /* accepted or told by it, not known to be acknowledged */
short sent[2];            /* sent by it, acknowledgement under way */
short before[2];          /* of these, sent before the last verification */
byte  call[2];            /* the call of the script that is under way */
byte  callUser[2], callSeat[2], callEpoch[2];
bit   callOn[2];          /* the Redis that was asked */
bit   callHeld[2];        /* the answer: the outbox still has it */
bit   callGood[2];        /* the fence has not closed since it was asked */
byte  lateUser;           /* a call that its instance has given up and a frozen Redis has yet to execute: user + 1 */
byte  lateEpoch;
bit   lateOn;

/* a verification, run by an instance */
bit   repairs[2];         /* it knows that MySQL has lost something */
byte  step[2], id[2], gone[2];   /* gone: instances whose time has passed, as bits */
bit   on[2];
short seen[2];            /* what it has read in the outbox, in Kafka and in MySQL */
short had[2];             /* the users hash as it has read it (only where reading takes more than one step) */
bit   halted;             /* the third instance is frozen */

/* ------------------------------------------------------------------ bookkeeping of the checks, no part of the protocol */
short told;               /* answered 202 or 409, or by a status */
short excused;            /* told, and lost as the documentation admits */
short orphans;            /* told by instances that died or were out of reach of everything when they were given up */
short buried;             /* in the memory of an instance when it died */
byte  presses, pressed[USERS];
byte  n_crash, n_cutRedis, n_cutMySql, n_cutKafka, n_freeze, n_stuck, n_lose, n_flush, n_failover, n_loseMySql, n_hand, n_flip, n_drop, n_poison, n_replay, n_abort, n_halt;
short tmp, add; byte t, o;

inline setMember(r, i, v) { if :: i == 0 -> member0[r] = v :: else -> member1[r] = v fi }

/* ------------------------------------------------------------------ promises */

/* 1 and 2, and the half of 3 that an answer must not contradict an earlier one */
inline tell(i, u, n, how) {
  add = SEAT(u, n);
  printf("| instance %d tells user %d: number %d (%d)\n", i, u, n, how);
  if
  :: !(told & add) ->
       assert(!(told & ~excused & OF_USER(u)));      /* one per user */
       assert(!(told & ~excused & OF_ORDINAL(n)));   /* a number belongs to one user */
       told = told | add;
#ifdef CAN_SELL
       assert(false);                                 /* (a seat is sold) */
#endif
       assert(COUNT(told & ~excused) <= TOTAL);      /* never oversold: told more than there are */
  :: else
  fi;
  add = 0
}

inline tellNone(i, u) {
  printf("| instance %d tells user %d: sold out\n", i, u);
  assert(!(told & ~excused & OF_USER(u)))              /* what was told stays true */
}

/* ------------------------------------------------------------------ the issue script */

inline issue(r, u, e, outcome, seat, queued) {
  if
  :: !scripts[r] -> outcome = NOSCRIPT
  :: else ->
     if
     :: !loaded[r] -> outcome = NOT_LOADED
#ifndef NO_EPOCH
     :: loaded[r] && verified[r] < e -> outcome = NOT_VERIFIED
     :: loaded[r] && verified[r] >= e ->
#else
     :: loaded[r] ->
#endif
        if
        :: held[r] & OF_USER(u) ->
             outcome = ALREADY; seat = ORDINAL_OF(held[r], u); queued = ((outbox[r] & SEAT(u, seat)) != 0)
        :: else ->
             if
             :: issued[r] >= limit[r] -> outcome = SOLD_OUT
             :: else ->
                issued[r]++; seat = issued[r];
                assert(seat <= ORDINALS);
                held[r] = held[r] | SEAT(u, seat);
#ifndef NO_OUTBOX
                outbox[r] = outbox[r] | SEAT(u, seat);
#endif
                outcome = ISSUED; queued = 1
             fi
        fi
     fi
  fi;
  printf("| Redis %c decides for user %d: %e, number %d\n", 'A' + r, u, outcome, seat)
}

/* ------------------------------------------------------------------ the consumer's transaction, for one message */

inline write(u) {
  /* the message of user u with the lowest ordinal among tmp */
  add = LOWEST(tmp & OF_USER(u));
  if
  :: add == 0
  :: else ->
#ifndef NO_UNIQUE_KEY
     if
     :: !coupon -> dead = dead | add; printf("| the consumer knows no such coupon: number %d of user %d becomes a dead letter\n", ORDINAL_OF(add, u), u)
     :: coupon && (rows & add) -> dead = dead & ~add; printf("| the consumer: %d of user %d is a row already\n", ORDINAL_OF(add, u), u)
     :: else ->
        assert(!strange);                             /* a row goes to the coupon that its message means */
        if
        :: (rows & (OF_USER(u) | OF_ORDINAL(ORDINAL_OF(add, u)))) || COUNT(rows) >= TOTAL ->
             dead = dead | add; printf("| the consumer: number %d of user %d becomes a dead letter\n", ORDINAL_OF(add, u), u)
        :: else -> rows = rows | add; dead = dead & ~add; inserts++; printf("| the consumer: number %d of user %d becomes a row\n", ORDINAL_OF(add, u), u)
        fi
     fi;
#else
     rows = rows | add; dead = dead & ~add; inserts++; printf("| the consumer: number %d of user %d becomes a row\n", ORDINAL_OF(add, u), u);
#endif
     assert(COUNT(rows) == inserts && inserts <= TOTAL);   /* replaying is harmless, and no row is written above the stock */
     unread = unread & ~add
  fi;
  add = 0
}

/* Kafka has acknowledged these. Where the consumer is no process of its own, it has read them, too. */
inline arrive(mask) {
  topic = topic | (mask);
  unread = unread | (mask);
#if CONSUMER == 0
  tmp = unread; write(0); tmp = unread; write(1); tmp = unread; write(2);
  tmp = unread; write(0); tmp = unread; write(1); tmp = unread; write(2);
  tmp = 0
#endif
}

/* ------------------------------------------------------------------ fence, lease, hand-back */

inline shut(i) {
  open[i] = 0; lease[i] = 0;
  callGood[i] = 0
}

/* What a look at Redis shows: scripts, marker, its epoch, membership, and no verification that waits for this instance. */
#define MEMBER(r, i) (i == 0 -> member0[r] : member1[r])
#ifdef NO_MEMBERS
#define IS_MEMBER(r, i) 1
#else
#define IS_MEMBER(r, i) (MEMBER(r, i) >= stopped[r])
#endif
#ifdef NO_LOOK_FOR_VERIFICATIONS
#define NOT_WAITED_FOR(r, i) 1
#else
#define NOT_WAITED_FOR(r, i) (MEMBER(r, i) >= waits[r])
#endif
#define LOOKS_GOOD(i) (scripts[conn[i]] && marker[conn[i]] > 0 && marker[conn[i]] >= known[i] && IS_MEMBER(conn[i], i) && NOT_WAITED_FOR(conn[i], i))

/* The judge outside of Redis: MySQL, where every verification that waits has been heard of and settled for; or, without MySQL, the replicas. A's list shows the
   promotion of B with a delay that a verification waits for, too. */
#ifdef NO_REPLICA_RULE
#define REPLICAS(i) 2
#else
#define REPLICAS(i) (promoted -> ((conn[i] == A && !noticed) -> 1 : 0) : 2)
#endif
#define UP_TO_DATE(i) (!ended[i] && known[i] >= fenced && settled[i] >= fenced)
#define JUDGED(i) (REACHES_MYSQL(i) -> (UP_TO_DATE(i) -> 2 : 0) : REPLICAS(i))

#if defined(NO_HANDBACK) || defined(NO_HANDBACK_THROUGH_REDIS)
#define ASKED_BY_REDIS 0
#else
#define ASKED_BY_REDIS 1
#endif

#ifdef NO_LEASE
#define MAY_ISSUE(i) open[i]
#else
#define MAY_ISSUE(i) (open[i] && lease[i] > 0)
#endif

#ifdef NO_HANDBACK
#define HANDS_BACK(i) 0
#else
#define HANDS_BACK(i) mine[i]
#endif

inline ask(i, user) {
  presses++; pressed[user]++;
  printf("| user %d presses; instance %d asks Redis %c\n", user, i, 'A' + conn[i]);
  call[i] = ASKED; callUser[i] = user; callEpoch[i] = known[i]; callOn[i] = conn[i]; callGood[i] = 1
}

inline forgetCall(i) { call[i] = NONE; callUser[i] = 0; callSeat[i] = 0; callEpoch[i] = 0; callOn[i] = 0; callHeld[i] = 0; callGood[i] = 0 }

inline status(i, user) {
  o = ORDINAL_OF(held[conn[i]], user);
#ifndef NO_HOLD_WHAT_OTHERS_TOLD
  if :: outbox[conn[i]] & SEAT(user, o) -> mine[i] = mine[i] | SEAT(user, o) :: else fi;
#endif
  tell(i, user, o, 200);
  o = 0
}

/* In time for the verification that waits: what this instance told is answered for again. */
inline answered(i) {
  if :: step[0] < OUTBOX_READ && step[1] < OUTBOX_READ -> orphans = orphans & ~mine[i] :: else fi;
#if ACK && !defined(NO_TERM_OF_ACKNOWLEDGEMENTS)
  before[i] = sent[i]
#endif
}

/* What was sent before a verification is left to a relay: the verification may have put it back because its row is gone. */
inline acknowledged(i, what) {
  if :: REACHES_REDIS(i) -> outbox[conn[i]] = outbox[conn[i]] & ~((what) & ~before[i]) :: else fi;
  mine[i] = mine[i] & ~(what);
  sent[i] = 0; before[i] = 0
}

proctype Instance(byte i) {
  byte u;
end:
  do
  /* a press reaches the script */
  :: d_step { PRESSES(0) && MAY_ISSUE(i) && MAY_CALL(i) && REACHES_REDIS_OR_STUCK(i) -> ask(i, 0) }
  :: d_step { PRESSES(1) && MAY_ISSUE(i) && MAY_CALL(i) && REACHES_REDIS_OR_STUCK(i) -> ask(i, 1) }
  :: d_step { PRESSES(2) && MAY_ISSUE(i) && MAY_CALL(i) && REACHES_REDIS_OR_STUCK(i) -> ask(i, 2) }

  /* its answer reaches the instance, and then the user */
  :: d_step { call[i] > ASKED && RUNS(i) && !cutRedis[i] ->
       if
#ifndef NO_DISCARD
       :: !(callGood[i] && MAY_ISSUE(i)) -> printf("| instance %d discards the answer: its fence has closed since\n", i)
       :: callGood[i] && MAY_ISSUE(i) ->
#else
       :: else ->
#endif
          if
          :: call[i] == ISSUED -> mine[i] = mine[i] | SEAT(callUser[i], callSeat[i]); tell(i, callUser[i], callSeat[i], 202)
          :: call[i] == ALREADY ->
#ifndef NO_HOLD_WHAT_OTHERS_TOLD
               if :: callHeld[i] -> mine[i] = mine[i] | SEAT(callUser[i], callSeat[i]) :: else fi;
#endif
               tell(i, callUser[i], callSeat[i], 409)
          :: call[i] == SOLD_OUT -> tellNone(i, callUser[i])
          :: else -> shut(i); printf("| instance %d closes its fence: Redis could not decide\n", i)
          fi
       fi;
       forgetCall(i) }
  /* it does not */
  :: d_step { call[i] > ASKED && RUNS(i) && (cutRedis[i] || n_drop < DROP) ->
       if :: cutRedis[i] :: else -> n_drop++ fi;
       printf("| the answer to instance %d is lost\n", i); forgetCall(i) }
  :: d_step { call[i] == ASKED && RUNS(i) && stuck[callOn[i]] && lateUser == 0 ->
       printf("| instance %d gives up the call for user %d; Redis %c has it still before it\n", i, callUser[i], 'A' + callOn[i]);
       lateUser = callUser[i] + 1; lateEpoch = callEpoch[i]; lateOn = callOn[i]; forgetCall(i) }

#if STATUS
  /* a status, told from the users hash */
  :: d_step { MAY_ISSUE(i) && REACHES_REDIS(i) && loaded[conn[i]] && STATUS_EPOCH(i) && (held[conn[i]] & OF_USER(0) & ~told) -> status(i, 0) }
  :: d_step { MAY_ISSUE(i) && REACHES_REDIS(i) && loaded[conn[i]] && STATUS_EPOCH(i) && (held[conn[i]] & OF_USER(1) & ~told) -> status(i, 1) }
#endif

  /* sending; the acknowledgement; what another one has sent */
#if ACK
  :: d_step { REACHES_KAFKA(i) && (mine[i] & ~sent[i]) -> printf("| instance %d sends what it has accepted to Kafka\n", i); arrive(mine[i]); sent[i] = sent[i] | mine[i] }
  :: d_step { REACHES_KAFKA(i) && sent[i] -> printf("| instance %d hears that Kafka has it\n", i); acknowledged(i, sent[i]) }
#else
  :: d_step { REACHES_KAFKA(i) && mine[i] -> printf("| instance %d sends what it has accepted to Kafka, and it is acknowledged\n", i); arrive(mine[i]); acknowledged(i, mine[i]) }
#endif
#if LATE
  :: d_step { MAY_ISSUE(i) && REACHES_REDIS(i) && scripts[conn[i]] && loaded[conn[i]] && FORGET_EPOCH(i) && (mine[i] & ~outbox[conn[i]]) ->
       printf("| instance %d finds that something has left the outbox of Redis %c and forgets it\n", i, 'A' + conn[i]);
       assert(!(mine[i] & ~outbox[conn[i]] & ~topic));   /* accepted is never lost: nobody lets go of what Kafka does not have */
       mine[i] = mine[i] & outbox[conn[i]] }
#endif

  /* the heartbeat: it was given up, or it hears of a verification; where that waits, it hands back to the Redis that is verified or else through MySQL */
  :: d_step { REACHES_MYSQL(i) && ended[i] ->
       printf("| instance %d registers anew: it was given up\n", i);
       shut(i); ended[i] = 0; settled[i] = 0;
       setMember(A, i, 0); setMember(B, i, 0);
       if :: i == 0 -> s_member0 = 0 :: else -> s_member1 = 0 fi }
  :: d_step { REACHES_MYSQL(i) && !ended[i] && (known[i] < fenced || (settled[i] < fenced && (call[i] == NONE || !callGood[i] || conn[i] != fencedOn))) ->
       if :: known[i] < fenced -> known[i] = fenced; printf("| instance %d hears from MySQL of verification %d\n", i, fenced) :: else fi;
       if
       :: settled[i] < fenced && (call[i] == NONE || !callGood[i] || conn[i] != fencedOn) ->
            if
            :: REACHES_REDIS(i) && conn[i] == fencedOn && (MEMBER(fencedOn, i) >= fenced || waits[fencedOn] == fenced) ->
                 printf("| instance %d hands back to Redis %c, for verification %d\n", i, 'A' + conn[i], fenced);
                 outbox[conn[i]] = outbox[conn[i]] | HANDS_BACK(i); setMember(conn[i], i, fenced)
            :: else ->
                 printf("| instance %d does not reach Redis %c: it closes its fence and hands back through MySQL, for verification %d\n", i, 'A' + fencedOn, fenced);
                 shut(i); table = table | HANDS_BACK(i)
            fi;
            answered(i); settled[i] = fenced
       :: else
       fi }

  /* the lease */
  :: d_step { REACHES_REDIS(i) && LOOKS_GOOD(i) && JUDGED(i) > 0 && (!open[i] || lease[i] < JUDGED(i)) ->
       if :: !open[i] -> printf("| instance %d opens its fence on Redis %c\n", i, 'A' + conn[i]); outbox[conn[i]] = outbox[conn[i]] | HANDS_BACK(i) :: else fi;
       open[i] = 1;
       if :: lease[i] < JUDGED(i) -> lease[i] = JUDGED(i) :: else fi;
       known[i] = marker[conn[i]] }
  :: d_step { REACHES_REDIS(i) && open[i] && !(scripts[conn[i]] && marker[conn[i]] > 0 && marker[conn[i]] >= known[i]) ->
       printf("| instance %d looks at Redis %c and closes its fence\n", i, 'A' + conn[i]); shut(i) }
#ifndef NO_LEASE
  :: d_step { alive[i] && lease[i] > 0 && !(REACHES_REDIS(i) && LOOKS_GOOD(i) && (REACHES_MYSQL(i) || REPLICAS(i) > 0)) ->
       printf("| the lease of instance %d ends\n", i); lease[i] = 0; if :: RUNS(i) -> shut(i) :: else fi }
  :: d_step { RUNS(i) && open[i] && lease[i] == 0 -> printf("| instance %d closes its fence: its lease has ended\n", i); shut(i) }
#endif
  /* joining a Redis that does not know it as a member: what settled in MySQL may */
  :: d_step { REACHES_REDIS(i) && REACHES_MYSQL(i) && UP_TO_DATE(i) && MEMBER(conn[i], i) < stopped[conn[i]] && settled[i] >= stopped[conn[i]] ->
       printf("| instance %d joins at Redis %c\n", i, 'A' + conn[i]);
       outbox[conn[i]] = outbox[conn[i]] | HANDS_BACK(i); setMember(conn[i], i, settled[i]) }

  /* handing back without MySQL: unasked; asked through Redis */
  :: d_step { ASKED_BY_REDIS && REACHES_REDIS(i) && !open[i] && (HANDS_BACK(i) & ~outbox[conn[i]] & ~topic) ->
       printf("| instance %d hands back to Redis %c, unasked\n", i, 'A' + conn[i]); outbox[conn[i]] = outbox[conn[i]] | HANDS_BACK(i) }
  :: d_step { ASKED_BY_REDIS && REACHES_REDIS(i) && !REACHES_MYSQL(i) && (call[i] == NONE || !callGood[i]) && waits[conn[i]] > 0 && MEMBER(conn[i], i) < waits[conn[i]] ->
       printf("| instance %d hands back to Redis %c, for verification %d\n", i, 'A' + conn[i], waits[conn[i]]);
       outbox[conn[i]] = outbox[conn[i]] | HANDS_BACK(i); answered(i); setMember(conn[i], i, waits[conn[i]]) }

  /* the client of Redis takes the other server for the primary; it says so a moment later */
  :: d_step { RUNS(i) && promoted && conn[i] == A && !cutRedis[i] -> printf("| instance %d connects to Redis B\n", i); conn[i] = B }
  :: d_step { RUNS(i) && promoted && conn[i] == B && !cutRedis[i] && !stuck[A] && n_flip < FLIP -> n_flip++; printf("| instance %d takes Redis A for the primary again\n", i); conn[i] = A }
  od
}

/* Redis executes what it was asked; also what its caller has given up. */
inline deleteKeys(r) {
  assert(!(told & outbox[r]));                        /* accepted is never lost: nothing is deleted that is on its way */
  loaded[r] = 0; verified[r] = 0; issued[r] = 0; limit[r] = 0; held[r] = 0; outbox[r] = 0
}

/* What people and the API do about coupons that MySQL does not know. */
proctype Coupons() {
end:
  do
  :: false
#ifdef NO_TOMBSTONE
  :: d_step { !coupon && REACHES_REDIS(1) && REACHES_MYSQL(1) && loaded[conn[1]] ->
       printf("| instance 1 finds no such coupon in MySQL and deletes its keys from Redis %c\n", 'A' + conn[1]);
       deleteKeys(conn[1]) }
#endif
#ifdef NO_SERVER_CLOCK
  :: d_step { REACHES_REDIS(1) && loaded[conn[1]] ->
       printf("| instance 1, whose clock is days ahead, takes the coupon for over and deletes its keys from Redis %c\n", 'A' + conn[1]); deleteKeys(conn[1]) }
#endif
#ifdef NO_UNIQUE_ID
  :: d_step { !coupon -> printf("| an operator creates another coupon: it gets the same id\n"); coupon = 1; strange = 1 }
#endif
  od
}

/* What holds when nothing is left to happen, and what an operator may ask for at any moment. */
proctype Books() {
end:
  do
  :: timeout -> d_step {
       assert(!(told & ~(rows | dead) & ~buried));    /* accepted is never lost, but for what died with its instance and Redis */
       assert(!(told & ~(rows | dead) & ~excused));   /* accepted is never lost, but for what Redis has lost together with its instance */
       assert(unread == 0 && !mine[0] && !mine[1]);   /* nothing is under way for ever */
       assert(SELLS(0) && SELLS(1)) };                /* the sale goes on */
       break
#if BALANCE
  :: d_step { REACHES_MYSQL(0) && REACHES_REDIS(0) && BALANCE_SPEAKS(0) && SUMS_UP(conn[0]) && (told & ~excused & ~(rows | dead | unread | outbox[conn[0]])) ->
       printf("| instance 0 reads a balance from Redis %c: it adds up\n", 'A' + conn[0]);
       assert(false) }                                /* the books balance where a balance says so */
#endif
  od
}

proctype Scripts() {
end:
  do
  :: d_step { call[0] == ASKED && !stuck[callOn[0]] -> issue(callOn[0], callUser[0], callEpoch[0], call[0], callSeat[0], callHeld[0]) }
  :: d_step { call[1] == ASKED && !stuck[callOn[1]] -> issue(callOn[1], callUser[1], callEpoch[1], call[1], callSeat[1], callHeld[1]) }
  :: d_step { lateUser > 0 && !stuck[lateOn] ->
       printf("| the call that was given up runs now\n");
       issue(lateOn, lateUser - 1, lateEpoch, t, o, tmp); t = 0; o = 0; tmp = 0;
       lateUser = 0; lateEpoch = 0; lateOn = 0 }
  od
}

/* The relay in each instance sends what is in the outbox of the Redis that it reaches. */
/* overdue: not about to be sent by those who hold it */
#define OVERDUE(r) (outbox[r] & ~(REACHES_KAFKA(0) -> mine[0] : 0) & ~(REACHES_KAFKA(1) -> mine[1] : 0))

proctype Relay(byte i) {
end:
  do
#ifdef NO_RELAY
  :: false
#else
  :: d_step { REACHES_REDIS(i) && REACHES_KAFKA(i) && (i == 0 || !REACHES_REDIS(0) || !REACHES_KAFKA(0) || conn[0] != conn[1]) && OVERDUE(conn[i]) ->
       printf("| the relay of instance %d sends what is overdue in the outbox of Redis %c\n", i, 'A' + conn[i]);
       tmp = OVERDUE(conn[i]); outbox[conn[i]] = outbox[conn[i]] & ~tmp; topic = topic | tmp; unread = unread | tmp; arrive(0) }
#endif
  od
}

proctype Consumer() {
end:
  do
#if CONSUMER
  :: d_step { unread & OF_USER(0) -> tmp = unread; write(0); tmp = 0 }
  :: d_step { unread & OF_USER(1) -> tmp = unread; write(1); tmp = 0 }
  :: d_step { unread & OF_USER(2) -> tmp = unread; write(2); tmp = 0 }
#endif
  :: d_step { unread && n_poison < POISON -> n_poison++; printf("| the consumer cannot write a message: dead letter\n"); add = LOWEST(unread); unread = unread & ~add;
       if :: rows & add :: else -> dead = dead | DEAD_LETTER(add) fi; add = 0 }
  :: d_step { topic && n_replay < REPLAY -> n_replay++; printf("| everything is read once more, dead letters are replayed\n"); arrive(topic | dead) }
  :: d_step { wire -> printf("| what the dead instance had sent arrives\n"); arrive(wire); wire = 0 }
  :: d_step { wire -> wire = 0 }
  od
}

/* ------------------------------------------------------------------ verification */

/* a later verification, a Redis that lost something, or another Redis */
#define BROKEN(i) (verifying[on[i]] != id[i] || V_CONN(i) != on[i] || (V_REACHES_MYSQL(i) && (fenced > id[i] || UNSEEN(i))))
#define ANSWERED(j, r, v) (settled[j] >= v || MEMBER(r, j) >= v)
#define SETTLED(i, j) (ANSWERED(j, on[i], id[i]) || ended[j] || (gone[i] & (1 << j)))
#define OUT_OF_REACH(j, r) (!alive[j] || frozen[j] || ((cutRedis[j] || conn[j] != r || stuck[conn[j]]) && cutMySql[j]))

inline begin(i) {
  #ifndef NO_EPOCH_ABOVE_REDIS
  if :: marker[V_CONN(i)] > epoch -> epoch = marker[V_CONN(i)] :: else fi;
  if :: V_KNOWN(i) > epoch -> epoch = V_KNOWN(i) :: else fi;
#endif
  epoch++; id[i] = epoch; on[i] = V_CONN(i); step[i] = BEGUN;
  printf("| instance %d begins verification %d of Redis %c: off sale\n", V_NAME(i), id[i], 'A' + V_CONN(i));
  if :: SEEN_BEHIND -> repairs[i] = 1; printf("| MySQL has lost something\n") :: else fi;
  if :: loaded[V_CONN(i)] && issued[V_CONN(i)] > kept[V_CONN(i)] -> kept[V_CONN(i)] = issued[V_CONN(i)] :: else fi;
  loaded[V_CONN(i)] = 0; issued[V_CONN(i)] = 0; limit[V_CONN(i)] = 0; verified[V_CONN(i)] = 0;
  verifying[V_CONN(i)] = id[i]; waits[V_CONN(i)] = id[i]
}

/* Time has passed: who was not seen since, and has not settled, is given up; leases from before have ended. */
inline giveUp(i, j) {
  printf("| verification %d has waited long enough for instance %d: its lease must have ended\n", id[i], j);
  gone[i] = gone[i] | (1 << j); noticed = promoted;
#ifndef NO_LEASE
  if :: lease[j] == 1 -> lease[j] = 0 :: else fi;
  assert(lease[j] == 0 || !open[j]);                 /* nobody is given up who may still issue */
#endif
  if :: OUT_OF_REACH(j, on[i]) -> orphans = orphans | mine[j] :: else fi
}

/* No answer counts any more; only then are those given up who have not answered, and only then is anything read. */
inline endWait(i) {
  waits[on[i]] = 0; stopped[on[i]] = id[i];
  if :: (gone[i] & 1) && !ANSWERED(0, on[i], id[i]) -> ended[0] = 1; printf("| verification %d gives instance 0 up\n", id[i]) :: else fi;
  if :: (gone[i] & 2) && !ANSWERED(1, on[i], id[i]) -> ended[1] = 1; printf("| verification %d gives instance 1 up\n", id[i]) :: else fi;
  if :: lease[0] == 1 -> lease[0] = 2 :: else fi;
  if :: lease[1] == 1 -> lease[1] = 2 :: else fi
}

inline stop(i) { step[i] = 0; id[i] = 0; on[i] = 0; gone[i] = 0; repairs[i] = 0; seen[i] = 0; had[i] = 0 }

#define TAKE(u) if :: !(held[on[i]] & OF_USER(u)) -> held[on[i]] = held[on[i]] | LOWEST(tmp & OF_USER(u)) :: else fi

inline recordForgotten(i) {
  step[i] = RECORDED;
  o = ORDINALS_OF(seen[i] | HAD(i));
  t = HIGHEST(o);
  if :: kept[on[i]] > t -> t = kept[on[i]] :: else fi;
  if :: HIGHEST(forgotten) > t -> t = HIGHEST(forgotten) :: else fi;
  forgotten = forgotten & ~o;
  forgotten = forgotten | (UP_TO(t) & ~UP_TO(kept[on[i]]) & ~o);
  printf("| verification %d: last number %d, forgotten (bits) %d\n", id[i], t, forgotten);
  o = 0; t = 0
}

inline complete(i) {
  /* what was read and was not there is there now; a row counts more than anything else */
  add = HAD(i) & ~seen[i];
  tmp = seen[i] & ~HAD(i) & rows; TAKE(0); TAKE(1); TAKE(2);
  tmp = seen[i] & ~HAD(i); TAKE(0); TAKE(1); TAKE(2);
  tmp = 0;
  outbox[on[i]] = outbox[on[i]] | add | (seen[i] & table);
  /* rows that MySQL has lost are written again, whatever a consumer has committed */
  if :: repairs[i] -> outbox[on[i]] = outbox[on[i]] | ((seen[i] | HAD(i)) & ~(rows | dead | unread)); coupon = 1; behind = 0 :: else fi;
  table = table & ~seen[i];
  t = HIGHEST(ORDINALS_OF(seen[i] | HAD(i)));
  if :: kept[on[i]] > t -> t = kept[on[i]] :: else fi;
  if :: issued[on[i]] > t -> t = issued[on[i]] :: else fi;
  if :: HIGHEST(forgotten) > t -> t = HIGHEST(forgotten) :: else fi;
  loaded[on[i]] = 1; issued[on[i]] = t; limit[on[i]] = TOTAL + BITS(forgotten); verified[on[i]] = id[i];
  kept[on[i]] = 0; verifying[on[i]] = 0; t = 0;
  scripts[on[i]] = 1; marker[on[i]] = id[i]; completed = id[i];
  printf("| verification %d is complete: Redis %c sells from number %d, limit %d\n", id[i], 'A' + on[i], issued[on[i]] + 1, limit[on[i]]);

  add = told & ~excused & ~(seen[i] | held[on[i]]);
  assert(!(add & ~orphans));                          /* what was told stays true: nothing told is forgotten, but for what the documentation admits */
  excused = excused | add; orphans = orphans & buried;
  assert(!(ORDINALS_OF(told & ~excused) & forgotten)); /* the books balance: no number is both somebody's and nobody's */
  add = 0;
  stop(i)
}

proctype Verifier(byte i) {
end:
  do
  :: d_step { step[i] == 0 && (VERIFIERS & (1 << i)) && V_REACHES_REDIS(i) && V_REACHES_MYSQL(i) && V_REACHES_KAFKA(i) && !V_ENDED(i) && epoch < VERIFICATIONS &&
              (!scripts[V_CONN(i)] || marker[V_CONN(i)] == 0 || SEEN_BEHIND || n_hand < HAND) &&
              (step[1 - i] == 0 || on[1 - i] != V_CONN(i) || !V_REACHES_REDIS(1 - i)) ->
       if :: scripts[V_CONN(i)] && marker[V_CONN(i)] > 0 && !SEEN_BEHIND -> n_hand++ :: else fi;
       begin(i) }
  :: d_step { step[i] == BEGUN && V_REACHES_MYSQL(i) && fenced < id[i] ->
       printf("| verification %d waits for everybody\n", id[i]);
       step[i] = WAITING; fenced = id[i]; fencedOn = on[i];
       if :: lease[0] == 2 -> lease[0] = 1 :: else fi; if :: lease[1] == 2 -> lease[1] = 1 :: else fi }
  :: d_step { step[i] == WAITING && V_REACHES_MYSQL(i) && !SETTLED(i, 0) && PASSED(0, on[i], id[i]) -> giveUp(i, 0) }
  :: d_step { step[i] == WAITING && V_REACHES_MYSQL(i) && !SETTLED(i, 1) && PASSED(1, on[i], id[i]) -> giveUp(i, 1) }
#ifdef NO_WAIT
  :: d_step { step[i] == WAITING && V_REACHES_REDIS(i) && V_CONN(i) == on[i] && verifying[on[i]] == id[i] ->
#else
  :: d_step { step[i] == WAITING && V_REACHES_REDIS(i) && V_REACHES_MYSQL(i) && V_CONN(i) == on[i] && verifying[on[i]] == id[i] && SETTLED(i, 0) && SETTLED(i, 1) ->
#endif
       printf("| verification %d reads the outbox\n", id[i]); endWait(i); step[i] = OUTBOX_READ; seen[i] = outbox[on[i]];
#if FINE
       had[i] = held[on[i]];
#endif
       skip }
#if FINE
  :: d_step { step[i] == FIRST_KAFKA && V_REACHES_KAFKA(i) -> printf("| verification %d reads the unread tail of Kafka\n", id[i]); step[i] = step[i] + 1; seen[i] = seen[i] | (repairs[i] -> topic : unread) }
  :: d_step { step[i] == FIRST_MYSQL && V_REACHES_MYSQL(i) && !UNSEEN(i) -> printf("| verification %d reads the rows, the dead letters and the table of seats handed back\n", id[i]);
       step[i] = step[i] + 1; seen[i] = seen[i] | rows | dead | table }
  :: d_step { step[i] == ALL_READ && V_REACHES_MYSQL(i) && (RECORD_FENCE || fenced == id[i]) -> recordForgotten(i) }
  :: d_step { step[i] == RECORDED && V_REACHES_REDIS(i) && V_CONN(i) == on[i] && (NO_CHAIN_CHECKED || verifying[on[i]] == id[i]) -> complete(i) }
#else
  :: d_step { step[i] == OUTBOX_READ && V_REACHES_KAFKA(i) && V_REACHES_MYSQL(i) && !UNSEEN(i) && V_REACHES_REDIS(i) && V_CONN(i) == on[i] && verifying[on[i]] == id[i] ->
       printf("| verification %d reads Kafka and MySQL\n", id[i]); seen[i] = seen[i] | unread | rows | dead | table | (repairs[i] -> topic : 0);
       recordForgotten(i); complete(i) }
#endif
  :: d_step { step[i] > 0 && V_RUNS(i) && (BROKEN(i) || n_abort < ABORT) ->
       if :: BROKEN(i) :: else -> n_abort++ fi;
       printf("| verification %d is interrupted\n", id[i]); stop(i) }
  od
}

/* ------------------------------------------------------------------ faults: to instance 0 only, since the two are alike */

inline snapshot() {
  snap = 1; s_loaded = loaded[A]; s_verified = verified[A]; s_issued = issued[A]; s_limit = limit[A]; s_verifying = verifying[A]; s_kept = kept[A]; s_marker = marker[A]; s_waits = waits[A]; s_stopped = stopped[A];
  s_member0 = member0[A]; s_member1 = member1[A]; s_held = held[A]; s_outbox = outbox[A]
}

inline forgetSnapshot() {
  snap = 0; s_loaded = 0; s_verified = 0; s_issued = 0; s_limit = 0; s_verifying = 0; s_kept = 0; s_marker = 0; s_waits = 0; s_stopped = 0; s_member0 = 0; s_member1 = 0; s_held = 0; s_outbox = 0
}

inline fallBack(r) {
  loaded[r] = s_loaded; verified[r] = s_verified; issued[r] = s_issued; limit[r] = s_limit; verifying[r] = s_verifying; kept[r] = s_kept; marker[r] = s_marker; waits[r] = s_waits; stopped[r] = s_stopped;
  member0[r] = s_member0; member1[r] = s_member1; held[r] = s_held; outbox[r] = s_outbox; scripts[r] = 0;
  forgetSnapshot()
}

proctype Faults() {
end:
  do
#if LOSE_MYSQL
  :: d_step { !msnap && n_loseMySql < LOSE_MYSQL -> printf("| (what MySQL writes from here on is not on its replica)\n");
       msnap = 1; ms_rows = rows; ms_dead = dead; ms_epoch = epoch; ms_fenced = fenced; ms_completed = completed; ms_inserts = inserts }
  :: d_step { msnap && n_loseMySql < LOSE_MYSQL -> n_loseMySql++; printf("| MySQL fails over to a replica that is behind\n");
       rows = ms_rows; dead = ms_dead; epoch = ms_epoch; fenced = ms_fenced; completed = ms_completed; inserts = ms_inserts;
       if :: settled[0] > fenced -> settled[0] = fenced :: else fi; if :: settled[1] > fenced -> settled[1] = fenced :: else fi;
       coupon = !CREATED; behind = 1;
       msnap = 0; ms_rows = 0; ms_dead = 0; ms_epoch = 0; ms_fenced = 0; ms_completed = 0; ms_inserts = 0 }
#endif
  :: d_step { alive[0] && n_crash < CRASH -> n_crash++; printf("| instance 0 dies\n"); alive[0] = 0; frozen[0] = 0;
       orphans = orphans | mine[0]; buried = mine[0]; wire = mine[0]; mine[0] = 0; sent[0] = 0; before[0] = 0; shut(0); if :: call[0] > ASKED -> forgetCall(0) :: else fi;
#if !THIRD
       stop(0);
#endif
       skip }
  :: d_step { step[0] > 0 && !halted && n_halt < HALT -> n_halt++; printf("| the process of verification %d freezes\n", id[0]); halted = 1 }
  :: d_step { halted -> printf("| it thaws\n"); halted = 0 }

  :: d_step { RUNS(0) && n_freeze < FREEZE -> n_freeze++; printf("| instance 0 freezes\n"); frozen[0] = 1 }
  :: d_step { frozen[0] -> printf("| instance 0 thaws\n"); frozen[0] = 0 }

  :: d_step { !cutRedis[0] && n_cutRedis < CUT_REDIS -> n_cutRedis++; printf("| instance 0 is cut off from Redis\n"); cutRedis[0] = 1 }
  :: d_step { cutRedis[0] -> printf("| instance 0 reaches Redis again\n"); cutRedis[0] = 0; shut(0) }
  :: d_step { !cutMySql[0] && n_cutMySql < CUT_MYSQL -> n_cutMySql++; printf("| instance 0 is cut off from MySQL\n"); cutMySql[0] = 1 }
  :: d_step { cutMySql[0] && !STARTS_WITHOUT_MYSQL -> printf("| instance 0 reaches MySQL again\n"); cutMySql[0] = 0 }
  :: d_step { !cutKafka[0] && n_cutKafka < CUT_KAFKA -> n_cutKafka++; printf("| instance 0 is cut off from Kafka\n"); cutKafka[0] = 1 }
  :: d_step { cutKafka[0] && !STARTS_WITHOUT_KAFKA -> printf("| instance 0 reaches Kafka again\n"); cutKafka[0] = 0 }

  :: d_step { !snap && n_lose + n_failover < LOSE + FAILOVER && !promoted -> printf("| (what Redis A writes from here on is not on its disk, and not on its replica)\n"); snapshot() }
  :: d_step { snap && !promoted && n_lose < LOSE -> n_lose++; printf("| Redis A restarts without what it wrote last\n"); fallBack(A);
       if :: call[0] == ASKED -> forgetCall(0) :: else fi; if :: call[1] == ASKED -> forgetCall(1) :: else fi }
  :: d_step { n_flush < FLUSH && !promoted -> n_flush++; printf("| FLUSHALL on Redis A\n");
       loaded[A] = 0; verified[A] = 0; issued[A] = 0; limit[A] = 0; verifying[A] = 0; kept[A] = 0; marker[A] = 0; waits[A] = 0; stopped[A] = 0; member0[A] = 0; member1[A] = 0; held[A] = 0; outbox[A] = 0 }
  :: d_step { snap && !promoted && n_failover < FAILOVER -> n_failover++; printf("| Redis B becomes the primary without what A wrote last; A lives on\n"); fallBack(B); promoted = 1 }
  :: d_step { !stuck[A] && n_stuck < FREEZE_REDIS -> n_stuck++; printf("| Redis A freezes\n"); stuck[A] = 1 }
  :: d_step { stuck[A] -> printf("| Redis A thaws\n"); stuck[A] = 0 }
  od
}

init {
  d_step {
    alive[0] = 1; alive[1] = 1;
    coupon = 1; loaded[A] = 1; verified[A] = 1; limit[A] = TOTAL; scripts[A] = 1; marker[A] = 1; stopped[A] = 1; member0[A] = 1; member1[A] = 1;
    epoch = 1; fenced = 1; completed = 1; settled[0] = 1; settled[1] = 1;
    known[0] = 1; known[1] = 1;
#if STARTS_WITHOUT_MYSQL
    cutMySql[0] = 1; cutMySql[1] = 1;
#else
    open[0] = 1; open[1] = 1; lease[0] = 2; lease[1] = 2;
#endif
#if STARTS_WITHOUT_KAFKA
    cutKafka[0] = 1; cutKafka[1] = 1;
#endif
    skip

  };
  atomic { run Instance(0); run Instance(1); run Scripts(); run Relay(0); run Relay(1); run Consumer(); run Verifier(0); run Verifier(1); run Coupons(); run Books(); run Faults() }
}
