package io.pushgate.mailbox;

/** A dictionary that was trained and found to be worth it. */
public final class TrainedDictionary {
    private final Dictionary dictionary;
    private final int samples;
    private final Trial trial;

    TrainedDictionary(Dictionary dictionary, int samples, Trial trial) {
        this.dictionary = dictionary;
        this.samples = samples;
        this.trial = trial;
    }

    /**
     * How it did on payloads that it was not trained from; all in bytes.
     *
     * @param payloads how many
     * @param plain uncompressed
     * @param zstd as they are stored without a dictionary
     * @param dictionary as they are stored with it
     */
    public record Trial(int payloads, long plain, long zstd, long dictionary) {}

    Dictionary dictionary() {
        return dictionary;
    }

    public long id() {
        return dictionary.id();
    }

    public int bytes() {
        return dictionary.bytes().length;
    }

    /** How many payloads it was trained from. */
    public int samples() {
        return samples;
    }

    public Trial trial() {
        return trial;
    }
}
