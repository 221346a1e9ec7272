# SPDX-License-Identifier: MIT
mmguard "$SAMPLES/mismatched_free"
