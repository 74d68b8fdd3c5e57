#!/bin/sh
# Brings both databases of Temporal to the schema of the server beside it. Safe to repeat: a database
# that exists stays, a schema that is newer than 0.0 is only updated.
set -eu
for name in temporal:temporal temporal_visibility:visibility; do
  database=${name%:*}
  schema=/etc/temporal/schema/postgresql/v12/${name#*:}/versioned
  temporal-sql-tool --db "$database" create
  temporal-sql-tool --db "$database" setup-schema -v 0.0
  temporal-sql-tool --db "$database" update-schema -d "$schema"
done
