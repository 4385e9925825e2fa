package io.pushgate.access;

import static io.netty.handler.codec.http.HttpResponseStatus.BAD_REQUEST;
import static io.netty.handler.codec.http.HttpResponseStatus.SERVICE_UNAVAILABLE;
import static io.netty.handler.codec.http.HttpResponseStatus.UNAUTHORIZED;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.pushgate.access.auth.Claims;
import io.pushgate.access.auth.TokenOutcome;
import io.pushgate.access.auth.TokenVerifier;
import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.Names;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Decides on handshakes. Any thread; no I/O. */
final class HandshakeRules {
    private static final int MAX_PARAMETERS = 16;
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final String BEARER = "bearer ";

    private final RequestRules rules;
    private final Admission admission;
    private final TokenVerifier tokens;

    HandshakeRules(RequestRules rules, Admission admission, TokenVerifier tokens) {
        this.rules = rules;
        this.admission = admission;
        this.tokens = tokens;
    }

    /**
     * @param earlyData whether more than the head has come in
     */
    Handshake decide(HttpRequest request, boolean earlyData) {
        try {
            QueryStringDecoder uri =
                    new QueryStringDecoder(
                            request.uri(), StandardCharsets.UTF_8, true, MAX_PARAMETERS);
            Refusal refusal = rules.check(request, uri.path(), earlyData);
            if (refusal != null) {
                return new Handshake.Refused(refusal);
            }
            return switch (admission.enter()) {
                case Admission.Busy busy -> new Handshake.Refused(busy(busy));
                case Admission.Entered entered -> decide(request, uri, entered);
            };
        } catch (IllegalArgumentException e) {
            return badParameter("the request target is not a valid one");
        } catch (InvalidInputException e) {
            return badParameter(String.valueOf(e.getMessage()));
        }
    }

    private Handshake decide(HttpRequest request, QueryStringDecoder uri, Admission.Entered entered)
            throws InvalidInputException {
        boolean goesOn = false;
        try {
            Handshake decided = decide(request, new Parameters(uri.parameters()), entered);
            goesOn = decided instanceof Handshake.Accepted;
            return decided;
        } finally {
            if (!goesOn) {
                entered.over();
            }
        }
    }

    private Handshake decide(HttpRequest request, Parameters parameters, Admission.Entered entered)
            throws InvalidInputException {
        String last = parameters.one("last");
        if (last != null && !Names.isMessageId(last)) {
            return badParameter("last is not a message id");
        }
        Cursors cursors = Cursors.parse(parameters.one("cursors"));
        String version = parameters.one("version");
        if (version == null) {
            version = request.headers().get(HttpHeaderNames.USER_AGENT, "");
        }
        String token = bearer(request);
        if (token == null) {
            token = parameters.one("token");
        }
        return switch (tokens.verify(token)) {
            case TokenOutcome.Refused refused ->
                    new Handshake.Refused(
                            new Refusal(
                                    UNAUTHORIZED,
                                    "token_" + refused.reason().tag(),
                                    refused.reason().text(),
                                    "WWW-Authenticate: Bearer"));
            case TokenOutcome.Verified(Claims claims) ->
                    new Handshake.Accepted(
                            acceptKey(request),
                            RequestRules.offersSubprotocol(request.headers()),
                            claims,
                            ConnectionCounts.tidy(version),
                            last,
                            cursors,
                            entered);
        };
    }

    private static @Nullable String bearer(HttpRequest request) throws InvalidInputException {
        List<String> values = request.headers().getAll(HttpHeaderNames.AUTHORIZATION);
        if (values.isEmpty()) {
            return null;
        }
        String value = values.getFirst();
        if (values.size() > 1 || !value.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw new InvalidInputException("send one Authorization, with a Bearer token");
        }
        return value.substring(BEARER.length()).strip();
    }

    private static String acceptKey(HttpRequest request) {
        String key = request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_KEY);
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-1")
                            .digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    private static Refusal busy(Admission.Busy busy) {
        return new Refusal(
                SERVICE_UNAVAILABLE,
                busy.tag(),
                "this node takes no more connections now",
                "Retry-After: " + busy.retryAfterSeconds());
    }

    private static Handshake badParameter(String detail) {
        return new Handshake.Refused(Refusal.of(BAD_REQUEST, "parameter", detail));
    }

    /** The query, each name once at most. */
    private record Parameters(Map<String, List<String>> values) {
        @Nullable String one(String name) throws InvalidInputException {
            List<String> all = values.get(name);
            if (all == null) {
                return null;
            }
            if (all.size() > 1) {
                throw new InvalidInputException(name + " is there twice");
            }
            return all.getFirst();
        }
    }
}
