package io.pushgate.loadtest.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.loadtest.control.Plan;
import io.pushgate.loadtest.control.Shape;
import io.pushgate.protocol.PushRequest;
import io.pushgate.protocol.PushRequestCodec;
import io.pushgate.protocol.Target;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.Set;

class RequestTemplateTest {
    private static final long DUE = 1_763_712_345_678_123L;

    @ParameterizedTest
    @ValueSource(ints = {RequestTemplate.MIN_BYTES, 512, PushRequestCodec.MAX_DATA_BYTES})
    void isAValidRequestOfExactlySoManyBytes(int bytes) throws Exception {
        Plan plan = new Plan("r1", "load", 3, Shape.MIXED, 200_000, 3, 1_000, 100);
        RequestTemplate template = new RequestTemplate(plan, bytes, true, new Random(1));
        for (int message = 0; message < 1_000; message += 37) {
            PushRequest request =
                    PushRequestCodec.decode(template.request(message, DUE, DUE + message));
            assertThat(request.id()).isEqualTo(plan.messageId(message));
            assertThat(request.app()).isEqualTo("load");
            assertThat(request.receipt()).isTrue();
            int device = plan.firstDevice(message);
            String user = plan.userName(plan.userOf(device));
            assertThat(request.to())
                    .isEqualTo(
                            plan.isForUser(message)
                                    ? new Target.User(user, Set.of())
                                    : new Target.Device(plan.deviceName(device), Set.of()));
            assertThat(template.key(message)).asString().isEqualTo(user);
            assertThat(request.data()).hasSize(bytes);
            assertThat(new String(request.data(), StandardCharsets.US_ASCII))
                    .startsWith(
                            "{\"m\":%d,\"s\":%d,\"p\":%d,\"pad\":\""
                                    .formatted(message, DUE, DUE + message));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theKeyOfAUnicastLoadIsTheDevice(boolean receipts) throws Exception {
        Plan plan = new Plan("r1", "load", 3, Shape.UNICAST, 10, 1, 10, 100);
        RequestTemplate template = new RequestTemplate(plan, 100, receipts, new Random(1));
        assertThat(template.key(4)).asString().isEqualTo(plan.deviceName(plan.firstDevice(4)));
        assertThat(PushRequestCodec.decode(template.request(4, 1, 2)).receipt())
                .isEqualTo(receipts);
    }
}
