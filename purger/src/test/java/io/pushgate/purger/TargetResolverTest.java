package io.pushgate.purger;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pushgate.mailbox.Audience;
import io.pushgate.mailbox.UserDevice;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.LogKey;
import io.pushgate.protocol.PushRequest;
import io.pushgate.protocol.Target;
import io.pushgate.purger.TargetResolver.AudienceKey;
import io.pushgate.purger.TargetResolver.Crowd;
import io.pushgate.purger.TargetResolver.Found;
import io.pushgate.purger.TargetResolver.GroupMessage;
import io.pushgate.purger.TargetResolver.Resolution;
import io.pushgate.purger.TargetResolver.UserKey;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Set;

class TargetResolverTest {
    private static final int CHUNK = 3;

    private static final Map<UserKey, List<UserDevice>> USERS =
            Map.of(
                    new UserKey("shop", "ann"),
                    List.of(new UserDevice("till", "pos"), new UserDevice("desk", "pc")));

    private static final Map<AudienceKey, Crowd> CROWDS =
            Map.of(
                    group("small", Set.of()),
                    new Crowd(2, List.of("till", "desk")),
                    group("small", Set.of("pc")),
                    new Crowd(2, List.of("desk")),
                    group("small", Set.of("web")),
                    new Crowd(2, List.of()),
                    group("large", Set.of()),
                    new Crowd(4, List.of()),
                    new AudienceKey(new Audience.App("shop"), Set.of()),
                    new Crowd(3, List.of("till", "desk", "tab")));

    private static final Found FOUND =
            new Found(USERS, CROWDS, Set.of(new GroupMessage("shop", "by-log", "large")));

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

    @Test
    void takesASmallAudienceAtOnceAndALargeOneByChunks() {
        assertThat(resolve(new Target.Group("small", Set.of()))).isEqualTo(devices("till", "desk"));
        assertThat(resolve(new Target.Group("small", Set.of("pc")))).isEqualTo(devices("desk"));
        assertThat(resolve(new Target.Group("large", Set.of()))).isEqualTo(new Resolution.Expand());
    }

    @Test
    void sendsToAllThroughTheLogUnlessAMessageMayReplaceAnother() {
        Target.All all = new Target.All(Set.of());
        assertThat(resolve(all)).isEqualTo(new Resolution.Log(LogKey.all("shop")));
        assertThat(resolve(request(all).withCollapse("price")))
                .isEqualTo(devices("till", "desk", "tab"));
    }

    @Test
    void sendsToAGroupThroughItsLogWhatIsToGoThere() {
        Target.Group large = new Target.Group("large", Set.of());
        Target.Group pcs = new Target.Group("large", Set.of("pc"));
        Resolution log = new Resolution.Log(LogKey.group("shop", "large"));
        assertThat(resolve(request("by-log", large))).isEqualTo(log);
        assertThat(resolve(request("by-log", pcs))).isEqualTo(log);
        assertThat(resolve(request("m", large))).isEqualTo(new Resolution.Expand());
        assertThat(resolve(request("by-log", new Target.Group("small", Set.of()))))
                .isEqualTo(devices("till", "desk"));
    }

    @Test
    void takesALongListByChunks() {
        assertThat(resolve(new Target.Devices(List.of("a", "b", "c"), Set.of())))
                .isEqualTo(devices("a", "b", "c"));
        assertThat(resolve(new Target.Devices(List.of("a", "b", "c", "d"), Set.of())))
                .isEqualTo(new Resolution.Expand());
    }

    @Test
    void saysWhyAnAudienceIsNobody() {
        assertThat(resolve(new Target.Group("none", Set.of())))
                .isEqualTo(new Resolution.Nobody("no such group or empty"));
        assertThat(resolve(new Target.Group("small", Set.of("web"))))
                .isEqualTo(
                        new Resolution.Nobody(
                                "the group has no device of the platforms asked for"));
        assertThat(resolve(request(new Target.All(Set.of("pc"))).withCollapse("price")))
                .isEqualTo(new Resolution.Nobody("the app has no devices"));
    }

    private static AudienceKey group(String name, Set<String> platforms) {
        return new AudienceKey(new Audience.Group("shop", name), platforms);
    }

    private static Resolution resolve(Target target) {
        return resolve(request(target));
    }

    private static Resolution resolve(PushRequest request) {
        return TargetResolver.resolve(request, FOUND, CHUNK);
    }

    private static PushRequest request(Target target) {
        return request("m", target);
    }

    private static PushRequest request(String id, Target target) {
        return PushRequest.of(id, "shop", target, "1".getBytes(UTF_8));
    }

    private static Resolution devices(String... names) {
        return new Resolution.Devices(
                List.of(names).stream().map(d -> new DeviceKey("shop", d)).toList());
    }
}
