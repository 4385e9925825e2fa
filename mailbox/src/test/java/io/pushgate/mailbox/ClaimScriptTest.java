package io.pushgate.mailbox;

import static io.pushgate.mailbox.Fixture.POS;
import static io.pushgate.mailbox.Fixture.get;
import static io.pushgate.mailbox.Fixture.only;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.Route;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

class ClaimScriptTest {
    @ParameterizedTest
    @EnumSource
    void fiveAttemptsAtTheStatedTimesThenTheSessionEnds(Backend backend) {
        Fixture f = Fixture.on(backend);
        Route route = f.register(POS).route();
        f.accept(POS, "m1");
        f.accept(POS, "m2");
        int[] waits = {5, 10, 20, 40, 80};
        for (int attempt = 1; attempt <= 5; attempt++) {
            f.pass(Duration.ofSeconds(waits[attempt - 1] - 1L));
            assertThat(f.claim(POS)).as("before attempt %d", attempt).isEmpty();
            f.pass(Duration.ofSeconds(1));
            assertThat(f.claim(POS)).containsExactly(new Claim.Retry(POS, route, attempt));
            assertThat(f.claim(POS)).isEmpty();
        }
        f.pass(Duration.ofSeconds(79));
        assertThat(f.claim(POS)).isEmpty();
        f.pass(Duration.ofSeconds(1));
        List<Claim> last = f.claim(POS);

        assertThat(last).hasSize(1);
        Claim.Exhausted exhausted = (Claim.Exhausted) last.getFirst();
        assertThat(exhausted.route()).isEqualTo(route);
        Receipt receipt = only(exhausted.receipts());
        assertThat(receipt.status()).isEqualTo(Receipt.Status.UNACKED);
        assertThat(receipt.id()).isEqualTo("m1");
        assertThat(receipt.attempt()).isEqualTo(5);
        assertThat(get(f.mailbox.route(POS))).isEmpty();
        assertThat(f.inbox(POS)).containsExactly("m1", "m2");
        f.pass(Duration.ofMinutes(50));
        assertThat(f.claim(POS)).isEmpty();
        assertThat(f.register(POS).backlog()).isEqualTo(2);
        assertThat(f.counted(MailboxMeters.CLAIMS, "kind", "retry")).isEqualTo(5);
        assertThat(f.counted(MailboxMeters.CLAIMS, "kind", "exhausted")).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void anArmedDeviceWithoutASessionIsAnOrphanOnce(Backend backend) {
        Fixture f = Fixture.on(backend);
        f.register(POS);
        f.accept(POS, "m1");
        get(f.commands().hdel(f.key(POS, "sessions"), Bytes.of("shop/pos-7")));
        f.pass(Duration.ofSeconds(6));
        assertThat(f.claim(POS)).containsExactly(new Claim.Orphan(POS));
        f.pass(Duration.ofHours(1));
        assertThat(f.claim(POS)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void concurrentClaimersNeverGetTheSameDevice(Backend backend) throws Exception {
        Fixture f = Fixture.on(backend, oneShard(0));
        int devices = 500;
        List<Offer> offers = new ArrayList<>();
        for (int i = 0; i < devices; i++) {
            DeviceKey device = new DeviceKey("shop", "d" + i);
            f.register(device);
            offers.add(Fixture.offer(device, f.message("m" + i)));
        }
        f.offer(offers.toArray(Offer[]::new));
        f.pass(Duration.ofSeconds(6));

        List<DeviceKey> claimed = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Callable<List<Claim>>> claimers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                claimers.add(
                        () -> {
                            List<Claim> mine = new ArrayList<>();
                            List<Claim> some;
                            do {
                                some = get(f.mailbox.claim(0, 7));
                                mine.addAll(some);
                            } while (!some.isEmpty());
                            return mine;
                        });
            }
            for (Future<List<Claim>> mine : threads.invokeAll(claimers)) {
                mine.get().forEach(claim -> claimed.add(claim.device()));
            }
        }
        assertThat(claimed).hasSize(devices).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource
    void jitterSpreadsTheAttempts(Backend backend) {
        Fixture f = Fixture.on(backend, oneShard(0.5));
        Set<Double> due = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            DeviceKey device = new DeviceKey("shop", "d" + i);
            f.register(device);
            f.accept(device, "m");
            Double at = get(f.commands().zscore(Bytes.of("{s0}due"), Bytes.of("shop/d" + i)));
            assertThat(at).isBetween(f.now() + 2000.0, f.now() + 7600.0);
            due.add(at - f.now());
        }
        assertThat(due.stream().mapToDouble(d -> d).max().orElseThrow()).isGreaterThan(5500);
        assertThat(due.stream().mapToDouble(d -> d).min().orElseThrow()).isLessThan(4500);
    }

    private static MailboxConfig oneShard(double jitter) {
        MailboxConfig defaults = MailboxConfig.defaults();
        return new MailboxConfig(1, 10, defaults.backoff(), jitter, defaults.compressAbove());
    }
}
