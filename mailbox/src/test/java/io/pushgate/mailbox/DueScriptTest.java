package io.pushgate.mailbox;

import static io.pushgate.mailbox.Fixture.POS;
import static io.pushgate.mailbox.Fixture.get;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;

class DueScriptTest {
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
