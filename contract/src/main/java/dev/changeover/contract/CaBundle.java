package dev.changeover.contract;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;

/** Certificates of CAs in PEM, as a Secret, a configuration or a mounted file hands them over. */
public final class CaBundle {
  private CaBundle() {}

  /**
   * A store that trusts these.
   *
   * @param pem X.509 certificates in PEM (RFC 7468), one after the other
   * @throws GeneralSecurityException if there is none, or one cannot be read
   */
  public static KeyStore trusting(byte[] pem) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (Certificate certificate :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(pem))) {
      store.setCertificateEntry("ca-" + store.size(), certificate);
    }
    if (store.size() == 0) {
      throw new GeneralSecurityException("the CA bundle holds no certificate");
    }
    return store;
  }
}
