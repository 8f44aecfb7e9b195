package dev.changeover.operator.publish;

/** Who counts writes to the API server. */
@FunctionalInterface
public interface WriteListener {
  /** What became of a write. */
  enum Result {
    DONE("done"),
    CONFLICT("conflict"),
    FAILED("failed");

    private final String word;

    Result(String word) {
      this.word = word;
    }

    /** The value of the metric's label. */
    public String word() {
      return word;
    }
  }

  void wrote(Result result);
}
