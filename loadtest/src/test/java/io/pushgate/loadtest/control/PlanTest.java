package io.pushgate.loadtest.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

class PlanTest {
    private static Plan plan(Shape shape, int connections, int perUser, int messages, int rate) {
        return new Plan("r1", "load", 7, shape, connections, perUser, messages, rate);
    }

    @Test
    void sendsEvenlyWithoutDrift() {
        Plan plan = plan(Shape.UNICAST, 10, 1, 30_000, 3_000);
        assertThat(plan.offsetMicros(0)).isZero();
        assertThat(plan.offsetMicros(1)).isEqualTo(333);
        assertThat(plan.offsetMicros(3_000)).isEqualTo(1_000_000);
        assertThat(plan.offsetMicros(29_999)).isEqualTo(9_999_666);
        assertThat(plan.slot(749)).isZero();
        assertThat(plan.slot(750)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void everyDeliveryHasANumberOfItsOwn(Shape shape) {
        int perUser = shape == Shape.UNICAST ? 1 : 3;
        Plan plan = plan(shape, 100, perUser, 2_000, 100);
        BitSet seen = new BitSet();
        for (int message = 0; message < plan.messages(); message++) {
            int first = plan.firstDevice(message);
            for (int device = 0; device < 100; device++) {
                boolean isFor = device >= first && device < first + plan.fanOut(message);
                assertThat(plan.isFor(message, device)).isEqualTo(isFor);
                if (isFor) {
                    int delivery = plan.delivery(message, device);
                    assertThat(seen.get(delivery)).isFalse();
                    assertThat(delivery).isBetween(0, plan.deliveries() - 1);
                    seen.set(delivery);
                }
            }
        }
    }

    @Test
    void usersHaveNeighbours() {
        Plan plan = plan(Shape.USER, 100, 3, 2_000, 100);
        for (int message = 0; message < plan.messages(); message++) {
            int first = plan.firstDevice(message);
            int user = plan.userOf(first);
            assertThat(first).isEqualTo(user * 3);
            assertThat(plan.fanOut(message)).isEqualTo(user == 33 ? 1 : 3);
        }
    }

    @Test
    void devicesHaveTheirFairShare() {
        Plan plan = plan(Shape.UNICAST, 10, 1, 100_000, 1_000);
        Map<Integer, Integer> counts = new HashMap<>();
        for (int message = 0; message < plan.messages(); message++) {
            counts.merge(plan.firstDevice(message), 1, Integer::sum);
        }
        assertThat(counts).hasSize(10);
        assertThat(counts.values()).allSatisfy(n -> assertThat(n).isBetween(9_500, 10_500));
    }

    @Test
    void aTenthOfAMixedLoadIsForUsers() {
        Plan plan = plan(Shape.MIXED, 100, 3, 100_000, 1_000);
        long users = 0;
        for (int message = 0; message < plan.messages(); message++) {
            users += plan.isForUser(message) ? 1 : 0;
        }
        assertThat(users).isBetween(9_500L, 10_500L);
    }

    @Test
    void knowsItsOwnNamesOnly() {
        Plan plan = plan(Shape.UNICAST, 10, 1, 20, 1);
        assertThat(plan.messageOf(plan.messageId(19))).isEqualTo(19);
        assertThat(plan.messageOf("r1-20")).isEqualTo(-1);
        assertThat(plan.messageOf("r2-1")).isEqualTo(-1);
        assertThat(plan.messageOf("r1-")).isEqualTo(-1);
        assertThat(plan.messageOf("r1-1x")).isEqualTo(-1);
        assertThat(plan.messageOf("r1-9999999999")).isEqualTo(-1);
        assertThat(plan.deviceOf(plan.deviceName(9))).isEqualTo(9);
        assertThat(plan.deviceOf(plan.userName(1))).isEqualTo(-1);
    }

    @Test
    void refusesWhatItCannotHold() {
        assertThatThrownBy(() -> plan(Shape.USER, 10, 3, 40_000_000, 1_000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("64000000");
        assertThatThrownBy(() -> plan(Shape.UNICAST, 0, 1, 1, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> plan(Shape.UNICAST, 1, 1, 1, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
