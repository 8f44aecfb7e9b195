package dev.changeover.local.demo;

import java.io.PrintStream;
import java.util.concurrent.locks.ReentrantLock;

/** Lines and blocks of lines on one output, none inside another. */
final class Screen {
  private final PrintStream out;
  private final ReentrantLock printing = new ReentrantLock();

  Screen(PrintStream out) {
    this.out = out;
  }

  void line(String text) {
    print(text + "\n");
  }

  /** A block between blank lines, under its title. */
  void block(String title, String text) {
    print("\n" + title + "\n" + text.stripTrailing().indent(2) + "\n");
  }

  private void print(String text) {
    printing.lock();
    try {
      out.print(text);
      out.flush();
    } finally {
      printing.unlock();
    }
  }
}
