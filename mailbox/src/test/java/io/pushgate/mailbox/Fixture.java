package io.pushgate.mailbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.Route;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * An empty Redis, a mailbox on it without jitter whose clock can be moved, and short words for
 * tests.
 */
final class Fixture {
    static final DeviceKey POS = new DeviceKey("shop", "pos-7");

    final AtomicLong shift = new AtomicLong();
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final Backend backend;
    final Mailbox mailbox;
    final Shards shards;

    private Fixture(Backend backend, MailboxConfig config) {
        this.backend = backend;
        this.mailbox = new Mailbox(backend.connection(), config, registry, shift::get);
        this.shards = new Shards(config.shards());
    }

    static Fixture on(Backend backend) {
        return on(backend, config(5));
    }

    static Fixture on(Backend backend, MailboxConfig config) {
        backend.connection();
        backend.flushAll();
        return new Fixture(backend, config);
    }

    static MailboxConfig config(int cap) {
        MailboxConfig defaults = MailboxConfig.defaults();
        return new MailboxConfig(16, cap, defaults.backoff(), 0, defaults.compressAbove());
    }

    RedisClusterAsyncCommands<byte[], byte[]> commands() {
        return backend.connection().commands();
    }

    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    void pass(Duration time) {
        shift.addAndGet(time.toMillis());
    }

    long now() {
        return System.currentTimeMillis() + shift.get();
    }

    Message message(String id) {
        return message(id, Duration.ofHours(1));
    }

    Message message(String id, Duration ttl) {
        byte[] payload = ("{\"for\":\"" + id + "\"}").getBytes(UTF_8);
        return new Message(id, now(), now() + ttl.toMillis(), true, false, payload);
    }

    static Offer offer(DeviceKey device, Message message) {
        return new Offer(device, message, "0:1", Set.of(), null);
    }

    List<OfferResult> offer(Offer... offers) {
        return get(mailbox.offer(Stream.of(offers).map(this::packed).toList()));
    }

    OfferResult.Accepted accept(DeviceKey device, String id) {
        return accept(offer(device, message(id)));
    }

    /** As the purger does. */
    private Offer packed(Offer offer) {
        return new Offer(
                offer.device(),
                mailbox.payloads().pack(offer.device().app(), offer.message()),
                offer.origin(),
                offer.platforms(),
                offer.collapse(),
                offer.firstAck(),
                offer.recalled());
    }

    OfferResult.Accepted accept(Offer offer) {
        return (OfferResult.Accepted) offer(offer).getFirst();
    }

    Registered register(DeviceKey device) {
        return register(device, null);
    }

    Registered register(DeviceKey device, @Nullable String last) {
        return get(mailbox.register(new Registration(device, "n1", "pos", "1.0", null, last)));
    }

    AckResult ack(DeviceKey device, Route route, Position upTo) {
        return get(mailbox.ack(List.of(new Ack(device, route, upTo)))).getFirst();
    }

    /** The ids that wait, in order. */
    List<String> inbox(DeviceKey device) {
        List<String> ids = new ArrayList<>();
        Position after = Position.NONE;
        Page page;
        do {
            page = get(mailbox.fetch(device, after, 3));
            for (Entry entry : page.entries()) {
                ids.add(entry.message().id());
                after = entry.position();
            }
        } while (page.more());
        return ids;
    }

    List<Claim> claim(DeviceKey device) {
        return get(mailbox.claim(shards.of(device), 100));
    }

    List<OutboxReceipt> expire(DeviceKey device) {
        return get(mailbox.expire(shards.of(device), 100));
    }

    List<OutboxReceipt> pending(DeviceKey device) {
        return get(mailbox.pending(shards.of(device), Duration.ZERO, 1000));
    }

    /** As {@code status:id}. */
    static List<String> told(List<OutboxReceipt> receipts) {
        return receipts.stream()
                .map(OutboxReceipt::receipt)
                .map(r -> r.status().wireName() + ":" + r.id())
                .toList();
    }

    static Receipt only(List<OutboxReceipt> receipts) {
        if (receipts.size() != 1) {
            throw new AssertionError("one receipt expected: " + receipts);
        }
        return receipts.getFirst().receipt();
    }

    double counted(MailboxMeters name, String tag, String value) {
        return registry.get(name.meterName()).tag(tag, value).counter().count();
    }

    double errors(MailboxError kind) {
        return registry
                .find("pushgate.errors")
                .tag("kind", kind.name().toLowerCase(Locale.ROOT))
                .counters()
                .stream()
                .mapToDouble(c -> c.count())
                .sum();
    }

    /** A key of the device's shard. */
    byte[] key(DeviceKey device, String rest) {
        return Bytes.of("{s" + shards.of(device) + "}" + rest);
    }
}
