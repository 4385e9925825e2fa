package io.pushgate.mailbox;

import static io.pushgate.mailbox.Fixture.get;
import static io.pushgate.protocol.Receipt.Status.ACCEPTED;
import static io.pushgate.protocol.Receipt.Status.DELIVERED;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.PushRequest;
import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.Target;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

class MessageIndexTest {
    private static MessageIndex index(Backend backend) {
        Fixture.on(backend);
        return new MessageIndex(backend.connection());
    }

    private static Receipt receipt(
            String device, Receipt.Status status, long at, @Nullable String reason) {
        return new Receipt("m1", "shop", device, status, at, 2, reason);
    }

    private static MessageIndex.Known known(MessageIndex index) {
        return get(index.find("shop", "m1"));
    }

    @ParameterizedTest
    @EnumSource
    void theFinalReceiptCountsInWhicheverOrder(Backend backend) {
        Receipt accepted = receipt("d", Receipt.Status.ACCEPTED, 1, null);
        Receipt unacked = receipt("d", Receipt.Status.UNACKED, 2, null);
        Receipt expired = receipt("d", Receipt.Status.EXPIRED, 3, "a|b");
        List<Receipt> all = new ArrayList<>(List.of(accepted, unacked, expired));
        for (int turn = 0; turn < all.size(); turn++) {
            Collections.rotate(all, 1);
            MessageIndex index = index(backend);
            for (Receipt one : all) {
                get(index.receipts(List.of(one)));
            }
            get(index.receipts(all));
            assertThat(known(index).receipts().values()).containsExactly(expired);
        }
    }

    @ParameterizedTest
    @EnumSource
    void ofTwoThatAreNotFinalTheLaterCounts(Backend backend) {
        MessageIndex index = index(backend);
        Receipt unacked = receipt("d", Receipt.Status.UNACKED, 2, null);
        get(index.receipts(List.of(unacked, receipt("d", Receipt.Status.ACCEPTED, 1, null))));
        assertThat(known(index).receipts().values()).containsExactly(unacked);
    }

    @ParameterizedTest
    @EnumSource
    void keepsReceiptsOfManyMessagesAtOnce(Backend backend) {
        MessageIndex index = index(backend);
        List<Receipt> receipts = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            for (String device : List.of("a", "b")) {
                receipts.add(Receipt.of("n" + i, new DeviceKey("shop", device), ACCEPTED, i));
                receipts.add(Receipt.of("n" + i, new DeviceKey("shop", device), DELIVERED, i + 1));
            }
        }
        get(index.receipts(receipts));
        for (int i = 0; i < 300; i++) {
            Receipt a = Receipt.of("n" + i, new DeviceKey("shop", "a"), DELIVERED, i + 1);
            assertThat(get(index.find("shop", "n" + i)).receipts())
                    .containsOnlyKeys("a", "b")
                    .containsEntry("a", a);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEndLongAfterwardsBeginsTheTimeAnew(Backend backend) {
        MessageIndex index = index(backend);
        byte[] key = Bytes.of("{mshop/m1}index");
        get(index.receipts(List.of(receipt("d", ACCEPTED, 0, null))));
        get(backend.connection().commands().pexpire(key, 50_000));
        get(index.receipts(List.of(receipt("d", DELIVERED, 3_599_999, null))));
        assertThat(get(backend.connection().commands().pttl(key))).isLessThanOrEqualTo(50_000);
        get(index.receipts(List.of(receipt("e", ACCEPTED, 0, null))));
        get(backend.connection().commands().pexpire(key, 50_000));
        get(index.receipts(List.of(receipt("e", DELIVERED, 3_600_000, null))));
        assertThat(get(backend.connection().commands().pttl(key))).isGreaterThan(86_000_000L);
    }

    @ParameterizedTest
    @EnumSource
    void theFirstRequestStays(Backend backend) {
        MessageIndex index = index(backend);
        assertThat(known(index).isEmpty()).isTrue();
        PushRequest request =
                PushRequest.of(
                        "m1",
                        "shop",
                        new Target.Device("d", Set.of()),
                        "null".getBytes(StandardCharsets.UTF_8));
        MessageIndex.Requested first = new MessageIndex.Requested(1, 2, 3, request);
        get(index.requested(first));
        get(index.requested(new MessageIndex.Requested(4, 5, 6, request)));
        assertThat(known(index).requested()).isEqualTo(first);
    }

    @ParameterizedTest
    @EnumSource
    void ofVeryManyDevicesOnlyTheNumberIsKept(Backend backend) {
        MessageIndex index = index(backend);
        List<Receipt> receipts = new ArrayList<>();
        for (int i = 0; i < MessageIndex.MAX_DEVICES + 5; i++) {
            receipts.add(receipt("d" + i, Receipt.Status.DELIVERED, i, null));
        }
        get(index.receipts(receipts));
        assertThat(known(index).receipts()).hasSize(MessageIndex.MAX_DEVICES);
        assertThat(known(index).more()).isEqualTo(5);
        assertThat(get(backend.connection().commands().pttl(Bytes.of("{mshop/m1}index"))))
                .isBetween(86_000_000L, 86_400_000L);
    }
}
