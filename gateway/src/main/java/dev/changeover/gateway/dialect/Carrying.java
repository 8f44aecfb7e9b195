package dev.changeover.gateway.dialect;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A request in the neutral model, or the first thing in it that the model cannot carry. */
sealed interface Carrying {
  record Carried(ChatRequest request, List<String> adjustments) implements Carrying {
    public Carried {
      adjustments = List.copyOf(adjustments);
    }
  }

  record NotCarried(String reason) implements Carrying {}

  /** What is noticed while a request is being read; lives as long as that reading. */
  final class Notes {
    private final List<String> adjustments = new ArrayList<>();
    private Optional<String> refusal = Optional.empty();

    /** Something harmless that the other dialect has no place for. */
    void leftOut(String field) {
      adjust(field + ": left out");
    }

    void adjust(String phrase) {
      if (!adjustments.contains(phrase)) {
        adjustments.add(phrase);
      }
    }

    /** Something whose loss would change what the caller gets. */
    void refuse(String reason) {
      refusal = refusal.or(() -> Optional.of(reason));
    }

    void refuseUnless(boolean harmless, String reason) {
      if (!harmless) {
        refuse(reason);
      }
    }

    Carrying settle(ChatRequest request) {
      return refusal.<Carrying>map(NotCarried::new).orElseGet(() -> carried(request));
    }

    private Carrying carried(ChatRequest request) {
      return new Carried(request, adjustments);
    }
  }
}
