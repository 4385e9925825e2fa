package io.pushgate.cli;

import io.pushgate.mailbox.ApiKey;
import io.pushgate.mailbox.ApiKeys;
import io.pushgate.runtime.Health;
import io.pushgate.runtime.redis.RedisConnection;
import io.pushgate.standalone.Errors;
import io.pushgate.standalone.Waits;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

@Command(
        name = "apikey",
        header = "Makes, lists and revokes the keys of the HTTP API.",
        description = "%nOnly a hash of a key is kept: what create prints is not to be had again.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./pushgate apikey create --app shop",
            "  ./pushgate apikey create --admin",
            "  ./pushgate apikey list --app shop",
            "  ./pushgate apikey revoke --app shop 0123456789ab"
        },
        subcommands = {
            ApiKeyCommand.Create.class,
            ApiKeyCommand.ListKeys.class,
            ApiKeyCommand.Revoke.class
        })
final class ApiKeyCommand extends Subcommand {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Override
    public Integer call() {
        throw wrongUsage("which one: create, list or revoke?");
    }

    /** Whose keys. */
    static final class Whose {
        @Option(names = "--app", paramLabel = "APP", description = "The app.")
        private @Nullable String app;

        @Option(
                names = "--admin",
                description = "Of administrators, who see every app and the nodes.")
        private boolean admin;
    }

    /** What the three have in common. */
    @Command
    abstract static class OnKeys extends Subcommand {
        @ArgGroup(multiplicity = "1")
        private Whose whose = new Whose();

        @Option(
                names = "--redis",
                paramLabel = "URI",
                description =
                        "The Redis; by default that of the configuration or of the"
                                + " standalone that runs here.")
        private @Nullable String redis;

        @Option(
                names = "--config",
                paramLabel = "FILE",
                description = "YAML file with the configuration.")
        private @Nullable Path config;

        /** The app, null for administrators'. */
        @Nullable String app() {
            return whose.app;
        }

        boolean isMeant(ApiKey key) {
            return whose.admin ? key.isAdmin() : Objects.equals(key.app(), whose.app);
        }

        abstract void run(ApiKeys keys) throws Exception;

        @Override
        public Integer call() throws Exception {
            if (whose.app != null) {
                new NameOptions(line()).app("--app", whose.app);
            }
            Whereabouts whereabouts = new Whereabouts(System.getenv(), null);
            try (RedisConnection connection =
                    RedisConnection.open(whereabouts.redis(redis, config))) {
                awaitAnswer(connection);
                run(new ApiKeys(connection, InstantSource.system()));
            }
            return 0;
        }

        private static void awaitAnswer(RedisConnection connection)
                throws CommandFailure, InterruptedException {
            Waits.until(() -> connection.check().ok(), PATIENCE);
            Health.Check check = connection.check();
            if (!check.ok()) {
                throw new CommandFailure(check.detail());
            }
        }

        static <T> T get(CompletionStage<T> reply) throws CommandFailure, InterruptedException {
            try {
                return reply.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                throw new CommandFailure("Redis did not do it: " + Errors.reason(cause), e);
            } catch (TimeoutException e) {
                throw new CommandFailure(
                        "Redis did not answer within " + PATIENCE.toSeconds() + " s", e);
            }
        }
    }

    @Command(name = "create", header = "Makes a key and prints it.")
    static final class Create extends OnKeys {
        @Override
        void run(ApiKeys keys) throws Exception {
            String key = keys.generate();
            var _ = get(keys.add(key, app()));
            print(key);
        }
    }

    @Command(name = "list", header = "Prints the id of each key, and since when it is good.")
    static final class ListKeys extends OnKeys {
        @Override
        void run(ApiKeys keys) throws Exception {
            get(keys.list()).stream()
                    .filter(this::isMeant)
                    .forEach(key -> print(key.id() + "  " + Instant.ofEpochMilli(key.createdAt())));
        }
    }

    @Command(
            name = "revoke",
            header = "Ends keys by their id.",
            description = "%nA console that has just seen a key lets it in for up to 10 s more.")
    static final class Revoke extends OnKeys {
        @Parameters(arity = "1..*", paramLabel = "ID", description = "As list prints them.")
        private List<String> ids = List.of();

        @Override
        void run(ApiKeys keys) throws Exception {
            List<ApiKey> known = get(keys.list()).stream().filter(this::isMeant).toList();
            for (String id : ids) {
                if (known.stream().noneMatch(key -> key.id().equals(id))) {
                    throw new CommandFailure("there is no key " + id + " there");
                }
            }
            for (String id : ids) {
                var _ = get(keys.revoke(id));
            }
        }
    }
}
