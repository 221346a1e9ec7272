# SPDX-License-Identifier: MIT
mmguard "$SAMPLES/leak_tree"
