package dev.changeover.operator.identity;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.util.io.pem.PemObject;

/**
 * The operator's own CA, and while it is being renewed the one before it: all are trusted, one
 * signs.
 *
 * @param newestFirst at least one
 */
public record Authorities(List<CertifiedKey> newestFirst) {
  static final Duration LIFE = Duration.ofDays(3 * 365);
  static final Duration RENEWED_BEFORE_END = Duration.ofDays(365);

  /** A new CA signs only after every gateway has long been able to read it. */
  static final Duration SIGNS_AFTER = Duration.ofDays(1);

  static final int AUTHORITIES_MAX = 8;

  public Authorities {
    newestFirst =
        newestFirst.stream().sorted(Comparator.comparing(CertifiedKey::begins).reversed()).toList();
    if (newestFirst.isEmpty() || newestFirst.size() > AUTHORITIES_MAX) {
      throw new IllegalArgumentException("there are 1 to " + AUTHORITIES_MAX + " CA certificates");
    }
  }

  /** A CA that nobody has seen yet. */
  public static Authorities first(Instant now, SecureRandom random) {
    return new Authorities(List.of(new CertificateWriter(random).authority(now, LIFE)));
  }

  /**
   * What was written with {@link #certificatePem} and {@link #keyPem}.
   *
   * @throws IllegalArgumentException if it cannot be read or does not fit together; the message
   *     quotes nothing
   */
  public static Authorities read(String certificatePem, String keyPem) {
    List<X509Certificate> certificates = certificates(certificatePem);
    List<PrivateKey> keys = keys(keyPem);
    if (certificates.size() != keys.size()) {
      throw new IllegalArgumentException("each CA certificate needs its key, in the same order");
    }
    List<CertifiedKey> read = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      var one = new CertifiedKey(keys.get(i), certificates.get(i));
      requireSigning(one);
      read.add(one);
    }
    return new Authorities(read);
  }

  /** The same, with a new one long before the newest ends, and without those that have ended. */
  public Authorities kept(Instant now, SecureRandom random) {
    List<CertifiedKey> kept = newestFirst.stream().filter(one -> one.ends().isAfter(now)).toList();
    boolean due = now.isAfter(newestFirst.getFirst().ends().minus(RENEWED_BEFORE_END));
    if (!due) {
      return new Authorities(kept);
    }
    CertifiedKey next = new CertificateWriter(random).authority(now, LIFE);
    return new Authorities(
        Stream.concat(Stream.of(next), kept.stream().limit(AUTHORITIES_MAX - 1)).toList());
  }

  /** The one that signs now: the newest that has been known long enough, else the oldest. */
  CertifiedKey signer(Instant now) {
    return newestFirst.stream()
        .filter(one -> !now.isBefore(one.begins().plus(SIGNS_AFTER)))
        .findFirst()
        .orElse(newestFirst.getLast());
  }

  /** All certificates: what a gateway trusts. */
  public String certificatePem() {
    return pem(newestFirst.stream().map(CertifiedKey::certificate).toList());
  }

  /** Their keys, in the same order. */
  public String keyPem() {
    return pem(
        newestFirst.stream()
            .map(one -> new PemObject("PRIVATE KEY", one.key().getEncoded()))
            .toList());
  }

  @Override
  public String toString() {
    return "Authorities" + newestFirst;
  }

  private static String pem(List<?> objects) {
    var text = new StringWriter();
    try (var pem = new JcaPEMWriter(text)) {
      for (Object object : objects) {
        pem.writeObject(object);
      }
    } catch (IOException e) {
      throw new IllegalStateException("memory does not fail to be written", e);
    }
    return text.toString();
  }

  private static List<X509Certificate> certificates(String pem) {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Object object : objects(pem)) {
      if (!(object instanceof X509CertificateHolder holder)) {
        throw new IllegalArgumentException("ca.crt holds something else than certificates");
      }
      try {
        certificates.add(new JcaX509CertificateConverter().getCertificate(holder));
      } catch (GeneralSecurityException e) {
        throw new IllegalArgumentException("ca.crt holds a certificate that cannot be read", e);
      }
    }
    return certificates;
  }

  private static List<PrivateKey> keys(String pem) {
    List<PrivateKey> keys = new ArrayList<>();
    for (Object object : objects(pem)) {
      PrivateKeyInfo info =
          switch (object) {
            case PrivateKeyInfo alone -> alone;
            case PEMKeyPair pair -> pair.getPrivateKeyInfo();
            default -> throw new IllegalArgumentException("ca.key holds no private key");
          };
      try {
        keys.add(
            KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded())));
      } catch (IOException | GeneralSecurityException e) {
        throw new IllegalArgumentException("ca.key holds no key on an elliptic curve", e);
      }
    }
    return keys;
  }

  private static List<Object> objects(String pem) {
    List<Object> objects = new ArrayList<>();
    try (var parser = new PEMParser(new StringReader(pem))) {
      for (Object next = parser.readObject(); next != null; next = parser.readObject()) {
        objects.add(next);
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("no PEM file", e);
    }
    return objects;
  }

  /** A key that does not fit its certificate would be noticed by every gateway and nobody here. */
  private static void requireSigning(CertifiedKey one) {
    if (one.certificate().getBasicConstraints() < 0) {
      throw new IllegalArgumentException("ca.crt holds a certificate that may not sign others");
    }
    byte[] words = "changeover".getBytes(StandardCharsets.US_ASCII);
    try {
      Signature signing = Signature.getInstance("SHA256withECDSA");
      signing.initSign(one.key());
      signing.update(words);
      byte[] signature = signing.sign();
      signing.initVerify(one.certificate().getPublicKey());
      signing.update(words);
      if (signing.verify(signature)) {
        return;
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("a CA's key and certificate are on an elliptic curve", e);
    }
    throw new IllegalArgumentException("ca.key and ca.crt do not belong together");
  }
}
