package io.pushgate.runtime.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads certificates and keys in PEM (RFC 7468); blocks on the disk. */
final class PemFiles {
    private static final int MAX_FILE_BYTES = 1024 * 1024;
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");
    private static final Pattern OTHER_KEY =
            Pattern.compile("-----BEGIN (RSA|EC|ENCRYPTED) PRIVATE KEY-----");
    private static final List<String> KEY_ALGORITHMS = List.of("EC", "RSA", "EdDSA");

    private PemFiles() {}

    /** All of the file's, at least one, in their order. */
    static List<X509Certificate> certificates(Path file) throws TlsException {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(read(file)))
                    .forEach(each -> certificates.add((X509Certificate) each));
        } catch (CertificateException e) {
            throw new TlsException(file + " holds no certificate that can be read", e);
        }
        if (certificates.isEmpty()) {
            throw new TlsException(file + " holds no certificate");
        }
        return certificates;
    }

    static PrivateKey key(Path file) throws TlsException {
        String pem = new String(read(file), StandardCharsets.US_ASCII);
        Matcher found = KEY.matcher(pem);
        if (!found.find()) {
            throw new TlsException(
                    file
                            + (OTHER_KEY.matcher(pem).find()
                                    ? " holds a key that is not plain PKCS#8: convert it with"
                                            + " openssl pkcs8 -topk8 -nocrypt"
                                    : " holds no private key"));
        }
        byte[] encoded;
        try {
            encoded = Base64.getMimeDecoder().decode(found.group(1));
        } catch (IllegalArgumentException e) {
            throw new TlsException(file + " holds a key that is not base64", e);
        }
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm)
                        .generatePrivate(new PKCS8EncodedKeySpec(encoded));
            } catch (InvalidKeySpecException e) {
                // One of the others, then.
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has " + algorithm, e);
            }
        }
        throw new TlsException(file + " holds a key that is not one for EC, RSA or EdDSA");
    }

    /** Whether the key is that of the certificate. */
    static boolean fits(PrivateKey key, X509Certificate certificate) {
        byte[] probe = {1, 2, 3, 4};
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> key.getAlgorithm();
                };
        try {
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(key);
            signing.update(probe);
            byte[] signature = signing.sign();
            signing.initVerify(certificate.getPublicKey());
            signing.update(probe);
            return signing.verify(signature);
        } catch (GeneralSecurityException e) {
            return false; // another kind of key altogether
        }
    }

    private static byte[] read(Path file) throws TlsException {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new TlsException(file + " is larger than 1 MiB");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new TlsException(
                    "cannot read " + file + " (" + e.getClass().getSimpleName() + ")", e);
        }
    }
}
