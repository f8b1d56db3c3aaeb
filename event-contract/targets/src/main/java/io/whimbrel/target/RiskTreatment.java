package io.whimbrel.target;

import java.util.Locale;

/** What becomes of a run with a certain risk. */
public enum RiskTreatment {
  /** It is told and holds up nothing. */
  WARN,
  /** It is refused, unless the request names the risk and so accepts it. */
  REFUSE,
  /** It is refused, unless the request names the risk and a super-admin is who asks. */
  SUPERADMIN;

  /** As the targets file has it. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
