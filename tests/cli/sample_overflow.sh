# SPDX-License-Identifier: MIT
mmguard "$SAMPLES/overflow"
