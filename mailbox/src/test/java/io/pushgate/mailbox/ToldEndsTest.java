package io.pushgate.mailbox;

import static io.pushgate.mailbox.Fixture.get;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.Receipt.Status;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;

/** {@code told.lua}. */
class ToldEndsTest {
    private static Receipt receipt(String id, @Nullable String device, Status status) {
        return new Receipt(id, "shop", device, status, 1, 0, null);
    }

    @ParameterizedTest
    @EnumSource
    void anEndIsToldOnceAndNoOtherAfterIt(Backend backend) {
        Fixture.on(backend);
        ToldEnds ends = new ToldEnds(backend.connection());
        Receipt delivered = receipt("m1", "a", Status.DELIVERED);
        Receipt expired = receipt("m1", "a", Status.EXPIRED);
        Receipt another = receipt("m2", "a", Status.DELIVERED);
        assertThat(get(ends.untold(List.of(delivered, expired, another))))
                .containsExactly(delivered, another);
        get(ends.told(List.of(delivered, another)));
        assertThat(get(ends.untold(List.of(expired, another, delivered)))).isEmpty();
        assertThat(get(ends.untold(List.of(receipt("m1", "b", Status.EXPIRED))))).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotFinalOrOfNoDeviceIsAlwaysTold(Backend backend) {
        Fixture f = Fixture.on(backend);
        ToldEnds ends = new ToldEnds(backend.connection());
        List<Receipt> receipts =
                List.of(
                        receipt("m1", "a", Status.ACCEPTED),
                        receipt("m1", "a", Status.UNACKED),
                        receipt("m1", null, Status.REJECTED));
        get(ends.told(receipts));
        assertThat(get(ends.untold(receipts))).isEqualTo(receipts);
        assertThat(get(f.commands().exists(Bytes.of("{mshop/m1}told")))).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void itIsRememberedForTwoDays(Backend backend) {
        Fixture f = Fixture.on(backend);
        get(new ToldEnds(backend.connection()).told(List.of(receipt("m1", "a", Status.DELIVERED))));
        assertThat(get(f.commands().pttl(Bytes.of("{mshop/m1}told"))))
                .isBetween(172_000_000L, 172_800_000L);
    }
}
