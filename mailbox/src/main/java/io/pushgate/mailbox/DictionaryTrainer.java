package io.pushgate.mailbox;

import com.github.luben.zstd.ZstdDictTrainer;
import com.github.luben.zstd.ZstdException;

import io.pushgate.protocol.InvalidInputException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes dictionaries from payloads with zstd's own trainer, and tries each on payloads that it has
 * not seen. Any thread, which it keeps busy.
 */
public final class DictionaryTrainer {
    /** Distinct payloads that it takes. */
    public static final int MIN_SAMPLES = 100;

    /** Bytes of payload it is trained from, at most; what is beyond is left out. */
    static final int MAX_SAMPLE_BYTES = 16 << 20;

    /** A dictionary's size, at most. */
    static final int MAX_BYTES = 64 * 1024;

    private static final int MIN_BYTES = 1024;

    /** A dictionary of more than this part of what it is trained from knows it by heart. */
    private static final int SAMPLES_PER_DICTIONARY = 10;

    /** One in so many payloads is kept back for the trial. */
    private static final int TRIAL_EVERY = 10;

    /** What a dictionary must save over zstd alone, in percent. */
    private static final int MIN_GAIN_PERCENT = 5;

    private DictionaryTrainer() {}

    /**
     * @param payloads of one app, of any order; the same one twice counts once
     */
    public static Training train(List<byte[]> payloads) {
        Map<ByteBuffer, byte[]> distinct = new LinkedHashMap<>();
        payloads.forEach(payload -> distinct.putIfAbsent(ByteBuffer.wrap(payload), payload));
        if (distinct.size() < MIN_SAMPLES) {
            return new Training.TooFew(distinct.size(), MIN_SAMPLES);
        }
        List<byte[]> learned = new ArrayList<>();
        List<byte[]> tried = new ArrayList<>();
        for (byte[] payload : distinct.values()) {
            boolean keepBack = (learned.size() + tried.size()) % TRIAL_EVERY == 0;
            (keepBack ? tried : learned).add(payload);
        }
        try {
            return judge(learn(learned), learned.size(), tried);
        } catch (ZstdException | InvalidInputException e) {
            return new Training.Failed(String.valueOf(e.getMessage()));
        }
    }

    /**
     * @throws ZstdException if zstd finds nothing in them
     */
    static Dictionary learn(List<byte[]> payloads) throws InvalidInputException {
        long all = payloads.stream().mapToLong(payload -> payload.length).sum();
        int used = (int) Math.min(all, MAX_SAMPLE_BYTES);
        int size = Math.clamp(used / SAMPLES_PER_DICTIONARY, MIN_BYTES, MAX_BYTES);
        ZstdDictTrainer trainer = new ZstdDictTrainer(used, size, Dictionary.LEVEL);
        for (byte[] payload : payloads) {
            if (!trainer.addSample(payload)) {
                break;
            }
        }
        return new Dictionary(trainer.trainSamples());
    }

    private static Training judge(Dictionary dictionary, int samples, List<byte[]> tried) {
        long plain = 0;
        long zstd = 0;
        long with = 0;
        try (PayloadCodec codec = new PayloadCodec(MailboxConfig.defaults().compressAbove())) {
            for (byte[] payload : tried) {
                plain += payload.length;
                zstd += codec.encode(payload, null).bytes().length;
                with += codec.encode(payload, dictionary).bytes().length;
            }
        }
        TrainedDictionary.Trial trial =
                new TrainedDictionary.Trial(tried.size(), plain, zstd, with);
        return with * 100 > zstd * (100 - MIN_GAIN_PERCENT)
                ? new Training.NoGain(trial)
                : new Training.Trained(new TrainedDictionary(dictionary, samples, trial));
    }
}
