package io.pushgate.access.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.impl.BaseJWSProvider;
import com.nimbusds.jose.util.Base64URL;

import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.EdECPublicKey;
import java.util.Set;

/**
 * EdDSA over Ed25519 (RFC 8037) by the JDK's own provider; Nimbus's verifier would bring Tink
 * along. Safe for any thread.
 */
final class Ed25519JwsVerifier extends BaseJWSProvider implements JWSVerifier {
    private final EdECPublicKey key;

    Ed25519JwsVerifier(EdECPublicKey key) {
        super(Set.of(JWSAlgorithm.EdDSA));
        this.key = key;
    }

    @Override
    public boolean verify(JWSHeader header, byte[] signingInput, Base64URL signature)
            throws JOSEException {
        try {
            Signature verification = Signature.getInstance("Ed25519");
            verification.initVerify(key);
            verification.update(signingInput);
            return verification.verify(signature.decode());
        } catch (SignatureException e) {
            return false; // of the wrong length, or no point of the curve
        } catch (GeneralSecurityException e) {
            throw new JOSEException("Ed25519 does not work here: " + e.getMessage(), e);
        }
    }
}
