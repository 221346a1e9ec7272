# SPDX-License-Identifier: MIT
mmguard "$SAMPLES/leak_thread"
