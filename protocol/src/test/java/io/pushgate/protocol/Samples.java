package io.pushgate.protocol;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Random valid values of everything that has a codec. */
final class Samples {
    private static final String ALPHANUMERIC =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private final Random random;

    Samples(Random random) {
        this.random = random;
    }

    PushRequest request() {
        return new PushRequest(
                messageId(),
                label(),
                target(),
                json().getBytes(StandardCharsets.UTF_8),
                Duration.ofSeconds(random.nextInt(1, 604_801)),
                pick(Priority.values()),
                random.nextBoolean() ? messageId() : null,
                random.nextBoolean() ? random.nextLong(1_000_000_000_000L, 4_000_000_000_000L) : 0,
                null,
                random.nextBoolean(),
                random.nextBoolean());
    }

    Target target() {
        Set<String> platforms = new LinkedHashSet<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            platforms.add(label());
        }
        return switch (random.nextInt(5)) {
            case 0 -> new Target.Device(address(), platforms);
            case 1 -> {
                Set<String> devices = new LinkedHashSet<>();
                for (int i = random.nextInt(1, 30); i > 0; i--) {
                    devices.add(address());
                }
                yield new Target.Devices(List.copyOf(devices), platforms);
            }
            case 2 -> new Target.User(address(), platforms);
            case 3 -> new Target.Group(address(), platforms);
            default -> new Target.All(platforms);
        };
    }

    Delivery delivery() {
        return switch (random.nextInt(5)) {
            case 0 -> new Delivery.Push(device(), route(), position(), position(), message());
            case 1 -> new Delivery.Redeliver(device(), route(), random.nextInt() >>> 1);
            case 2 -> new Delivery.Recall(device(), route(), position(), messageId());
            case 3 -> new Delivery.Regroup(device(), route());
            default -> new Delivery.Disconnect(device(), route(), pick(CloseReason.values()));
        };
    }

    Broadcast broadcast() {
        Set<String> platforms = new LinkedHashSet<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            platforms.add(label());
        }
        LogKey log = random.nextBoolean() ? LogKey.all(label()) : LogKey.group(label(), address());
        return new Broadcast(log, position(), position(), platforms, message());
    }

    NodeMessage nodeMessage() {
        return switch (random.nextInt(5)) {
            case 0 -> {
                List<NodeMessage.Timed> deliveries = new ArrayList<>();
                for (int i = random.nextInt(10); i > 0; i--) {
                    deliveries.add(new NodeMessage.Timed(delivery(), times()));
                }
                Priority lane = pick(Priority.values());
                yield new NodeMessage.Batch(
                        random.nextBoolean() ? "" : address(), lane, deliveries);
            }
            case 1 -> new NodeMessage.Probe(number());
            case 2 -> {
                List<NodeMessage.TimedBroadcast> broadcasts = new ArrayList<>();
                for (int i = random.nextInt(10); i > 0; i--) {
                    broadcasts.add(new NodeMessage.TimedBroadcast(broadcast(), times()));
                }
                yield new NodeMessage.Broadcasts(broadcasts);
            }
            case 3 ->
                    new NodeMessage.Recalled(
                            LogKey.all(label()), position(), messageId(), natural());
            default -> {
                List<NodeMessage.Missed> devices = new ArrayList<>();
                for (int i = random.nextInt(10); i > 0; i--) {
                    devices.add(new NodeMessage.Missed(device(), route()));
                }
                yield new NodeMessage.Bounce(label(), devices);
            }
        };
    }

    StageTimes times() {
        return new StageTimes(natural(), natural(), natural());
    }

    Receipt receipt() {
        return new Receipt(
                messageId(),
                label(),
                random.nextBoolean() ? address() : null,
                pick(Receipt.Status.values()),
                natural(),
                random.nextInt(7),
                random.nextBoolean() ? text() : null);
    }

    ServerFrame serverFrame() {
        return switch (random.nextInt(7)) {
            case 0 ->
                    new ServerFrame.Welcome(
                            address(), random.nextInt() >>> 1, random.nextInt() >>> 1);
            case 1 -> {
                @Nullable String log = random.nextBoolean() ? address() : null;
                yield new ServerFrame.Push(
                        position(), messageId(), natural(), json(), random.nextBoolean(), log);
            }
            case 2 ->
                    new ServerFrame.Goaway(text(), natural(), random.nextBoolean() ? text() : null);
            case 3 -> new ServerFrame.Pong();
            case 4 ->
                    new ServerFrame.Recall(
                            position(), messageId(), random.nextBoolean() ? address() : null);
            case 5 -> new ServerFrame.Reset("g." + address(), position());
            default -> new ServerFrame.Failure(text(), text());
        };
    }

    ClientFrame clientFrame() {
        return random.nextInt(4) == 0
                ? new ClientFrame.Ping()
                : new ClientFrame.Ack(position(), random.nextBoolean() ? address() : null);
    }

    DeviceKey device() {
        return new DeviceKey(label(), address());
    }

    Route route() {
        return new Route(label(), number());
    }

    Position position() {
        return new Position(natural(), natural());
    }

    Message message() {
        return new Message(
                messageId(),
                number(),
                number(),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean(),
                json().getBytes(StandardCharsets.UTF_8));
    }

    String messageId() {
        return name(ALPHANUMERIC + "._:-", 128);
    }

    String label() {
        return name(ALPHANUMERIC + "._-", 64);
    }

    String address() {
        return name(ALPHANUMERIC + "._:@+-", 128);
    }

    /** Any number of 64 bits, small and large ones alike. */
    long number() {
        return random.nextLong() >> random.nextInt(64);
    }

    long natural() {
        return random.nextLong() >>> random.nextInt(1, 64);
    }

    /** Printable and not, of one, two and three bytes and of surrogate pairs. */
    String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(20); i > 0; i--) {
            text.appendCodePoint(
                    switch (random.nextInt(5)) {
                        case 0 -> random.nextInt(0x20);
                        case 1 -> random.nextInt(0x80, 0x800);
                        case 2 -> random.nextInt(0x800, 0xD800);
                        case 3 -> random.nextInt(0x10000, 0x110000);
                        default -> random.nextInt(0x20, 0x80);
                    });
        }
        return text.toString();
    }

    /** A JSON text of any kind, with white space inside but not around it. */
    String json() {
        StringBuilder out = new StringBuilder();
        appendJson(out, 4);
        return out.toString();
    }

    String space() {
        return " \t\n\r".substring(0, random.nextInt(5)).repeat(random.nextInt(2));
    }

    private void appendJson(StringBuilder out, int depth) {
        switch (random.nextInt(depth == 0 ? 7 : 9)) {
            case 0 -> out.append(pick(new String[] {"true", "false", "null", "\"\"", "{}", "[ ]"}));
            case 1 -> out.append(random.nextInt());
            case 2 -> out.append(random.nextLong()).append(random.nextLong() >>> 1);
            case 3 -> out.append(random.nextGaussian());
            case 4 -> out.append(pick(new String[] {"0", "-0", "1e5", "-1E-7", "0.50", "12e+3"}));
            case 5 -> out.append(new JsonWriter().text("k", text()).close());
            case 6 -> out.append(pick(new String[] {"\"\\u00e9\\n\\/\"", "\"é😀\"", "\"\\\\\""}));
            case 7 -> {
                out.append('[').append(space());
                for (int i = random.nextInt(4); i >= 0; i--) {
                    appendJson(out, depth - 1);
                    out.append(space()).append(i == 0 ? "" : ",").append(space());
                }
                out.append(']');
            }
            default -> {
                out.append('{').append(space());
                for (int i = random.nextInt(4); i >= 0; i--) {
                    out.append("\"data").append(i).append('"').append(space()).append(':');
                    out.append(space());
                    appendJson(out, depth - 1);
                    out.append(space()).append(i == 0 ? "" : ",").append(space());
                }
                out.append('}');
            }
        }
    }

    private String name(String characters, int maxLength) {
        int length = random.nextInt(1, random.nextBoolean() ? 12 : maxLength + 1);
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < length; i++) {
            name.append(characters.charAt(random.nextInt(characters.length())));
        }
        return name.toString();
    }

    private <T> T pick(T[] values) {
        return values[random.nextInt(values.length)];
    }
}
