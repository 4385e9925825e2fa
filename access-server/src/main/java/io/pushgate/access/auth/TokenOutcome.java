package io.pushgate.access.auth;

/** What came of looking at a token. */
public sealed interface TokenOutcome {
    record Verified(Claims claims) implements TokenOutcome {}

    record Refused(Refusal reason) implements TokenOutcome {}

    /** Why a token was refused; none of the texts repeats anything of the token. */
    enum Refusal {
        MISSING("no token: send Authorization: Bearer, or ?token="),
        MALFORMED("the token is not a signed JWT"),
        TOO_LONG("the token is longer than " + TokenVerifier.MAX_TOKEN_LENGTH + " characters"),
        UNKNOWN_KEY("the token's kid names no key of this gateway"),
        WRONG_ALGORITHM("the token's algorithm is not the one its key is for"),
        BAD_SIGNATURE("the token's signature does not verify"),
        WRONG_APP("the token's key may not sign for this app"),
        BAD_CLAIM("the token lacks a claim, or has one that is not valid"),
        EXPIRED("the token has expired"),
        NOT_YET_VALID("the token is not valid yet");

        private final String text;

        Refusal(String text) {
            this.text = text;
        }

        /** One sentence for people. */
        public String text() {
            return text;
        }

        /** The tag value of the meters. */
        public String tag() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
