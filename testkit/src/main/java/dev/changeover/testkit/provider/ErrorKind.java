package dev.changeover.testkit.provider;

/** What an error inside a 200 says; each dialect has its own words for it. */
public enum ErrorKind {
  OVERLOADED,
  SERVER_ERROR,
  RATE_LIMITED,
  QUOTA_EXHAUSTED,
  ACCOUNT_DISABLED
}
