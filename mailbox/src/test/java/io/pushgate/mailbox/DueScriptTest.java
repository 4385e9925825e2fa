package io.pushgate.mailbox;

import static io.pushgate.mailbox.Fixture.POS;
import static io.pushgate.mailbox.Fixture.get;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

class DueScriptTest {
    @ParameterizedTest
    @EnumSource
    void tellsOfAllShardsAtOnce(Backend backend) {
        Fixture f = Fixture.on(backend);
        f.register(POS);
        f.accept(POS, "m1");
        f.pass(Duration.ofSeconds(60));
        List<Integer> all = IntStream.range(0, f.mailbox.shards()).boxed().toList();
        List<ShardDue> dues = get(f.mailbox.untilDue(all));
        assertThat(dues).hasSameSizeAs(all);
        assertThat(all)
                .filteredOn(shard -> dues.get(shard).device().isPresent())
                .containsExactly(f.shards.of(POS));
        assertThat(dues.get(f.shards.of(POS)).device()).contains(Duration.ZERO);
    }

    @ParameterizedTest
    @EnumSource
    void tellsWhenTheFirstDeviceIsOverdue(Backend backend) {
        Fixture f = Fixture.on(backend);
        int shard = f.shards.of(POS);
        long session = f.register(POS).route().session();
        assertThat(get(f.mailbox.untilDue(shard)).device()).isEmpty();
        f.accept(POS, "m1");
        assertThat(get(f.mailbox.untilDue(shard)).device().orElseThrow())
                .isBetween(Duration.ofSeconds(3), Duration.ofSeconds(5));
        f.pass(Duration.ofSeconds(60));
        assertThat(get(f.mailbox.untilDue(shard)).device()).contains(Duration.ZERO);
        f.claim(POS);
        assertThat(get(f.mailbox.untilDue(shard)).device().orElseThrow())
                .isBetween(Duration.ofSeconds(8), Duration.ofSeconds(10));
        // The number of the newest session is known also after it ended.
        assertThat(get(f.mailbox.newestSession(POS))).contains(session);
        assertThat(get(f.mailbox.unregister(POS, get(f.mailbox.route(POS)).orElseThrow())))
                .isTrue();
        assertThat(get(f.mailbox.untilDue(shard)).device()).isEmpty();
        assertThat(get(f.mailbox.newestSession(POS))).contains(session);
    }
}
