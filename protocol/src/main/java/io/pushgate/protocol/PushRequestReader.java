package io.pushgate.protocol;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Reads one push request; use it once. */
final class PushRequestReader {
    /** Below it lies 2001: most likely seconds were meant. */
    private static final long MIN_MILLIS = 1_000_000_000_000L;

    private static final long MAX_MILLIS = 253_402_300_799_999L; // the end of the year 9999
    private static final long EXAMPLE_MILLIS = 1_763_712_345_678L;
    private static final String MESSAGE_ID = "1 to 128 of A-Z a-z 0-9 . _ : -";

    private final RequestFaults faults = new RequestFaults();
    private @Nullable String id;
    private @Nullable String app;
    private @Nullable Target to;
    private byte @Nullable [] data;
    private Duration ttl = PushRequest.MAX_TTL;
    private Priority priority = Priority.NORMAL;
    private @Nullable String collapse;
    private long deliverAt;
    private PushRequest.@Nullable CancelOn cancelOn;
    private boolean receipt;
    private boolean trace;

    PushRequest read(byte[] bytes) throws InvalidRequestException {
        try (JsonReader json = JsonReader.of(bytes)) {
            if (!json.isObject()) {
                faults.must("the request", "a JSON object", json.shown());
                json.skip();
            } else {
                for (String field = json.nextField(); field != null; field = json.nextField()) {
                    readField(json, field);
                }
            }
            json.end();
        } catch (InvalidInputException e) {
            throw new InvalidRequestException(
                    "the request %s; one JSON object in UTF-8 is allowed".formatted(e.getMessage()),
                    id,
                    app);
        }
        return checked();
    }

    private void readField(JsonReader json, String field) throws InvalidInputException {
        switch (field) {
            case "id" -> id = faults.name(json, field, Names::isMessageId, MESSAGE_ID);
            case "app" -> app = faults.name(json, field, Names::isApp, RequestFaults.LABEL);
            case "to" -> to = new TargetReader(json, faults).read();
            case "data" -> data = readData(json);
            case "ttl" -> readTtl(json);
            case "priority" -> readPriority(json);
            case "collapse" -> collapse = faults.name(json, field, Names::isMessageId, MESSAGE_ID);
            case "deliverAt" -> readDeliverAt(json);
            case "cancelOn" -> readCancelOn(json);
            case "receipt" -> receipt = readBoolean(json, field);
            case "trace" -> trace = readBoolean(json, field);
            default -> {
                faults.add(
                        "unknown field %s in the request: allowed are id, app, to, data, ttl, priority, collapse, deliverAt, cancelOn, receipt, trace"
                                .formatted(JsonReader.quoted(field)));
                json.skip();
            }
        }
    }

    private byte[] readData(JsonReader json) throws InvalidInputException {
        byte[] bytes = json.verbatim().getBytes(StandardCharsets.UTF_8);
        if (bytes.length > PushRequestCodec.MAX_DATA_BYTES) {
            faults.must(
                    "data",
                    "at most " + PushRequestCodec.MAX_DATA_BYTES + " bytes of JSON",
                    Integer.toString(bytes.length));
        }
        return bytes;
    }

    private void readTtl(JsonReader json) throws InvalidInputException {
        long max = PushRequest.MAX_TTL.toSeconds();
        long seconds = json.natural(max);
        if (seconds < 1) {
            faults.must("ttl", "a whole number of seconds from 1 to " + max, json.shown());
        } else {
            ttl = Duration.ofSeconds(seconds);
        }
        json.skip();
    }

    /** How far ahead it may lie is for whoever knows the time. */
    private void readDeliverAt(JsonReader json) throws InvalidInputException {
        long millis = json.natural(MAX_MILLIS);
        if (millis < MIN_MILLIS) {
            faults.must(
                    "deliverAt",
                    "a time in milliseconds since 1970 (UTC), such as " + EXAMPLE_MILLIS,
                    json.shown());
        } else {
            deliverAt = millis;
        }
        json.skip();
    }

    private void readCancelOn(JsonReader json) throws InvalidInputException {
        if (json.isString() && json.text().equals(PushRequest.CancelOn.FIRST_ACK.wireName())) {
            cancelOn = PushRequest.CancelOn.FIRST_ACK;
            return;
        }
        faults.must("cancelOn", "\"first-ack\"", json.shown());
        json.skip();
    }

    private void readPriority(JsonReader json) throws InvalidInputException {
        if (json.isString()) {
            for (Priority candidate : Priority.values()) {
                if (candidate.wireName().equals(json.text())) {
                    priority = candidate;
                    return;
                }
            }
        }
        faults.must("priority", "one of high, normal, bulk", json.shown());
        json.skip();
    }

    private boolean readBoolean(JsonReader json, String field) throws InvalidInputException {
        boolean value = json.isTrue();
        if (!json.isBoolean()) {
            faults.must(field, "true or false", json.shown());
        }
        json.skip();
        return value;
    }

    /** The request, where nothing was found wrong and nothing is missing. */
    private PushRequest checked() throws InvalidRequestException {
        if (id == null) {
            faults.add("id is missing: it must be " + MESSAGE_ID);
        }
        if (app == null) {
            faults.add("app is missing: it must be " + RequestFaults.LABEL);
        }
        if (to == null) {
            faults.add("to is missing: it must be an object that says whom to push to");
        }
        if (data == null) {
            faults.add("data is missing: it may be any JSON value");
        }
        if (cancelOn != null && to instanceof Target.All) {
            faults.add("cancelOn is not possible for all: it takes device, devices, user or group");
        }
        String fault = faults.first();
        if (fault != null || id == null || app == null || to == null || data == null) {
            throw new InvalidRequestException(fault == null ? "incomplete" : fault, id, app);
        }
        return new PushRequest(
                id, app, to, data, ttl, priority, collapse, deliverAt, cancelOn, receipt, trace);
    }
}
