package io.pushgate.cli;

import io.pushgate.mailbox.DictionaryPut;
import io.pushgate.mailbox.DictionaryTrainer;
import io.pushgate.mailbox.TrainedDictionary;
import io.pushgate.mailbox.Training;
import io.pushgate.runtime.config.KafkaConfig;
import io.pushgate.runtime.config.RedisConfig;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Path;

@Command(
        name = "train",
        header = "Trains a dictionary from an app's own traffic.",
        description = {
            "%nTakes payloads at random from the newest records of the Kafka topic push.requests,"
                    + " trains from nine in ten of them and tries the dictionary on the others. It"
                    + " is stored only where it makes those smaller.",
            "%nNew payloads are compressed with it half a minute later; what is stored already stays"
                    + " readable. An app has 16 dictionaries at most, each kept for 8 days after"
                    + " its successor came into use."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./pushgate dictionary train --app shop",
            "  ./pushgate dictionary train --app shop --samples 5000 --kafka kafka:9092 --redis"
                    + " redis://redis:6379"
        })
final class DictionaryTrainCommand extends Subcommand {
    /** At 64 KiB each, the largest that a payload may be, a third of a gigabyte. */
    private static final int MOST_SAMPLES = 5_000;

    @Option(names = "--app", required = true, paramLabel = "APP", description = "The app.")
    private String app = "";

    @Option(
            names = "--samples",
            defaultValue = "2000",
            paramLabel = "N",
            description =
                    "How many payloads, 100 to 5,000; ten times as many requests are looked at"
                            + " (default: ${DEFAULT-VALUE}).")
    private int samples = 2000;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "Kafka to take payloads from (default: that of the running standalone).")
    private @Nullable String kafka;

    @Option(
            names = "--redis",
            paramLabel = "URI",
            description = "Redis to store it in (default: that of the running standalone).")
    private @Nullable String redis;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "YAML file with the sections kafka and redis.")
    private @Nullable Path config;

    @Override
    public Integer call() throws Exception {
        new NameOptions(line()).app("--app", app);
        if (samples < DictionaryTrainer.MIN_SAMPLES || samples > MOST_SAMPLES) {
            throw wrongUsage(
                    "--samples takes %,d to %,d, not %,d"
                            .formatted(DictionaryTrainer.MIN_SAMPLES, MOST_SAMPLES, samples));
        }
        Whereabouts where = new Whereabouts(System.getenv(), null);
        KafkaConfig from = where.kafka(kafka, config);
        RedisConfig to = where.redis(redis, config);
        PayloadSamples taken = PayloadSamples.take(from, app, samples);
        say(
                "%,d payloads of %s in the newest %,d requests; trained from %,d at most"
                        .formatted(taken.found(), app, taken.read(), samples));
        TrainedDictionary trained = train(taken);
        describe(trained);
        try (DictionaryClient client = DictionaryClient.open(to)) {
            tell(client.put(app, trained));
        }
        return 0;
    }

    private TrainedDictionary train(PayloadSamples taken) throws CommandFailure {
        return switch (DictionaryTrainer.train(taken.payloads())) {
            case Training.Trained trained -> trained.dictionary();
            case Training.TooFew few ->
                    throw new CommandFailure(
                            "%,d different payloads of app %s are too few: %,d are needed"
                                    .formatted(few.distinct(), app, few.needed()));
            case Training.NoGain none ->
                    throw new CommandFailure(
                            "a dictionary does not help app %s: payloads that it was not trained"
                                            .formatted(app)
                                    + " from take "
                                    + each(none.trial(), none.trial().dictionary())
                                    + " bytes with it, and "
                                    + each(none.trial(), none.trial().zstd())
                                    + " without; nothing was stored");
            case Training.Failed failed ->
                    throw new CommandFailure(
                            "no dictionary can be trained from these payloads: " + failed.reason());
        };
    }

    private void describe(TrainedDictionary trained) {
        TrainedDictionary.Trial trial = trained.trial();
        say(
                "trained from %,d, tried on %,d others: %,d bytes each become %,d with it, %,d without"
                        .formatted(
                                trained.samples(),
                                trial.payloads(),
                                each(trial, trial.plain()),
                                each(trial, trial.dictionary()),
                                each(trial, trial.zstd())));
    }

    private static long each(TrainedDictionary.Trial trial, long bytes) {
        return Math.round((double) bytes / trial.payloads());
    }

    private void tell(DictionaryPut put) throws CommandFailure {
        switch (put) {
            case DictionaryPut.Stored stored ->
                    print(
                            "version %d of %s, in use from %s"
                                    .formatted(
                                            stored.version(),
                                            app,
                                            DictionaryListCommand.time(stored.from())));
            case DictionaryPut.Known known ->
                    print("version %d of %s already is the same".formatted(known.version(), app));
            case DictionaryPut.Full full ->
                    throw new CommandFailure(
                            "app %s has as many dictionaries as it may have; the oldest goes at %s"
                                    .formatted(app, DictionaryListCommand.time(full.until())));
        }
    }
}
