# Finds Java for the scripts beside this file.

if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ]; then
  java=$JAVA_HOME/bin/java
else
  java=java
fi

small_jvm="-Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto"

# A terminal takes lines that are written over.
if [ -t 1 ]; then small_jvm="$small_jvm -Dwhimbrel.terminal=true"; fi

# Ends the script with one line if there is no JDK, or one that is too old.
require_jdk() {
  local name=${0##*/} version
  if ! command -v "$java" >/dev/null; then
    echo "deploy/local/$name: no java on the PATH; a JDK 17 or later is needed" >&2
    exit 1
  fi
  version=$("$java" -version 2>&1 | sed -n 's/.* version "\(1\.\)\{0,1\}\([0-9]*\).*/\2/p' | head -1)
  if [ "${version:-0}" -lt 17 ]; then
    echo "deploy/local/$name: Java ${version:-?} is too old; a JDK 17 or later is needed" >&2
    exit 1
  fi
  if [ "$java" = java ] && ! command -v javac >/dev/null; then
    echo "deploy/local/$name: there is a Java runtime but no JDK; a JDK 17 or later is needed" >&2
    exit 1
  fi
}
