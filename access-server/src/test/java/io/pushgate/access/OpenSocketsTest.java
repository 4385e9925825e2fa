package io.pushgate.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.pushgate.testkit.MutableClock;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;

class OpenSocketsTest {
    private final Admission admission =
            new Admission(SessionRig.config(Map.of()).limits(), MutableClock.create());
    private final OpenSockets sockets = new OpenSockets(admission);

    @Test
    void countsThemInAndOut() {
        EmbeddedChannel first = new EmbeddedChannel();
        EmbeddedChannel second = new EmbeddedChannel();
        assertThat(sockets.add(first)).isTrue();
        assertThat(sockets.add(second)).isTrue();
        assertThat(admission.sockets()).isEqualTo(2);
        var _ = first.close();
        assertThat(admission.sockets()).isEqualTo(1);
        assertThat(second.isOpen()).isTrue();
    }

    @Test
    void closesWhatIsOpenAndWhatComesLater() {
        EmbeddedChannel open = new EmbeddedChannel();
        sockets.add(open);
        sockets.close(Duration.ofSeconds(1));
        assertThat(open.isOpen()).isFalse();

        EmbeddedChannel late = new EmbeddedChannel();
        sockets.add(late);
        assertThat(late.isOpen()).isFalse();
        assertThat(admission.sockets()).isZero();
    }
}
