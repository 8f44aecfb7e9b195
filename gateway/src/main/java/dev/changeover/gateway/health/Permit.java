package dev.changeover.gateway.health;

import dev.changeover.contract.KeyRef;
import dev.changeover.contract.ProviderConfig;
import dev.changeover.gateway.classify.Outcome.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The right to one attempt. It is given back once, as succeeded, failed or ignored; what comes
 * after the first changes nothing, so that a reply and a cancellation may race.
 */
public final class Permit {
  /**
   * The call that a permit is for.
   *
   * @param begun the ledger's version at its beginning
   */
  record Call(
      long id,
      ProviderConfig provider,
      Optional<KeyRef> key,
      String model,
      PermitKind kind,
      Instant since,
      long begun) {}

  private final HealthBoard board;
  private final Call call;
  private final AtomicBoolean returned = new AtomicBoolean();

  Permit(HealthBoard board, Call call) {
    this.board = board;
    this.call = call;
  }

  public PermitKind kind() {
    return call.kind();
  }

  /** The first content has come: what that disproves is lifted; the permit is still out. */
  public void answering() {
    if (!returned.get()) {
      board.answering(call);
    }
  }

  /**
   * The answer is complete.
   *
   * @param firstToken from sending the request to first content, or to the answer if not streamed
   */
  public void succeeded(Duration firstToken) {
    if (returned.compareAndSet(false, true)) {
      board.succeeded(call, firstToken);
    }
  }

  /** There is no usable answer; a caller's fault counts as ignored. */
  public void failed(Failure failure) {
    if (returned.compareAndSet(false, true)) {
      board.failed(call, failure);
    }
  }

  /** The attempt says nothing about the provider: the caller left, or was at fault. */
  public void ignored() {
    if (returned.compareAndSet(false, true)) {
      board.ignored(call);
    }
  }
}
