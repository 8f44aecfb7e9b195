package dev.changeover.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Comparator;

/**
 * What a hold covers: a whole provider, one credential of it, or one model of it. Written {@code
 * namespace/name}, {@code namespace/name#credential=<keyId>}, {@code namespace/name#model=<model>}.
 */
public sealed interface HoldKey extends Comparable<HoldKey> {
  ObjectName provider();

  Scope scope();

  /** All keys and models of one account. */
  record OfProvider(ObjectName provider) implements HoldKey {
    @Override
    public Scope scope() {
      return Scope.PROVIDER;
    }

    @JsonValue
    @Override
    public String toString() {
      return provider.toString();
    }
  }

  /** One key of the account; {@code keyId} is the twelve hex digits of {@link KeyRef}. */
  record OfCredential(ObjectName provider, String keyId) implements HoldKey {
    @Override
    public Scope scope() {
      return Scope.CREDENTIAL;
    }

    @JsonValue
    @Override
    public String toString() {
      return provider + "#credential=" + keyId;
    }
  }

  /** One model of the account, whichever key is used. */
  record OfModel(ObjectName provider, String model) implements HoldKey {
    @Override
    public Scope scope() {
      return Scope.MODEL;
    }

    @JsonValue
    @Override
    public String toString() {
      return provider + "#model=" + model;
    }
  }

  @JsonCreator
  static HoldKey parse(String text) {
    int hash = text.indexOf('#');
    if (hash < 0) {
      return new OfProvider(ObjectName.parse(text));
    }
    ObjectName provider = ObjectName.parse(text.substring(0, hash));
    String rest = text.substring(hash + 1);
    if (rest.startsWith("credential=")) {
      return new OfCredential(provider, rest.substring("credential=".length()));
    }
    if (rest.startsWith("model=")) {
      return new OfModel(provider, rest.substring("model=".length()));
    }
    throw new IllegalArgumentException("'" + text + "' is no hold key");
  }

  @Override
  default int compareTo(HoldKey other) {
    return Comparator.comparing(HoldKey::toString).compare(this, other);
  }
}
