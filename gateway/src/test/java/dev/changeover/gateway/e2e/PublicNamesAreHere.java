package dev.changeover.gateway.e2e;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.Set;
import java.util.stream.Stream;

/** The tests' name service: the vendors' hosts are this machine, so that no test calls a vendor. */
public final class PublicNamesAreHere extends InetAddressResolverProvider {
  private static final Set<String> PUBLIC = Set.of("com", "ai", "xyz");

  @Override
  public InetAddressResolver get(Configuration configuration) {
    InetAddressResolver usual = configuration.builtinResolver();
    return new InetAddressResolver() {
      @Override
      public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
          throws UnknownHostException {
        return PUBLIC.contains(host.substring(host.lastIndexOf('.') + 1))
            ? Stream.of(InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1}))
            : usual.lookupByName(host, policy);
      }

      @Override
      public String lookupByAddress(byte[] address) throws UnknownHostException {
        return usual.lookupByAddress(address);
      }
    };
  }

  @Override
  public String name() {
    return "vendors' hosts on loopback";
  }
}
