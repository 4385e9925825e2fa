package io.pushgate.protocol;

/**
 * How the binary formats grow without a new version: a kind byte with its highest bit set says that
 * a block of further fields follows those that the format has, and who doesn't know them leaves
 * them out. So a role of the next release may add a field to a delivery or a node message at once,
 * and roles of this one go on reading it. What must not be left out needs a new version, which
 * readers have to know one release before anybody writes it.
 */
final class Extensions {
    /** Bytes of all further fields of one delivery or message. */
    static final int MAX_BYTES = 4096;

    private static final int FLAG = 0x80;

    private Extensions() {}

    /** The kind itself. */
    static int kind(int kindByte) {
        return kindByte & ~FLAG;
    }

    /** Leaves out the further fields, where the kind byte says that there are some. */
    static void skip(int kindByte, BinaryReader in) throws InvalidInputException {
        if ((kindByte & FLAG) != 0) {
            in.skipBlock(MAX_BYTES, "extension");
        }
    }
}
