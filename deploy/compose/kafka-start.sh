#!/usr/bin/env bash
# Starts a node with the guarded configuration.
set -euo pipefail
umask 077

configuration=/tmp/server.properties
access=$(</etc/whimbrel/access.properties)
{
  cat /etc/whimbrel/node.properties
  printf '%s\n' "${access//@KAFKA_ADMIN_PASSWORD@/"$(</run/secrets/kafka-admin)"}"
} >"$configuration"
/opt/kafka/bin/kafka-storage.sh format --ignore-formatted --config "$configuration" \
  --cluster-id whimbrelWhimbrelWhimbA
exec /opt/kafka/bin/kafka-server-start.sh "$configuration"
