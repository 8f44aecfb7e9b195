package dev.changeover.operator.identity;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;

/** A private key and the certificate of its public half. */
public record CertifiedKey(PrivateKey key, X509Certificate certificate) {
  Instant begins() {
    return certificate.getNotBefore().toInstant();
  }

  Instant ends() {
    return certificate.getNotAfter().toInstant();
  }

  @Override
  public String toString() {
    return "CertifiedKey[" + certificate.getSubjectX500Principal() + ", key redacted]";
  }
}
