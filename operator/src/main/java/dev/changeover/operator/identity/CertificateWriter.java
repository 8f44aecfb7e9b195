package dev.changeover.operator.identity;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Writes certificates on the curve P-256: a CA's own, and those that it signs for a server. */
final class CertificateWriter {
  /** A certificate begins a little earlier, for readers whose clock is behind. */
  static final Duration BACKDATED = Duration.ofMinutes(5);

  private static final String SIGNATURE = "SHA256withECDSA";
  private static final int SERIAL_BITS = 127;
  private static final int NAME_BYTES = 4;

  private final SecureRandom random;

  CertificateWriter(SecureRandom random) {
    this.random = random;
  }

  /** A new CA under a name of its own, so that two of them are never taken for each other. */
  CertifiedKey authority(Instant now, Duration life) {
    byte[] mark = new byte[NAME_BYTES];
    random.nextBytes(mark);
    var name = new X500Name("CN=changeover-ca-" + HexFormat.of().formatHex(mark));
    try {
      KeyPair pair = keyPair();
      X509v3CertificateBuilder unsigned = unsigned(name, name, now, life, pair);
      var utils = new JcaX509ExtensionUtils();
      unsigned.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      unsigned.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      unsigned.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          utils.createSubjectKeyIdentifier(pair.getPublic()));
      return new CertifiedKey(pair.getPrivate(), signed(unsigned, pair.getPrivate()));
    } catch (GeneralSecurityException | CertIOException | OperatorCreationException e) {
      throw new IllegalStateException("every JDK can make and sign a P-256 key", e);
    }
  }

  /** A server's certificate for these names. */
  CertifiedKey server(CertifiedKey authority, List<String> names, Instant now, Duration life) {
    try {
      KeyPair pair = keyPair();
      var issuer =
          X500Name.getInstance(authority.certificate().getSubjectX500Principal().getEncoded());
      X509v3CertificateBuilder unsigned =
          unsigned(issuer, new X500Name("CN=" + names.getFirst()), now, life, pair);
      var utils = new JcaX509ExtensionUtils();
      unsigned.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      unsigned.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      unsigned.addExtension(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
      unsigned.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(
              names.stream()
                  .map(name -> new GeneralName(GeneralName.dNSName, name))
                  .toArray(GeneralName[]::new)));
      unsigned.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          utils.createAuthorityKeyIdentifier(authority.certificate()));
      return new CertifiedKey(pair.getPrivate(), signed(unsigned, authority.key()));
    } catch (GeneralSecurityException | CertIOException | OperatorCreationException e) {
      throw new IllegalStateException("a CA that was accepted can sign", e);
    }
  }

  private KeyPair keyPair() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), random);
    return generator.generateKeyPair();
  }

  private X509v3CertificateBuilder unsigned(
      X500Name issuer, X500Name subject, Instant now, Duration life, KeyPair pair) {
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE),
        Date.from(now.minus(BACKDATED)),
        Date.from(now.plus(life)),
        subject,
        pair.getPublic());
  }

  private static X509Certificate signed(X509v3CertificateBuilder unsigned, PrivateKey key)
      throws OperatorCreationException, GeneralSecurityException {
    return new JcaX509CertificateConverter()
        .getCertificate(unsigned.build(new JcaContentSignerBuilder(SIGNATURE).build(key)));
  }
}
