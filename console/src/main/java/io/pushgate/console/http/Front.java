package io.pushgate.console.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.console.ConsoleMeters;
import io.pushgate.mailbox.ApiKey;
import io.pushgate.runtime.Deadline;
import io.pushgate.runtime.Ticker;
import io.pushgate.runtime.telemetry.Meters;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Where every request comes in: finds its route, checks the key, the query and the body, has it
 * handled, and answers. Each runs on a virtual thread of its own, so all of it may block.
 */
final class Front extends Handler.Abstract {
    private static final Logger log = LoggerFactory.getLogger(Front.class);
    private static final Duration BUSY_RETRY = Duration.ofSeconds(1);
    private static final String NO_ROUTE = "none";

    private final Router router;
    private final KeyGate gate;
    private final RequestRate rate;
    private final ConnectionReaper reaper;
    private final BodyReader bodies;
    private final Duration bodyDeadline;
    private final Ticker ticker;
    private final MeterRegistry registry;
    private final int maxRequests;
    private final Semaphore free;
    private volatile boolean draining;

    Front(
            Router router,
            KeyGate gate,
            RequestRate rate,
            ConnectionReaper reaper,
            HttpSettings settings,
            Ticker ticker,
            MeterRegistry registry) {
        this.router = router;
        this.gate = gate;
        this.rate = rate;
        this.reaper = reaper;
        this.bodies = new BodyReader(settings.maxBody());
        this.bodyDeadline = settings.bodyDeadline();
        this.ticker = ticker;
        this.registry = registry;
        this.maxRequests = settings.maxRequests();
        this.free = new Semaphore(maxRequests);
        Meters.gauge(registry, ConsoleMeters.IN_FLIGHT, this::inFlight);
    }

    int inFlight() {
        return maxRequests - free.availablePermits();
    }

    /** From now on requests are refused. */
    void refuse() {
        draining = true;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        long began = ticker.nanos();
        reaper.serving(request);
        String pattern = NO_ROUTE;
        Answer answer;
        if (draining || !free.tryAcquire()) {
            answer = busy().answer();
        } else {
            try {
                Router.Match match =
                        router.find(request.getMethod(), request.getHttpURI().getPath());
                pattern = match.route().method() + " " + match.route().pattern();
                answer = answer(match, request);
            } catch (Problem problem) {
                answer = problem.answer();
            } catch (InterruptedException e) {
                answer = busy().answer();
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                log.error("{} failed", pattern, e);
                answer = new Problem(ProblemType.INTERNAL, "see the console's log").answer();
            } finally {
                free.release();
            }
        }
        count(pattern, answer.status(), ticker.nanos() - began);
        write(request, response, answer, callback);
        return true;
    }

    private Problem busy() {
        String detail =
                draining
                        ? "this process shuts down"
                        : "this process serves %d requests already".formatted(maxRequests);
        return new Problem(ProblemType.OVERLOADED, detail)
                .header("Connection", "close")
                .retryAfter(BUSY_RETRY);
    }

    private Answer answer(Router.Match match, Request request)
            throws Problem, InterruptedException {
        Route route = match.route();
        ApiKey key =
                gate.admit(
                        route.access(),
                        header(request, HttpHeader.AUTHORIZATION.asString()),
                        match.parameters().get("app"));
        if (key != null) {
            rate.take(key);
        }
        Map<String, List<String>> query =
                Query.parse(request.getHttpURI().getQuery(), route.query());
        byte[] body = body(route, request);
        return route.handler()
                .handle(
                        new Call(
                                match.parameters(),
                                query,
                                key,
                                name -> header(request, name),
                                body));
    }

    private byte[] body(Route route, Request request) throws Problem, InterruptedException {
        if (route.contentType() != null) {
            requireType(route.contentType(), header(request, "Content-Type"));
        }
        byte[] body = bodies.read(request, Deadline.in(bodyDeadline, ticker));
        if (route.contentType() == null && body.length > 0) {
            throw new Problem(ProblemType.INVALID_REQUEST, "no body is taken here");
        }
        return body;
    }

    private static void requireType(String wanted, @Nullable String given) throws Problem {
        String type = given == null ? "" : given.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        String parameters = given == null || !given.contains(";") ? "" : given.split(";", 2)[1];
        boolean utf8 =
                parameters.isBlank()
                        || parameters
                                .strip()
                                .toLowerCase(Locale.ROOT)
                                .replace("\"", "")
                                .equals("charset=utf-8");
        if (!type.equals(wanted) || !utf8) {
            throw new Problem(
                            ProblemType.UNSUPPORTED_MEDIA_TYPE,
                            "the body must be " + wanted + " in UTF-8")
                    .header("Accept", wanted);
        }
    }

    private static @Nullable String header(Request request, String name) {
        return request.getHeaders().get(name);
    }

    private void count(String route, int status, long nanos) {
        Meters.counter(
                        registry,
                        ConsoleMeters.REQUESTS,
                        "route",
                        route,
                        "status",
                        Integer.toString(status))
                .increment();
        Meters.latency(registry, ConsoleMeters.REQUEST_TIME).record(nanos, TimeUnit.NANOSECONDS);
    }

    static void write(Request request, Response response, Answer answer, Callback callback) {
        response.setStatus(answer.status());
        var headers = response.getHeaders();
        headers.put("Cache-Control", "no-store");
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("Referrer-Policy", "no-referrer");
        headers.put("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        answer.headers().forEach(headers::put);
        boolean bodiless = "HEAD".equals(request.getMethod()) || answer.status() == 304;
        if (answer.status() != 304) {
            headers.put("Content-Length", Integer.toString(answer.body().length));
        }
        ByteBuffer body = bodiless ? ByteBuffer.allocate(0) : ByteBuffer.wrap(answer.body());
        response.write(true, body, callback);
    }
}
