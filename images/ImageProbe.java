import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Run inside an unpacked image by the images' test: TLS, its algorithms, its CAs, and names. */
final class ImageProbe {
  public static void main(String[] arguments) throws Exception {
    System.out.println("user " + System.getProperty("user.name"));
    KeyPairGenerator curve = KeyPairGenerator.getInstance("EC");
    curve.initialize(new ECGenParameterSpec("secp256r1"));
    curve.generateKeyPair();
    KeyPairGenerator.getInstance("X25519").generateKeyPair();
    String[] suites = SSLContext.getDefault().getDefaultSSLParameters().getCipherSuites();
    if (Arrays.stream(suites).noneMatch("TLS_AES_256_GCM_SHA384"::equals)) {
      throw new IllegalStateException("TLS without AES-256: " + Arrays.toString(suites));
    }
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init((KeyStore) null);
    if (Arrays.stream(trust.getTrustManagers())
        .noneMatch(each ->
            each instanceof X509TrustManager x509 && x509.getAcceptedIssuers().length > 0)) {
      throw new IllegalStateException("no CA is trusted");
    }
    System.out.println("localhost is " + InetAddress.getByName("localhost").getHostAddress());
    if (Files.isWritable(Path.of("/")) || !Files.isWritable(Path.of("/tmp"))) {
      throw new IllegalStateException("/ can be written, or /tmp cannot");
    }
    System.out.println("TLS, keys, CAs and names are there");
  }
}
