# SPDX-License-Identifier: MIT
mmguard "$SAMPLES/demo"
