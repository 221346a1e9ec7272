# SPDX-License-Identifier: MIT
mmreport errors - <"$TRACES/overflow.mmg"
