package io.pushgate.access;

import static io.pushgate.runtime.telemetry.Meters.counter;
import static io.pushgate.runtime.telemetry.Meters.gauge;
import static io.pushgate.runtime.telemetry.Meters.latency;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.pushgate.runtime.telemetry.ErrorCounter;
import io.pushgate.runtime.telemetry.Meters;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Every meter of this role, looked up once, so that counting allocates nothing. Any thread. */
final class AccessMetrics {
    /** Attempts counted one by one; those after count as the last. */
    private static final int MAX_ATTEMPT = 9;

    final Counter connects;
    final Counter pushes;
    final Counter sent;
    final Counter replayed;
    final Counter acked;
    final Counter duplicates;
    final Counter expired;
    final Counter deferred;
    final Counter recalled;
    final Counter gaps;
    final Counter bounces;
    final Counter dropped;
    final Counter slowCuts;
    final Counter acceptFailures;
    final Counter pingsIgnored;
    final Counter balanceAsked;
    final Counter broadcasts;
    final Counter logSent;
    final Counter logReplayed;
    final Counter logAcked;
    final Counter logGaps;
    final Counter logFetches;
    final Counter logResets;
    final Counter logRecalled;
    final Timer logSpread;

    /** Senders that wait at the fetch gates. */
    final AtomicInteger fetchesWaiting = new AtomicInteger();

    /** Deliveries that wait for their event loop. */
    final AtomicInteger deliveriesQueued = new AtomicInteger();

    /** Connections above the mean of the nodes. */
    final AtomicInteger balanceSurplus = new AtomicInteger();

    final ConnectionCounts connections;
    final AppLatencies latencies;

    private final MeterRegistry registry;
    private final ErrorCounter errors;
    private final Timer sessionDuration;
    private final Timer dispatcherToAccess;
    private final Timer accessToSocket;
    private final Timer socketToAck;
    private final Timer endToEnd;
    private final Timer loopDelay;
    private final Counter[] redelivered = new Counter[MAX_ATTEMPT + 1];
    private final Map<FetchReason, Counter> fetches = new EnumMap<>(FetchReason.class);

    AccessMetrics(MeterRegistry registry) {
        this.registry = registry;
        errors = new ErrorCounter(registry, AccessServer.NAME);
        connects = counter(registry, AccessMeters.CONNECTS);
        pushes = counter(registry, AccessMeters.PUSHES);
        sent = counter(registry, AccessMeters.SENT);
        replayed = counter(registry, AccessMeters.REPLAYED);
        acked = counter(registry, AccessMeters.ACKED);
        duplicates = counter(registry, AccessMeters.DUPLICATES);
        expired = counter(registry, AccessMeters.EXPIRED);
        deferred = counter(registry, AccessMeters.DEFERRED);
        recalled = counter(registry, AccessMeters.RECALLED);
        gaps = counter(registry, AccessMeters.GAPS);
        bounces = counter(registry, AccessMeters.BOUNCES);
        dropped = counter(registry, AccessMeters.DROPPED);
        slowCuts = counter(registry, AccessMeters.SLOW_CUTS);
        acceptFailures = counter(registry, AccessMeters.ACCEPT_FAILURES);
        pingsIgnored = counter(registry, AccessMeters.PINGS_IGNORED);
        balanceAsked = counter(registry, AccessMeters.BALANCE_ASKED);
        gauge(registry, AccessMeters.BALANCE_SURPLUS, balanceSurplus::get);
        broadcasts = counter(registry, AccessMeters.BROADCASTS);
        logSent = counter(registry, AccessMeters.LOG_SENT);
        logReplayed = counter(registry, AccessMeters.LOG_REPLAYED);
        logAcked = counter(registry, AccessMeters.LOG_ACKED);
        logGaps = counter(registry, AccessMeters.LOG_GAPS);
        logFetches = counter(registry, AccessMeters.LOG_FETCHES);
        logResets = counter(registry, AccessMeters.LOG_RESETS);
        logRecalled = counter(registry, AccessMeters.LOG_RECALLED);
        logSpread = latency(registry, AccessMeters.LOG_SPREAD);
        gauge(registry, AccessMeters.FETCHES_WAITING, fetchesWaiting::get);
        gauge(registry, AccessMeters.DELIVERIES_QUEUED, deliveriesQueued::get);
        connections = new ConnectionCounts(registry);
        latencies = new AppLatencies(registry);
        sessionDuration = Meters.duration(registry, AccessMeters.SESSION_DURATION);
        loopDelay = latency(registry, AccessMeters.LOOP_DELAY);
        dispatcherToAccess = stage("dispatcher_to_access");
        accessToSocket = stage("access_to_socket");
        socketToAck = stage("socket_to_ack");
        endToEnd = stage("end_to_end");
        for (int i = 0; i <= MAX_ATTEMPT; i++) {
            redelivered[i] =
                    counter(registry, AccessMeters.REDELIVERED, "attempt", Integer.toString(i));
        }
        for (FetchReason reason : FetchReason.values()) {
            fetches.put(reason, counter(registry, AccessMeters.FETCHES, "reason", reason.tag()));
        }
    }

    MeterRegistry registry() {
        return registry;
    }

    void error(AccessError kind) {
        errors.count(kind);
    }

    void fetched(FetchReason reason) {
        Counter fetch = fetches.get(reason);
        if (fetch != null) {
            fetch.increment();
        }
    }

    void redelivered(int attempt) {
        redelivered[Math.clamp(attempt, 0, MAX_ATTEMPT)].increment();
    }

    void closed(CloseCause cause, long lastedNanos) {
        counter(registry, AccessMeters.CLOSES, "reason", cause.tag()).increment();
        sessionDuration.record(lastedNanos, TimeUnit.NANOSECONDS);
    }

    /**
     * @param reason of a closed set
     */
    void refused(String reason) {
        counter(registry, AccessMeters.REFUSALS, "reason", reason).increment();
    }

    /**
     * @param by how the address was told; of a closed set
     */
    void addressRefused(String by) {
        counter(registry, AccessMeters.ADDRESS_REFUSALS, "by", by).increment();
    }

    void dispatcherToAccess(long millis) {
        record(dispatcherToAccess, millis, TimeUnit.MILLISECONDS);
    }

    void accessToSocket(long nanos) {
        record(accessToSocket, nanos, TimeUnit.NANOSECONDS);
    }

    void socketToAck(long nanos) {
        record(socketToAck, nanos, TimeUnit.NANOSECONDS);
    }

    /**
     * @param ofApp the timer of the device's app and platform, see {@link AppLatencies}
     */
    void endToEnd(Timer ofApp, long millis) {
        record(endToEnd, millis, TimeUnit.MILLISECONDS);
        record(ofApp, millis, TimeUnit.MILLISECONDS);
    }

    void loopDelay(long nanos) {
        record(loopDelay, nanos, TimeUnit.NANOSECONDS);
    }

    /** Clocks of two machines may disagree, and a delay is never negative. */
    private static void record(Timer timer, long amount, TimeUnit unit) {
        timer.record(Math.max(0, amount), unit);
    }

    private Timer stage(String stage) {
        return latency(registry, AccessMeters.STAGE_DELAY, "stage", stage);
    }
}
