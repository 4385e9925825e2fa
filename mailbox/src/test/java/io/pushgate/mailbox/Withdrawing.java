package io.pushgate.mailbox;

import static io.pushgate.mailbox.Fixture.get;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Receipt;
import io.pushgate.runtime.redis.RedisChannels;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Takes messages back as roles do, and plays the part of whoever publishes receipts: every entry of
 * the outboxes is settled and confirmed, or settled once more as after a crash.
 */
final class Withdrawing implements AutoCloseable {
    private final Fixture f;
    private final RedisChannels channels;
    private final Withdrawals withdrawals;
    private final FirstAcks firstAcks;

    /** What each outbox entry came to, by shard and its id there; null text for no receipt. */
    private final Map<String, String> settled = new ConcurrentHashMap<>();

    private final List<Receipt> finals = new ArrayList<>();

    Withdrawing(Fixture f) {
        this.f = f;
        this.channels = new RedisChannels(f.backend.connection());
        this.withdrawals = new Withdrawals(f.mailbox, new NodeBus(channels, f.registry));
        this.firstAcks = new FirstAcks(f.mailbox, withdrawals, f.registry);
    }

    /** As {@link Recall#recall}, with the receipts left in the outboxes. */
    RecallReport recall(String id) {
        Messages.Mark mark = get(f.mailbox.messages().recall("shop", id));
        RecallReport.Builder report = new RecallReport.Builder();
        Withdrawals.Order order =
                new Withdrawals.Order("shop", id, RecallScript.Why.RECALL, mark.old(), null);
        get(
                withdrawals.run(
                        order,
                        mark.targets(),
                        page -> {
                            report.add(page);
                            return CompletableFuture.completedFuture(null);
                        }));
        return report.build(!mark.targets().isEmpty(), mark.scheduled(), false);
    }

    /** Settles what is in all outboxes now. */
    void settleAll(boolean confirm) {
        for (int shard = 0; shard < f.mailbox.shards(); shard++) {
            List<OutboxReceipt> pending =
                    get(f.mailbox.pending(shard, java.time.Duration.ZERO, 1000));
            List<CompletionStage<Void>> all = pending.stream().map(this::settle).toList();
            all.forEach(Fixture::get);
            if (confirm) {
                get(f.mailbox.confirm(pending));
            }
        }
    }

    private CompletionStage<Void> settle(OutboxReceipt entry) {
        OutboxReceipt.Contender contender = entry.contender();
        if (contender == null) {
            keep(entry, entry.receipt());
            return CompletableFuture.completedFuture(null);
        }
        return firstAcks
                .settle(entry.receipt(), contender, _ -> CompletableFuture.completedFuture(null))
                .thenAccept(receipt -> keep(entry, receipt.orElse(entry.receipt())));
    }

    private void keep(OutboxReceipt entry, Receipt receipt) {
        String text = receipt.status() + ":" + receipt.reason();
        String before = settled.putIfAbsent(entry.shard() + "/" + entry.outboxId(), text);
        if (before == null) {
            synchronized (finals) {
                finals.add(receipt);
            }
        } else if (!before.equals(text)) {
            throw new AssertionError(entry + " was " + before + ", is " + text);
        }
    }

    /** The final receipts so far. */
    List<Receipt> finals() {
        synchronized (finals) {
            return finals.stream().filter(receipt -> receipt.status().isFinal()).toList();
        }
    }

    /** As {@code status} of each device, for one message. */
    List<String> finals(String id) {
        return finals().stream()
                .filter(receipt -> receipt.id().equals(id))
                .map(receipt -> receipt.status().wireName())
                .sorted()
                .toList();
    }

    /** Few shards, as all are looked through again and again. */
    static MailboxConfig config(int cap) {
        MailboxConfig defaults = MailboxConfig.defaults();
        return new MailboxConfig(3, cap, defaults.backoff(), 0, defaults.compressAbove());
    }

    static DeviceKey device(int number) {
        return new DeviceKey("shop", "pos-" + number);
    }

    @Override
    public void close() {
        channels.close();
    }
}
