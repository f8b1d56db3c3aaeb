package io.whimbrel.validation.check;

/** Holds up those who are about to read, as long as the target is under pressure. */
final class Brake {
  private boolean on;

  synchronized void set(boolean pressure) {
    on = pressure;
    notifyAll();
  }

  synchronized boolean isOn() {
    return on;
  }

  synchronized void await() throws InterruptedException {
    while (on) {
      wait();
    }
  }
}
