package io.pushgate.console.api;

import io.pushgate.console.ConsoleConfig;
import io.pushgate.console.ConsoleConfig.AppConfig;
import io.pushgate.console.http.Problem;
import io.pushgate.console.http.ProblemType;
import io.pushgate.console.http.Replies;
import io.pushgate.mailbox.AppLimits;
import io.pushgate.mailbox.AppLimits.Limits;

import java.util.HashMap;
import java.util.Map;

/** Takes pushes from the rate and the quota of their app, or refuses them. */
final class PushLimits {
    private final AppLimits limits;
    private final Limits usual;
    private final Map<String, Limits> special = new HashMap<>();

    PushLimits(AppLimits limits, ConsoleConfig config) {
        this.limits = limits;
        this.usual = of(config.pushesPerSecond(), config.pushesPerDay());
        for (AppConfig app : config.apps()) {
            Integer perSecond = app.pushesPerSecond();
            Long perDay = app.pushesPerDay();
            special.put(
                    app.name(),
                    of(
                            perSecond == null ? usual.perSecond() : perSecond,
                            perDay == null ? usual.perDay() : perDay));
        }
    }

    private static Limits of(long perSecond, long perDay) {
        return new Limits(perSecond, 2 * perSecond, perDay);
    }

    void take(String app, int count) throws Problem, InterruptedException {
        Limits own = special.getOrDefault(app, usual);
        if (own.perSecond() == 0 && own.perDay() == 0) {
            return;
        }
        switch (Replies.await(limits.take(app, own, count))) {
            case AppLimits.Outcome.Taken() -> {}
            case AppLimits.Outcome.OverRate over ->
                    throw new Problem(
                                    ProblemType.RATE_LIMITED,
                                    "app %s may publish %d pushes a second over HTTP"
                                            .formatted(app, own.perSecond()))
                            .retryAfter(over.retryAfter());
            case AppLimits.Outcome.OverQuota over ->
                    throw new Problem(
                                    ProblemType.QUOTA_EXCEEDED,
                                    "app %s may publish %d pushes a day (UTC) over HTTP; %d are left"
                                            .formatted(app, own.perDay(), over.left()))
                            .retryAfter(over.retryAfter());
        }
    }
}
