# SPDX-License-Identifier: MIT
mmguard "$SAMPLES/double_free"
