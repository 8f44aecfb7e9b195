package dev.changeover.operator.watch;

import io.fabric8.kubernetes.client.informers.ResourceEventHandler;

/** Wakes somebody at each change of what is watched, whatever the change is. */
record Waker<T>(Runnable wake) implements ResourceEventHandler<T> {
  @Override
  public void onAdd(T added) {
    wake.run();
  }

  @Override
  public void onUpdate(T before, T now) {
    wake.run();
  }

  @Override
  public void onDelete(T deleted, boolean unknownFinalState) {
    wake.run();
  }
}
