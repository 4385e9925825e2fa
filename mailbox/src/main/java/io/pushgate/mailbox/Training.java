package io.pushgate.mailbox;

/** What came of training a dictionary. */
public sealed interface Training {
    /** There is one, and it is worth storing. */
    record Trained(TrainedDictionary dictionary) implements Training {}

    /** There is too little to learn from. */
    record TooFew(int distinct, int needed) implements Training {}

    /** What it saves over compression without a dictionary is not worth it. */
    record NoGain(TrainedDictionary.Trial trial) implements Training {}

    /** zstd found nothing that the payloads have in common. */
    record Failed(String reason) implements Training {}
}
