# SPDX-License-Identifier: MIT
mmguard "$SAMPLES/leak_cycle"
