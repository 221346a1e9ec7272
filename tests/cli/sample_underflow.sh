# SPDX-License-Identifier: MIT
mmguard "$SAMPLES/underflow"
