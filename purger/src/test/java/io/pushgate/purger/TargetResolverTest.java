package io.pushgate.purger;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pushgate.mailbox.UserDevice;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.PushRequest;
import io.pushgate.protocol.Target;
import io.pushgate.purger.TargetResolver.Resolution;
import io.pushgate.purger.TargetResolver.UserKey;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Set;

class TargetResolverTest {
    private static final Map<UserKey, List<UserDevice>> USERS =
            Map.of(
                    new UserKey("shop", "ann"),
                    List.of(new UserDevice("till", "pos"), new UserDevice("desk", "pc")));

    @Test
    void keepsTheOrderOfAList() {
        assertThat(resolve(new Target.Devices(List.of("b", "a", "c"), Set.of())))
                .isEqualTo(devices("b", "a", "c"));
    }

    @Test
    void leavesThePlatformOfANamedDeviceToTheMailbox() {
        assertThat(resolve(new Target.Device("till", Set.of("web")))).isEqualTo(devices("till"));
    }

    @Test
    void narrowsAUserByPlatform() {
        assertThat(resolve(new Target.User("ann", Set.of()))).isEqualTo(devices("till", "desk"));
        assertThat(resolve(new Target.User("ann", Set.of("pc")))).isEqualTo(devices("desk"));
        assertThat(resolve(new Target.User("ann", Set.of("web"))))
                .isInstanceOf(Resolution.Nobody.class);
    }

    @Test
    void knowsNoStrangers() {
        assertThat(resolve(new Target.User("eve", Set.of())))
                .isEqualTo(new Resolution.Nobody("no such user"));
    }

    private static Resolution resolve(Target target) {
        return TargetResolver.resolve(
                PushRequest.of("m", "shop", target, "1".getBytes(UTF_8)), USERS);
    }

    private static Resolution devices(String... names) {
        return new Resolution.Devices(
                List.of(names).stream().map(d -> new DeviceKey("shop", d)).toList());
    }
}
