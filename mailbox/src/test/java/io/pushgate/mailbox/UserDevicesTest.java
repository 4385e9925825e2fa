package io.pushgate.mailbox;

import static io.pushgate.mailbox.Fixture.POS;
import static io.pushgate.mailbox.Fixture.get;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushgate.protocol.DeviceKey;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.List;

class UserDevicesTest {
    private static void register(
            Fixture f, DeviceKey device, String platform, @Nullable String user) {
        get(f.mailbox.register(new Registration(device, "n1", platform, "1", user, null)));
    }

    @ParameterizedTest
    @EnumSource
    void areKnownOnlineAndOffline(Backend backend) {
        Fixture f = Fixture.on(backend);
        DeviceKey phone = new DeviceKey("shop", "phone");
        register(f, POS, "pos", "ann");
        register(f, phone, "ios", "ann");
        register(f, new DeviceKey("other", "phone"), "ios", "ann");
        register(f, new DeviceKey("shop", "pc"), "pc", "bob");
        get(f.mailbox.unregister(phone, get(f.mailbox.route(phone)).orElseThrow()));

        assertThat(get(f.mailbox.devicesOf("shop", "ann")))
                .containsExactlyInAnyOrder(
                        new UserDevice("pos-7", "pos"), new UserDevice("phone", "ios"));
        assertThat(get(f.mailbox.devicesOf("shop", "nobody"))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aDeviceMovesWithItsUser(Backend backend) {
        Fixture f = Fixture.on(backend);
        register(f, POS, "pos", "ann");
        register(f, POS, "pc", "bob");
        assertThat(get(f.mailbox.devicesOf("shop", "ann"))).isEmpty();
        assertThat(get(f.mailbox.devicesOf("shop", "bob")))
                .containsExactly(new UserDevice("pos-7", "pc"));
        await().until(() -> get(f.commands().exists(f.shards.user("shop", "ann"))) == 0);
        register(f, POS, "pc", null);
        assertThat(get(f.mailbox.devicesOf("shop", "bob"))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aDeviceLeftBehindInAnIndexIsNotTheUsersAnyMore(Backend backend) {
        Fixture f = Fixture.on(backend);
        register(f, POS, "pos", "ann");
        get(f.commands().hset(f.shards.user("shop", "eve"), Bytes.of("pos-7"), Bytes.of("pos|1")));
        assertThat(get(f.mailbox.devicesOf("shop", "eve"))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void theLeastRecentlySeenOfMoreThan100Goes(Backend backend) {
        Fixture f = Fixture.on(backend);
        for (int i = 0; i < 100; i++) {
            register(f, new DeviceKey("shop", "d" + i), "pos", "ann");
            f.pass(Duration.ofSeconds(1));
        }
        register(f, new DeviceKey("shop", "d0"), "pos", "ann");
        f.pass(Duration.ofSeconds(1));
        register(f, new DeviceKey("shop", "d100"), "pos", "ann");

        List<UserDevice> devices = get(f.mailbox.devicesOf("shop", "ann"));
        assertThat(devices).hasSize(100);
        assertThat(devices).extracting(UserDevice::device).contains("d0", "d100", "d2");
        assertThat(devices).extracting(UserDevice::device).doesNotContain("d1");
        assertThat(f.registry.get(MailboxMeters.USER_DEVICES_DROPPED.meterName()).counter().count())
                .isEqualTo(1);
        assertThat(get(f.commands().pttl(f.shards.user("shop", "ann")))).isPositive();
    }
}
