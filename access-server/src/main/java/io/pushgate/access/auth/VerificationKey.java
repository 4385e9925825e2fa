package io.pushgate.access.auth;

import com.nimbusds.jose.JWSVerifier;

import org.jspecify.annotations.Nullable;

/**
 * A key that device tokens may be signed with.
 *
 * @param algorithm the only one it verifies
 * @param app the only app it may sign for, null for every one
 */
record VerificationKey(
        String id, KeyAlgorithm algorithm, JWSVerifier verifier, @Nullable String app) {}
