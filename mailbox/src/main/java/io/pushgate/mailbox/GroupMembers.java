package io.pushgate.mailbox;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Who belongs to a group now, page by page. */
@FunctionalInterface
public interface GroupMembers {
    /** Knows no groups. */
    GroupMembers NONE =
            (app, group, cursor) -> CompletableFuture.completedFuture(new Page(List.of(), null));

    /**
     * @param devices at most a thousand; one may come twice
     * @param next cursor of the next page, null after the last
     */
    record Page(List<String> devices, @Nullable String next) {}

    /**
     * @param cursor null for the first page
     */
    CompletionStage<Page> page(String app, String group, @Nullable String cursor);
}
