package io.pushgate.console.api;

import io.pushgate.console.http.Answer;
import io.pushgate.console.http.Call;
import io.pushgate.console.http.Problem;
import io.pushgate.console.http.ProblemType;
import io.pushgate.console.http.Replies;
import io.pushgate.mailbox.Audience;
import io.pushgate.mailbox.AudienceCursor;
import io.pushgate.mailbox.AudiencePage;
import io.pushgate.mailbox.Groups;
import io.pushgate.mailbox.JoinResult;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.InvalidInputException;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * {@code /v1/groups/…}: who is in a group, and putting devices into it. What a device's token says
 * stays the token's.
 */
final class GroupsApi {
    static final int MAX_PAGE = 1_000;

    private final Groups groups;

    GroupsApi(Groups groups) {
        this.groups = groups;
    }

    /**
     * @param size devices in the group, at about the time of the page
     * @param devices a page of them
     * @param next what to pass as {@code after} for the next page; null after the last one
     */
    private record Group(
            String app, String group, long size, List<String> devices, @Nullable String next) {}

    private record Membership(String app, String group, String device, boolean member) {}

    Answer list(Call call) throws Problem, InterruptedException {
        Audience.Group group = new Audience.Group(call.app(), call.group());
        AudienceCursor after = after(call);
        int limit = call.number("limit", 1, MAX_PAGE, MAX_PAGE);
        CompletionStage<Long> size = groups.size(group);
        AudiencePage page = Replies.await(groups.page(group, Set.of(), after, limit));
        return Answer.ok(
                new Group(
                        group.app(),
                        group.group(),
                        Replies.await(size),
                        page.devices(),
                        page.more() ? page.next().toString() : null));
    }

    private static AudienceCursor after(Call call) throws Problem {
        List<String> values = call.query().getOrDefault("after", List.of());
        if (values.isEmpty()) {
            return AudienceCursor.START;
        }
        try {
            if (values.size() == 1) {
                return AudienceCursor.parse(values.getFirst());
            }
        } catch (InvalidInputException e) {
            // Falls through to the refusal.
        }
        throw new Problem(
                ProblemType.INVALID_REQUEST, "after must be the next of the page before, once");
    }

    Answer join(Call call) throws Problem, InterruptedException {
        DeviceKey device = call.device();
        String group = call.group();
        return switch (Replies.await(groups.join(device, group))) {
            case JoinResult.Joined() -> membership(device, group, true);
            case JoinResult.TooMany() ->
                    throw new Problem(
                            ProblemType.TOO_MANY_GROUPS,
                            "the device has been put into %d groups already"
                                    .formatted(Groups.MAX_OF_DEVICE));
            case JoinResult.Full() ->
                    throw new Problem(ProblemType.GROUP_FULL, "the group takes no more devices");
        };
    }

    Answer leave(Call call) throws Problem, InterruptedException {
        DeviceKey device = call.device();
        String group = call.group();
        boolean out = Replies.await(groups.leave(device, group));
        return membership(device, group, !out);
    }

    private static Answer membership(DeviceKey device, String group, boolean member) {
        return Answer.ok(new Membership(device.app(), group, device.device(), member));
    }
}
