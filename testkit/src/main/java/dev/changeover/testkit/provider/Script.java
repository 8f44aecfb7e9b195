package dev.changeover.testkit.provider;

/** Decides how the provider behaves towards each request. */
@FunctionalInterface
public interface Script {
  Behaviour behave(Call call);

  /** Behaves the same towards every request. */
  static Script always(Behaviour behaviour) {
    return _ -> behaviour;
  }
}
