#!/usr/bin/env bash
# Brings topics, passwords and rights to the broker, with the secrets as files named by principal.
set -euo pipefail
umask 077

passwords=$(mktemp -d)
for name in api-gateway migration-executor validation-service monitoring-service; do
  cp "/run/secrets/kafka-$name" "$passwords/$name"
done
cat >"$passwords/.admin.properties" <<TEXT
bootstrap.servers=kafka:9092
security.protocol=SASL_PLAINTEXT
sasl.mechanism=PLAIN
sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="kafka" password="$(cat /run/secrets/kafka-admin)";
TEXT
exec java -Xmx128m -cp '/app/local-stack.jar:/app/lib/*' \
  -Dorg.slf4j.simpleLogger.defaultLogLevel=error io.whimbrel.local.KafkaSetupMain \
  /app local "$passwords/.admin.properties" "$passwords"
