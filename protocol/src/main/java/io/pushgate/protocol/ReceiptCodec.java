package io.pushgate.protocol;

/**
 * A receipt as JSON, the value of {@code push.receipts}. Fields that a reader does not know are
 * ignored: later versions may add some.
 */
public final class ReceiptCodec {
    /** A whole receipt, UTF-8 bytes. */
    public static final int MAX_RECEIPT_BYTES = 16 * 1024;

    /** Characters of the reason; a longer one is cut when it is written. */
    public static final int MAX_REASON_LENGTH = 1000;

    private ReceiptCodec() {}

    /** Leaves out what is null, and an attempt of 0. */
    public static byte[] encode(Receipt receipt) {
        JsonWriter out = new JsonWriter().text("id", receipt.id()).text("app", receipt.app());
        if (receipt.device() != null) {
            out.text("device", receipt.device());
        }
        out.text("status", receipt.status().wireName()).number("at", receipt.at());
        if (receipt.attempt() != 0) {
            out.number("attempt", receipt.attempt());
        }
        String reason = receipt.reason();
        if (reason != null) {
            out.text("reason", reason.substring(0, Math.min(reason.length(), MAX_REASON_LENGTH)));
        }
        return out.toBytes();
    }

    /**
     * @throws InvalidInputException for anything but a receipt; the message says what is wrong
     */
    public static Receipt decode(byte[] json) throws InvalidInputException {
        if (json.length > MAX_RECEIPT_BYTES) {
            throw new InvalidInputException(
                    "the receipt has %d bytes, at most %d are allowed"
                            .formatted(json.length, MAX_RECEIPT_BYTES));
        }
        JsonFields fields = JsonFields.read("the receipt", json);
        return new Receipt(
                fields.name("id", Names::isMessageId),
                fields.name("app", Names::isApp),
                fields.optionalName("device", Names::isAddress),
                status(fields),
                fields.natural("at", Long.MAX_VALUE),
                (int) fields.optionalNatural("attempt", Integer.MAX_VALUE),
                fields.optionalText("reason"));
    }

    private static Receipt.Status status(JsonFields fields) throws InvalidInputException {
        String name = fields.text("status");
        for (Receipt.Status status : Receipt.Status.values()) {
            if (status.wireName().equals(name)) {
                return status;
            }
        }
        throw fields.invalid("has the unknown status " + JsonReader.quoted(name));
    }
}
