package io.pushgate.console.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.console.Rig;
import io.pushgate.console.Rig.Reply;
import io.pushgate.mailbox.Groups;
import io.pushgate.mailbox.Registration;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class GroupsApiTest {
    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = new Rig();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    private static Reply change(String method, String group, String device) throws Exception {
        String path = "/v1/groups/%s/%s/devices/%s".formatted(rig.app, group, device);
        return rig.send(method, path, null);
    }

    private static boolean member(Reply reply) {
        assertThat(reply.status()).as("%s", reply).isEqualTo(200);
        return reply.json().path("member").asBoolean();
    }

    private static Reply list(String group, String query) throws Exception {
        return rig.get("/v1/groups/%s/%s%s".formatted(rig.app, group, query));
    }

    private static List<String> devices(Reply page) {
        List<String> devices = new ArrayList<>();
        page.json().path("devices").forEach(device -> devices.add(device.asText()));
        return devices;
    }

    @Test
    void devicesComeAndGoWhetherTheyAreKnownOrNot() throws Exception {
        assertThat(member(change("PUT", "berlin", "pos-1"))).isTrue();
        assertThat(member(change("PUT", "berlin", "pos-1"))).isTrue();
        rig.connect("pos-2", "n1");
        assertThat(member(change("PUT", "berlin", "pos-2"))).isTrue();
        Reply both = list("berlin", "");
        assertThat(devices(both)).containsExactlyInAnyOrder("pos-1", "pos-2");
        assertThat(both.json().path("size").asInt()).isEqualTo(2);
        assertThat(both.json().has("next")).isFalse();
        Reply device = rig.get("/v1/devices/%s/pos-1".formatted(rig.app));
        assertThat(device.json().path("groups").path(0).asText()).isEqualTo("berlin");

        assertThat(member(change("DELETE", "berlin", "pos-1"))).isFalse();
        assertThat(member(change("DELETE", "berlin", "pos-1"))).isFalse();
        assertThat(devices(list("berlin", ""))).containsExactly("pos-2");
    }

    @Test
    void whatItsTokenSaysStays() throws Exception {
        Registration till =
                new Registration(
                        rig.device("till"), "n1", "pos", "1.0", null, null, List.of("hamburg"));
        var _ = Rig.get(rig.context.mailbox().register(till));
        assertThat(member(change("DELETE", "hamburg", "till"))).isTrue();
        assertThat(devices(list("hamburg", ""))).containsExactly("till");
    }

    @Test
    void pagesFollowEachOther() throws Exception {
        for (int i = 0; i < 7; i++) {
            assertThat(member(change("PUT", "paged", "d" + i))).isTrue();
        }
        List<String> all = new ArrayList<>();
        String query = "?limit=3";
        while (!query.isEmpty()) {
            Reply page = list("paged", query);
            assertThat(page.status()).as("%s", page).isEqualTo(200);
            assertThat(devices(page)).hasSizeLessThanOrEqualTo(3);
            all.addAll(devices(page));
            query =
                    page.json().has("next")
                            ? "?limit=3&after=" + page.json().path("next").asText()
                            : "";
        }
        assertThat(all).containsExactlyInAnyOrder("d0", "d1", "d2", "d3", "d4", "d5", "d6");
    }

    @Test
    void aDeviceIsPutIntoAHundredGroups() throws Exception {
        for (int i = 0; i < Groups.MAX_OF_DEVICE; i++) {
            assertThat(member(change("PUT", "g" + i, "keen"))).isTrue();
        }
        Reply reply = change("PUT", "one-more", "keen");
        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.problem()).isEqualTo("too-many-groups");
    }

    @Test
    void whatIsWrongIsSaid() throws Exception {
        assertThat(list("berlin", "?after=x").problem()).isEqualTo("invalid-request");
        assertThat(list("berlin", "?limit=0").problem()).isEqualTo("invalid-request");
        assertThat(list("b%20n", "").problem()).isEqualTo("invalid-request");
        assertThat(change("PUT", "berlin", "d%20d").problem()).isEqualTo("invalid-request");
        assertThat(rig.get("/v1/groups/another/berlin").problem()).isEqualTo("forbidden");
        assertThat(change("POST", "berlin", "d").header("Allow")).isEqualTo("DELETE, PUT");
        assertThat(devices(list("nobody", ""))).isEmpty();
    }
}
