# SPDX-License-Identifier: MIT
mmreport summary "$TRACES/clean.mmg" >/dev/null
