# SPDX-License-Identifier: MIT
mmguard "$SAMPLES/use_after_free"
