package io.pushgate.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.protocol.Priority;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class LoopContextTest {
    @Test
    void whatIsUrgentRunsBeforeWhatWaits() {
        List<String> ran = new ArrayList<>();
        try (SessionRig rig = new SessionRig()) {
            assertThat(rig.loop.submit(Priority.BULK, 1, () -> ran.add("bulk 1"))).isTrue();
            assertThat(rig.loop.submit(Priority.BULK, 1, () -> ran.add("bulk 2"))).isTrue();
            assertThat(rig.loop.submit(Priority.NORMAL, 1, () -> ran.add("normal"))).isTrue();
            assertThat(rig.loop.submit(Priority.HIGH, 1, () -> ran.add("high 1"))).isTrue();
            assertThat(rig.loop.submit(Priority.HIGH, 1, () -> ran.add("high 2"))).isTrue();
            rig.channel.runPendingTasks();
        }
        assertThat(ran).containsExactly("high 1", "high 2", "normal", "bulk 1", "bulk 2");
    }
}
